"""Later imports change nothing about a bill: the facts of its own time were imported with it."""

import csv
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from wss.db import reading
from wss.domain.billed import EffectiveBill, FactSource, facts_of
from wss.domain.extracts import EXTRACTS
from wss.domain.proration import Proration
from wss.models import Bill
from wss.queries.effective_bills import connection_of, effective_bills
from wss.queries.reference import reference
from wss.services.reference.imports import ImportOrder, import_extract
from wss.services.revisions.calculation import first_draft
from wss.services.revisions.revision_draft import RevisionDraft

FOLDER = Path(__file__).parents[2] / "extracts"


@pytest.fixture
def extracts(database: object, tmp_path: Path) -> Path:
    """Import all extracts and return the temporary folder with them."""
    folder = Path(shutil.copytree(FOLDER, tmp_path / "extracts"))
    for table in EXTRACTS:
        assert import_extract(ImportOrder(table, folder / f"{table}.csv")).written
    return folder


def take_in_with(folder: Path, table: str, **cells: str) -> None:
    """Import every row again, with other cells in some columns."""
    path = folder / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        listed = [row | cells for row in csv.DictReader(file)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, listed[0])
        writer.writeheader()
        writer.writerows(listed)
    assert import_extract(ImportOrder(table, path)).written


def a_bill_of(account_no: str) -> EffectiveBill:
    with reading() as session:
        number = session.execute(
            select(Bill.bill_no).where(Bill.account_no == account_no).limit(1)
        ).scalar_one()
        return effective_bills(account_no, [number])[0]


def drafts_of_twenty() -> list[RevisionDraft]:
    """Return new revision drafts for the bills of twenty connections."""
    with reading() as session:
        accounts = sorted(set(session.execute(select(Bill.account_no)).scalars()))[:20]
        of = select(Bill.bill_no, Bill.account_no).order_by(Bill.bill_no)
        bills = session.execute(of).all()
        return [
            first_draft(connection_of(one), [bill.bill_no for bill in bills if bill.account_no == one][:10])
            for one in accounts
        ]


def test_left_alone_every_bill_stays_as_issued_after_every_connection_has_changed(extracts: Path):
    before = drafts_of_twenty()
    facts = {"multiplying_factor": "20", "sanctioned_load_kw": "9", "category": "LMV-2", "meter_no": "NEW1"}

    take_in_with(extracts, "connections", **facts)

    after = drafts_of_twenty()
    assert [[sheet.revised for sheet in draft.sheets] for draft in after] == [
        [sheet.revised for sheet in draft.sheets] for draft in before
    ]
    assert sum(draft.is_same for draft in after) == 20


def test_a_bill_may_bring_its_own_facts(extracts: Path):
    facts = {
        "multiplying_factor": "2.5",
        "load_kw": "3",
        "category": "LMV-2",
        "meter_no": "OLD1",
        "surcharge": "1.50",
    }
    take_in_with(extracts, "bills", **facts)

    bill = a_bill_of("1004283671")
    with reading():
        found = facts_of(bill, reference().rates)

    assert (found.multiplying_factor_milli, found.load_w, found.category) == (2500, 3000, "LMV-2")
    assert (found.meter_no, bill.surcharge_paise) == ("OLD1", 150)
    assert set(found.sources.values()) == {FactSource.EXTRACT}


def test_a_file_without_the_columns_leaves_the_bills_facts_alone(extracts: Path):
    before = (extracts / "bills.csv").read_text(encoding="utf-8")
    take_in_with(extracts, "bills", load_kw="3")
    (extracts / "bills.csv").write_text(before, encoding="utf-8")

    take_in_with(extracts, "bills")

    assert a_bill_of("1004283671").load_w == 3000


def test_a_tariff_says_how_parts_of_months_count(extracts: Path):
    take_in_with(extracts, "tariff", proration="days_30")

    with reading():
        assert {rate.proration for rate in reference().rates} == {Proration.DAYS_30}
