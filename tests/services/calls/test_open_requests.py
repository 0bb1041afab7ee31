"""Calls about an open request: its status without a code, a reminder, the answer to a question."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import ACCOUNT_NO_RURAL, MOBILE, Household, a_household, given
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import NUMBER, ask, resolve, the_request
from tests.fixtures.helpdesk_calls import HELPDESK, audited_actions, helpdesk_staff, opened, verified
from tests.fixtures.registration import messages, rows
from wss.db import reading
from wss.domain.errors import Forbidden, NotFound
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.domain.visitor import Visitor
from wss.models import Event
from wss.queries.call_requests import questions_asked, reminders_of
from wss.queries.tracking import tracked_by_id
from wss.services.calls.call_records import open_call_without_number
from wss.services.calls.caller_links import LinkOutcome, send_documents_link
from wss.services.calls.open_requests import ReminderOutcome, answer_question, look_up_status_on_call, remind
from wss.services.requests.tracking import look_up

LAST4 = MOBILE[-4:]
WRONG4 = "0000"


@pytest.fixture
def waiting(complainant: Household) -> Household:
    """Provide a household whose complaint is open, and the help desk."""
    given(*helpdesk_staff())
    return complainant


def a_call() -> int:
    return open_call_without_number(HELPDESK, "status", "hi")


def events(action: str) -> list[Event]:
    return [one for one in rows(Event) if one.action == action]


def test_number_and_digits_show_what_the_website_shows_and_the_look_is_written_down(waiting: Household):
    found = look_up_status_on_call(HELPDESK, a_call(), NUMBER, LAST4).found

    with reading():
        assert found == tracked_by_id(the_request().id)
    assert ("H1", f"request:{NUMBER}") in audited_actions("view")


def test_a_wrong_number_and_wrong_digits_have_one_answer(waiting: Household):
    call_id = a_call()

    wrong_digits = look_up_status_on_call(HELPDESK, call_id, NUMBER, WRONG4)

    assert wrong_digits == look_up_status_on_call(HELPDESK, call_id, "20000000984", LAST4)
    assert (wrong_digits.found, audited_actions("view")) == (None, [])


def test_tries_count_together_with_those_of_the_website(waiting: Household, monkeypatch: Any):
    monkeypatch.setitem(ALLOWANCES, Limit.TRACK_ALL, Allowance(5, timedelta(days=1)))
    call_id = a_call()
    for _ in range(3):
        look_up_status_on_call(HELPDESK, call_id, NUMBER, WRONG4)
    for number in range(2):
        look_up(Visitor("a browser", f"203.0.113.{number}", "hi"), NUMBER, WRONG4)

    assert look_up_status_on_call(HELPDESK, call_id, NUMBER, LAST4).retry_after > 0
    assert look_up(Visitor("a browser", "203.0.113.9", "hi"), NUMBER, LAST4).retry_after > 0


def test_a_reminder_counts_once_a_day_and_moves_nothing(waiting: Household, frozen_clock: FrozenClock):
    before = the_request()
    call_id = verified(waiting)

    assert remind(HELPDESK, call_id, NUMBER).outcome is ReminderOutcome.COUNTED
    assert remind(HELPDESK, call_id, NUMBER).outcome is ReminderOutcome.ALREADY
    frozen_clock.advance(hours=24)
    assert remind(HELPDESK, verified(waiting), NUMBER).outcome is ReminderOutcome.COUNTED

    with reading():
        assert reminders_of([before.id])[before.id].times == 2
    after = the_request()
    assert (after.status, after.escalate_at, after.holder_role) == (
        before.status,
        before.escalate_at,
        before.holder_role,
    )
    assert events("called")[0].details == {"call": call_id}


def test_callers_who_may_hear_the_status_may_remind(waiting: Household):
    assert remind(HELPDESK, a_call(), NUMBER, WRONG4).outcome is ReminderOutcome.WRONG
    assert remind(HELPDESK, a_call(), NUMBER, LAST4).outcome is ReminderOutcome.COUNTED


def test_what_is_resolved_is_not_reminded_of(waiting: Household):
    resolve()

    with pytest.raises(Forbidden):
        remind(HELPDESK, verified(waiting), NUMBER)


def test_an_answer_on_the_telephone_is_the_consumers_and_the_office_continues(waiting: Household):
    ask()
    call_id = verified(waiting)
    with reading():
        assert questions_asked([the_request().id])[the_request().id]

    answer_question(HELPDESK, call_id, NUMBER, "The meter shows 1060.")

    [event] = events("answer")
    assert (the_request().status, event.role, event.remark) == (
        "in_review",
        "consumer",
        "The meter shows 1060.",
    )
    assert event.details["call"] == call_id
    assert audited_actions("answer_told") == [("H1", f"request:{NUMBER}")]


@pytest.mark.parametrize(
    ("answer", "code"), [("  ", "answer_required"), ("It shows 1060.", "step_not_allowed")]
)
def test_an_answer_has_words_and_a_question(waiting: Household, answer: str, code: str):
    if code == "answer_required":
        ask()

    with pytest.raises(Forbidden) as refused:
        answer_question(HELPDESK, verified(waiting), NUMBER, answer)

    assert refused.value.code == code


def test_an_unverified_caller_cannot_answer(waiting: Household):
    ask()

    with pytest.raises(Forbidden):
        answer_question(HELPDESK, opened(waiting), NUMBER, "It shows 1060.")


def test_a_request_of_another_connection_is_not_there(waiting: Household):
    ask()
    call_id = verified(a_household(ACCOUNT_NO_RURAL))

    for step in (remind, send_documents_link):
        with pytest.raises(NotFound):
            step(HELPDESK, call_id, NUMBER)
    with pytest.raises(NotFound):
        answer_question(HELPDESK, call_id, NUMBER, "It shows 1060.")


def test_documents_follow_an_answer_by_the_link(waiting: Household):
    ask()
    call_id = verified(waiting)

    assert send_documents_link(HELPDESK, call_id, NUMBER).outcome is LinkOutcome.SENT

    assert [one.recipient for one in messages("documents_link")] == [MOBILE]
