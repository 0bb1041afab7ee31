"""Submission of a request: one form, one complaint, also after a lost connection."""

from datetime import date
from typing import Any

import pytest

from tests.factories import Household, a_consumer, a_household, bill_correction, execute, given
from tests.fixtures.complaint_handling import consumer_of, rows
from tests.fixtures.threads import call_at_once
from wss.domain.actor import Actor, Role
from wss.domain.errors import NotFound, Outdated
from wss.domain.identifiers import complaint_no as checked
from wss.models import AuditEntry, DisputedBill, Draft, Event, Message, ServiceRequest, Staff
from wss.services.requests.creation import BillTaken
from wss.services.requests.form_drafts import DraftIncomplete, FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft


@pytest.fixture
def household(database: Any) -> Household:
    """Provide a registered household and the catalogue's bill correction."""
    given(*bill_correction())
    return a_household()


def filled(household: Household, token: str | None = None, **answers: Any) -> FilledForm:
    whole = {"bill_no": [household.bill_no], "reason": "wrong_reading", "reading_kwh": 1050, **answers}
    return FilledForm(token or new_form_token(), "BILL_CORRECTION", {}, whole)


def a_draft(household: Household, **answers: Any) -> str:
    return save_draft(consumer_of(household), household.account_no, filled(household, **answers)).form_token


def test_a_request_gets_its_number_event_message_and_audit_row(household: Household):
    number = register_draft(consumer_of(household), a_draft(household))

    [request], [event], [message] = rows(ServiceRequest), rows(Event), rows(Message)
    assert (number, request.complaint_no, checked(number)) == ("10000000016",) * 3
    assert (event.service_request_id, event.number, event.action) == (request.id, 1, "register")
    assert (message.notice, message.service_request_id, message.event_number) == (
        "request_registered",
        request.id,
        1,
    )
    assert [(entry.deed, entry.subject) for entry in rows(AuditEntry)] == [
        ("register", "request:10000000016")
    ]


def test_pressing_twice_gives_the_same_complaint(household: Household):
    token = a_draft(household)

    numbers = {register_draft(consumer_of(household), token) for _ in range(2)}

    assert numbers == {"10000000016"}
    assert len(rows(ServiceRequest)) == len(rows(Event)) == len(rows(Message)) == 1


def test_many_at_once_get_one_complaint(household: Household):
    token = a_draft(household)

    numbers = call_at_once(lambda _: register_draft(consumer_of(household), token), range(16))

    assert set(numbers) == {"10000000016"}
    assert len(rows(ServiceRequest)) == len(rows(Event)) == len(rows(Message)) == len(rows(DisputedBill)) == 1


def test_going_back_to_a_registered_form_leads_to_its_complaint(household: Household):
    token = a_draft(household)
    number = register_draft(consumer_of(household), token)

    again = save_draft(consumer_of(household), household.account_no, filled(household, token, reading_kwh=1))

    assert again.complaint_no == number


def test_a_bill_in_an_open_request_cannot_be_disputed_again(household: Household):
    register_draft(consumer_of(household), a_draft(household))
    token = a_draft(household)

    with pytest.raises(BillTaken):
        register_draft(consumer_of(household), token)

    assert len(rows(ServiceRequest)) == 1
    assert [draft.lodged_at for draft in rows(Draft) if draft.form_token == token] == [None]


def test_two_forms_about_one_bill_at_once_become_one_complaint(household: Household):
    def press(token: str) -> str | None:
        try:
            return register_draft(consumer_of(household), token)
        except BillTaken:
            return None

    numbers = call_at_once(press, [a_draft(household) for _ in range(8)])

    assert 8 - numbers.count(None) == len(rows(ServiceRequest)) == 1


@pytest.mark.parametrize(
    "is_checked", [False, True], ids=["not finished", "from before a field was required"]
)
def test_an_incomplete_draft_cannot_be_registered(household: Household, is_checked: bool):
    answers = {"bill_no": [household.bill_no]} if is_checked else None
    incomplete = FilledForm(new_form_token(), "BILL_CORRECTION", {}, answers)
    token = save_draft(consumer_of(household), household.account_no, incomplete).form_token

    with pytest.raises(DraftIncomplete):
        register_draft(consumer_of(household), token)


def test_another_consumers_draft_does_not_exist(household: Household):
    stranger = given(a_consumer())
    token = a_draft(household)

    with pytest.raises(NotFound):
        register_draft(Actor(Role.CONSUMER, str(stranger.id)), token)


def test_a_former_owner_cannot_register_a_draft(household: Household, frozen_clock: Any):
    token = a_draft(household)
    execute("UPDATE ownership SET ended_at = :at", at=frozen_clock.now)

    with pytest.raises(NotFound):
        register_draft(consumer_of(household), token)


def test_a_draft_ends_after_thirty_days(household: Household, frozen_clock: Any):
    token = a_draft(household)
    frozen_clock.advance(days=31)

    with pytest.raises(Outdated):
        register_draft(consumer_of(household), token)


def test_a_bill_of_another_connection_cannot_be_disputed(household: Household):
    other = a_household("7950761939")

    with pytest.raises(NotFound):
        save_draft(consumer_of(household), household.account_no, filled(household, bill_no=[other.bill_no]))


def test_the_promise_counts_working_days(household: Household, frozen_clock: Any):
    register_draft(consumer_of(household), a_draft(household))

    assert rows(ServiceRequest)[0].promised_on == date(2026, 12, 2)


def test_the_timeline_says_when_another_post_takes_it(household: Household):
    given(Staff(employee_id="E1", name="A", role="sdo", office_code=household.connection.subdivision_code))

    register_draft(consumer_of(household), a_draft(household))

    assert rows(ServiceRequest)[0].holder_role == "sdo"
    assert rows(Event)[0].details["instead_of"] == "billing_clerk"


def test_the_sms_goes_to_the_mobile_on_record_when_none_is_verified(household: Household):
    execute("UPDATE consumer SET mobile = NULL")

    register_draft(consumer_of(household), a_draft(household))

    assert [message.recipient for message in rows(Message)] == [household.connection.mobile_on_record]


def test_an_email_goes_out_only_when_wanted(household: Household):
    execute("UPDATE consumer SET email = 'a@example.in', email_alerts = true, email_verified_at = created_at")

    register_draft(consumer_of(household), a_draft(household))

    assert sorted(message.channel for message in rows(Message)) == ["email", "sms"]


def test_a_consumer_keeps_only_the_newest_twenty_drafts(household: Household):
    tokens = [a_draft(household) for _ in range(23)]

    kept = {draft.form_token for draft in rows(Draft)}

    assert kept == set(tokens[3:])
