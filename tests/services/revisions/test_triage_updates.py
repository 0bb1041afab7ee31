"""The facts by which officers sort are computed after everything that they follow from, by the worker."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.factories import Household, a_bill, given, update_rows
from tests.fixtures.bill_revision import approve, proposed
from tests.fixtures.complaint_handling import NUMBER, consumer_of, the_request
from wss.db import transaction
from wss.domain.lifecycle import Action
from wss.domain.uploads import ReadyDocument, ScanState
from wss.models import Bill, ServiceRequest
from wss.queries.stored_triage import claim_due, mark_account_due, mark_all_due
from wss.services.requests.actions import take_action
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions import triage_updates
from wss.services.revisions.triage_updates import update_triage


def facts() -> tuple[Any, ...]:
    one = the_request()
    return one.dispute_reason, one.disputed_paise, one.photos, one.suggested_verdict, one.verdict_order


@pytest.fixture
def swapped(taken_up: Household) -> Household:
    """Provide a complaint about a bill of 9018 for 1098, after 100 units a month, and 1177 on the meter."""
    account_no = taken_up.connection.account_no
    july = {"period_from": date(2026, 7, 1), "period_to": date(2026, 7, 31), "bill_month": "2026-07"}
    given(a_bill("101000009999", account_no, previous_reading=700, current_reading=800, **july))
    update_rows(
        Bill,
        Bill.bill_no == taken_up.bill_no,
        previous_reading=1000,
        current_reading=9018,
        units=8018,
    )
    update_rows(
        ServiceRequest,
        ServiceRequest.complaint_no == NUMBER,
        fields={**the_request().fields, "reading_kwh": 1177},
        triage_due=True,
    )
    return taken_up


def test_a_new_request_gets_reason_amount_use_and_verdict(swapped: Household):
    assert update_triage() == 1

    assert facts() == ("wrong_reading", 5509_35, 0, "digits_swapped", 0)
    assert the_request().usual_tenths == 802
    assert (the_request().triage_due, update_triage()) == (False, 0)


def test_a_new_photo_is_counted_and_a_paper_is_not(swapped: Household):
    update_triage()
    sent = [
        ReadyDocument(f"{number:032}", name, kind, 10, name, ScanState.NOT_SCANNED)
        for number, (name, kind) in enumerate([("a.jpg", "image/jpeg"), ("b.pdf", "application/pdf")])
    ]

    take_action(consumer_of(swapped), NUMBER, ActionRequest(Action.ADD_DOCUMENT, documents=sent))
    update_triage()

    assert the_request().photos == 1


def test_after_a_revision_the_amount_is_that_of_the_revised_bill(taken_up: Household):
    proposed(taken_up)
    approve()

    update_triage()

    assert the_request().disputed_paise == 1462_65


def test_a_change_while_facts_are_computed_marks_the_request_again(swapped: Household):
    with transaction():
        assert claim_due(the_request().id)
        mark_account_due(swapped.account_no)

    assert the_request().triage_due


def test_a_new_tariff_marks_what_has_a_verdict(swapped: Household):
    update_triage()

    with transaction():
        mark_all_due()

    assert the_request().triage_due


def test_a_request_whose_data_cannot_be_computed_does_not_delay_the_others(
    swapped: Household, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fails(_evidence: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(triage_updates, "suggest", fails)

    assert (update_triage(), update_triage()) == (1, 0)
    assert facts() == ("", 0, 0, "", 6)
    assert "could not be computed" in caplog.text


def test_facts_that_a_busy_database_keeps_from_being_computed_stay_due(
    swapped: Household, monkeypatch: pytest.MonkeyPatch
):
    def is_locked(_evidence: Any) -> None:
        raise OperationalError("", {}, RuntimeError())

    monkeypatch.setattr(triage_updates, "suggest", is_locked)

    with pytest.raises(OperationalError):
        update_triage()
    assert the_request().triage_due
