"""The figures of a revision: consistent readings, basis and units, and the sum that was shown."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests.factories import Household
from tests.fixtures.bill_revision import (
    EE,
    a_revision_request,
    approve,
    change,
    proposed,
    revised_bill,
    seen_request,
    typed,
)
from tests.fixtures.complaint_handling import CLERK, NUMBER, the_request
from wss.db import reading, transaction
from wss.models import Bill, RevisedBill
from wss.queries.effective_bills import connection_of
from wss.services.revisions.calculation import RevisionRequest
from wss.services.revisions.for_request import begin_with, preview, propose


@pytest.mark.parametrize("change", [{"units": 209}, {"basis": "PROV"}, {"multiplying_factor_milli": 2000}])
def test_the_database_itself_refuses_units_that_are_not_of_the_readings(taken_up: Household, change: dict):
    proposed(taken_up)

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(sa.update(RevisedBill).values(change))


def test_a_reading_typed_on_a_provisional_bill_is_proposed_as_a_metered_one(taken_up: Household):
    change(Bill, taken_up.bill_no, bill_basis="PROV", current_reading=16880)

    proposed(taken_up, basis="PROV", current_reading="16935")
    approve()

    assert (revised_bill().bill_basis, revised_bill().units) == ("MU", 55)


def test_ten_times_the_usual_is_asked_about(taken_up: Household):
    draft = propose(CLERK, NUMBER, a_revision_request(taken_up, current_reading="18880"))

    assert draft.wrong == {"sure-0": "ten_times_usual"}
    assert proposed(taken_up, current_reading="18880", sure="1").revised[0].units == 2000


def test_a_sum_that_was_not_shown_is_not_proposed(taken_up: Household):
    form = replace(a_revision_request(taken_up), shown_amount="5509.35")

    draft = propose(CLERK, NUMBER, form)

    assert (draft.wrong, draft.shown_paise, draft.revised_paise) == (
        {"figures": "sum_differs"},
        5509_35,
        1462_65,
    )
    assert propose(CLERK, NUMBER, replace(form, shown_amount="1462.65")).is_faultless


def test_a_later_bill_that_starts_from_a_corrected_reading_is_revised_along(taken_up: Household):
    september, october = taken_up.bills[1].bill_no, taken_up.bill_no
    change(Bill, september, current_reading=16880)
    first = typed(taken_up, bill_no=september, previous_reading="900", current_reading="16900", sure="1")
    form = RevisionRequest([first], "wrong_reading", "Misread.", the_request().version)

    with reading():
        alone, along = preview(seen_request(), form), preview(seen_request(), replace(form, later_bills=True))

    assert [bill.bill_no for bill in alone.later] == [october]
    assert [(sheet.bill.bill_no, sheet.typed["previous_reading"]) for sheet in along.sheets] == [
        (september, "900"),
        (october, "16900"),
    ]
    assert [one.units for one in along.revised] == [16000, 788]


def test_a_rollover_that_was_approved_is_there_when_the_bill_is_revised_again(taken_up: Household):
    proposed(taken_up, current_reading="100", register_digits="5", sure="1")
    approve(EE)
    number = revised_bill().bill_no

    with reading():
        (sheet,) = begin_with(connection_of(taken_up.account_no), [number]).sheets

    assert (sheet.revised and sheet.revised.units, sheet.issued.register_digits) == (100_000 - 16880 + 100, 5)
