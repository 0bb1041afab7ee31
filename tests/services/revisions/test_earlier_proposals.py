"""Proposals without stored inputs are approved unchanged if their figures agree."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household
from tests.fixtures.bill_revision import approve
from tests.fixtures.complaint_handling import rows, the_request
from wss.db import Database, transaction
from wss.domain.errors import Forbidden
from wss.domain.revision import figures_hash
from wss.models import Bill, Revision
from wss.queries.effective_bills import effective_bills
from wss.queries.revisions import bills_of_revision
from wss.schema import downgrade, upgrade

# The stored hash of the proposal of `proposed_earlier`.
HASH = "d7fe109413b4952ca2336865c2fa098d21f1a535f3a7f1088a9e238b6a98105f"


def proposed_earlier(database: Database, household: Household, **wishes: Any) -> None:
    """Insert a proposal into the tables of revision 0015 and migrate it to today's."""
    request_id = the_request().id
    downgrade(database, "0015")
    revision = {
        "id": 1, "service_request_id": request_id, "account_no": household.account_no,
        "office_code": household.connection.subdivision_code, "reason": "wrong_reading", "note": "As on the photo.",
        "state": "proposed", "issued_paise": 5509_35, "revised_paise": 1462_65, "figures_hash": HASH,
        "proposed_by": "C1", "proposed_at": "2026-11-24 10:00:00+00:00", "remark": "", "version": 1,
    }  # fmt: skip
    bill = {
        "revision_id": 1, "position": 0, "bill_no": household.bill_no, "previous_reading": 16880,
        "current_reading": 17088, "basis": "MU", "load_w": 2000, "category": "LMV-1U", "units": 208,
        "fixed_charge_paise": 220_00, "energy_charge_paise": 1173_00, "electricity_duty_paise": 69_65,
        "other_charge_paise": 0, "arrears_paise": 0, "amount_paise": 1462_65, "is_open": True,
    }  # fmt: skip
    proposed = "UPDATE service_request SET status = 'proposed', resolution = 'revised', proposed_by = 'C1'"
    with transaction() as session:
        for table, row in (("revision", revision), ("revised_bill", bill | wishes)):
            names = ", ".join(row)
            session.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(row)})"), row)
        session.execute(sa.text(proposed))
    upgrade(database)


def test_it_can_still_be_approved(taken_up: Household, database: Database):
    proposed_earlier(database, taken_up)

    approve()

    assert [bill.amount_paise for bill in rows(Bill) if bill.revises] == [1462_65]


def test_one_whose_reading_did_not_count_is_not_approved(taken_up: Household, database: Database):
    proposed_earlier(database, taken_up, basis="PROV")
    with transaction() as session:
        bills = {bill.bill_no: bill for bill in effective_bills(taken_up.account_no, [taken_up.bill_no])}
        figures = figures_hash(bills, [one.revised for one in bills_of_revision(1)])
        session.execute(sa.update(Revision).values(figures_hash=figures))

    with pytest.raises(Forbidden, match="figures_disagree"):
        approve()

    assert the_request().status == "proposed"
