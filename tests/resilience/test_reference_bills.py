"""Bills compared with a calculator that shares nothing with the product: as issued, and with the right reading.

`make test` takes 5,000 bills, `make soak` a million; before and after an extract that changes load, category,
factor and meter of every connection.
"""

import csv
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.fixtures.reference_bills import (
    BILLS_EACH,
    CATEGORIES,
    ReferenceBill,
    ReferenceConnection,
    Supply,
    TariffRow,
    corrected,
    make_connections,
    make_tariff,
)
from tests.project.tree import none_of
from wss.db import database as bound_database
from wss.db import reading
from wss.domain.billed import as_issued
from wss.domain.calculation import TariffBasis
from wss.domain.revision import Revised, revise, with_reading_basis
from wss.domain.revision_input import initial_values, parse_input
from wss.queries.effective_bills import connection_of, effective_bills
from wss.queries.reference import reference
from wss.services.reference.imports import ImportOrder, import_extract
from wss.services.revisions.calculation import calculate_draft, first_draft
from wss.services.revisions.revision_draft import RevisionRequest

BILLS = 1_000_000 if os.environ.get("WSS_SOAK") else 3_000
# PostgreSQL gets a tenth: only the storage of the facts depends on the database.
SHARE = {"sqlite": 1, "postgresql": 10}
# So many connections are computed by the functions directly for each one that uses the form.
FORM_EVERY = 50
Figures = tuple[int, int]
SEED = int(os.environ.get("WSS_SEED", "11"))
OFFICES = Path(__file__).parents[1] / "extracts" / "offices.csv"
CONNECTION = (
    "account_no,network,subdivision_code,consumer_name,address,pincode,mobile,email,category,"
    "sanctioned_load_kw,billing_unit,meter_no,multiplying_factor,status,connected_on"
)
BILL = (
    "bill_no,sbm_bill_no,account_no,bill_month,period_from,period_to,previous_reading,current_reading,units,"
    "bill_basis,issue_date,due_date,fixed_charge,energy_charge,electricity_duty,other_charge,surcharge,arrears,"
    "amount,paid_amount,paid_on,multiplying_factor,load_kw,category,meter_no"
)
TARIFF = "category,effective_from,component,slab_from,slab_to,rate_paise,unit,source_note,proration"
AFTERWARDS = Supply("RF-1", 33_000, 7_000, "NEW")


def take_in(table: str, file: Path) -> None:
    outcome = import_extract(ImportOrder(table, file))
    assert outcome.written and not outcome.refused, (table, outcome.refusals[:3])


def write(file: Path, header: str, rows: Iterator[Sequence[object]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return file


def rupees(paise: int) -> str:
    return f"{'-' * (paise < 0)}{abs(paise) // 100}.{abs(paise) % 100:02d}"


def connection_cells(one: ReferenceConnection, supply: Supply) -> list[object]:
    head = [one.account_no, "urban", "DVVNL-Z01-C1-D1-S1", "Reference", "1 Street", "282001", "", ""]
    facts = [supply.category, supply.load_w / 1000, "kWh", supply.meter_no, supply.factor_milli / 1000]
    return [*head, *facts, "active", "2015-01-01"]


def bill_cells(account_no: str, bill: ReferenceBill) -> list[object]:
    other, surcharge, arrears = map(rupees, bill.others)
    own = bill.supply
    facts: list[object] = [own.factor_milli / 1000, own.load_w / 1000, own.category, own.meter_no]
    days = [bill.last.isoformat()[:7], bill.first, bill.last]
    figures = [bill.previous, bill.current, bill.units, bill.basis, bill.issued, bill.issued]
    money = [*map(rupees, bill.charges), other, surcharge, arrears, rupees(bill.amount)]
    return [
        bill.bill_no,
        "",
        account_no,
        *days,
        *figures,
        *money,
        "",
        "",
        *(facts if bill.has_columns else [""] * 4),
    ]


@pytest.fixture(scope="module")
def tariff() -> list[TariffRow]:
    return make_tariff(random.Random(SEED))


@pytest.fixture
def connections(database, tmp_path: Path, tariff: list[TariffRow]) -> list[ReferenceConnection]:
    bills = BILLS // SHARE["sqlite" if bound_database().is_sqlite else "postgresql"]
    made = list(make_connections(random.Random(SEED + 1), tariff, -(-bills // BILLS_EACH)))
    take_in("offices", OFFICES)
    take_in("tariff", write(tmp_path / "tariff.csv", TARIFF, (row.cells() for row in tariff)))
    rows = (connection_cells(one, one.supply) for one in made)
    take_in("connections", write(tmp_path / "connections.csv", CONNECTION, rows))
    cells = (bill_cells(one.account_no, bill) for one in made for bill in one.bills)
    take_in("bills", write(tmp_path / "bills.csv", BILL, cells))
    return made


def faults(tariff: Sequence[TariffRow], connections: Sequence[ReferenceConnection]) -> Iterator[str]:
    """Yield the bills that a revision would change without any input, or would correct wrongly."""
    for place, one in enumerate(connections):
        with reading():
            computed = list(by_form(one) if place % FORM_EVERY == 0 else by_rule(one))
        for bill, (untouched, right) in zip(one.bills, computed, strict=True):
            if untouched != (bill.units, bill.amount):
                yield f"{bill}: unchanged, yet {untouched}"
            expected = corrected(tariff, bill) if bill.right != bill.current else (bill.units, bill.amount)
            if right != expected:
                yield f"{bill}: {expected} expected, {right} computed"


def by_rule(one: ReferenceConnection) -> Iterator[tuple[Figures, Figures]]:
    """Yield expected and actual units and amount of each bill, unchanged and with the right reading entered."""
    ground = TariffBasis(reference().rates)
    found = {
        bill.bill_no: bill for bill in effective_bills(one.account_no, [bill.bill_no for bill in one.bills])
    }
    for bill in one.bills:
        billed = found[bill.bill_no]
        issued = as_issued(billed, ground.rates)
        put, _ = parse_input(initial_values(issued) | right_reading(bill), CATEGORIES, issued)
        assert put is not None
        right = revise(billed, with_reading_basis(billed, put, issued), ground)
        yield figures(revise(billed, issued, ground)), figures(right)


def by_form(one: ReferenceConnection) -> Iterator[tuple[Figures, Figures]]:
    """Yield the same, through the office's form."""
    supplied = connection_of(one.account_no)
    untouched = first_draft(supplied, [bill.bill_no for bill in one.bills]).sheets
    typed = [
        initial_values(sheet.issued) | {"bill_no": bill.bill_no} | right_reading(bill)
        for bill, sheet in zip(one.bills, untouched, strict=True)
    ]
    pairs = zip(untouched, calculate_draft(supplied, RevisionRequest(typed)).sheets, strict=True)
    return ((figures(before.revised), figures(after.revised)) for before, after in pairs)


def figures(revised: Revised | None) -> Figures:
    assert revised is not None
    return revised.units, revised.amount_paise


def right_reading(bill: ReferenceBill) -> dict[str, str]:
    if bill.right == bill.current:
        return {}
    digits = str(bill.digits) if bill.right < bill.previous else ""
    return {"current_reading": str(bill.right), "register_digits": digits}


def test_bills_agree_with_the_reference_before_and_after_every_connection_has_changed(
    connections: list[ReferenceConnection], tariff: list[TariffRow], tmp_path: Path
):
    none_of(list(faults(tariff, connections))[:5])

    rows = (connection_cells(one, AFTERWARDS) for one in connections)
    take_in("connections", write(tmp_path / "later.csv", CONNECTION, rows))

    none_of(list(faults(tariff, connections))[:5])
    print(f"{sum(len(one.bills) for one in connections):,} bills, twice")
