"""Calls about a request: its status without a code, a reminder, an answer, and a resolution confirmed by a code."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import ACCOUNT_NO_RURAL, MOBILE, Household, a_household, given
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import NUMBER, ask, resolve, staff_of_the_office, the_request
from tests.fixtures.helpdesk_calls import (
    HELPDESK,
    OWN_MOBILE,
    agreed,
    audited_actions,
    drafted,
    helpdesk_staff,
    opened,
    otp_of,
    the_call,
    verified,
    wrong,
)
from tests.fixtures.registration import messages, rows
from wss.db import reading
from wss.domain.calls import CallExpired
from wss.domain.errors import Forbidden, NotFound
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.domain.visitor import Visitor
from wss.models import Event
from wss.queries.call_requests import questions_asked, reminders_of
from wss.queries.tracking import tracked_by_id
from wss.services.calls.answers import AnswerOutcome, CallerAnswer, confirm_resolution
from wss.services.calls.call_records import open_call_without_number
from wss.services.calls.caller_links import LinkOutcome, send_documents_link
from wss.services.calls.open_requests import ReminderOutcome, answer_question, look_up_status_on_call, remind
from wss.services.calls.submission import register_for_caller
from wss.services.calls.verification import send_otp
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


OnTheLine = Callable[[Household], int]


@pytest.fixture
def settled(complainant: Household) -> Household:
    """Provide a household whose complaint is resolved, and the help desk."""
    given(*helpdesk_staff())
    resolve()
    return complainant


@pytest.fixture
def verified_call(frozen_clock: FrozenClock) -> OnTheLine:
    """Return a function that opens a call whose caller was verified some minutes ago."""

    def verified_before(household: Household) -> int:
        call_id = verified(household)
        frozen_clock.advance(minutes=2)
        return call_id

    return verified_before


def confirm(call_id: int, is_settled: bool = True, remark: str = "", otp: str = "") -> AnswerOutcome:
    return confirm_resolution(HELPDESK, call_id, CallerAnswer(NUMBER, is_settled, remark, otp)).outcome


def test_a_resolution_is_confirmed_by_a_fresh_code_to_the_consumer(
    settled: Household, verified_call: OnTheLine
):
    call_id = verified_call(settled)

    assert confirm(call_id) is AnswerOutcome.CODE_SENT
    assert [one.recipient for one in messages("call_confirm_otp")] == [MOBILE]
    assert confirm(call_id, otp=otp_of("call_confirm_otp")) is AnswerOutcome.TAKEN

    request = the_request()
    assert (request.status, request.closing) == ("closed", "confirmed")


def test_the_timeline_says_that_it_was_reported_to_the_help_desk(
    settled: Household, verified_call: OnTheLine
):
    call_id = verified_call(settled)
    confirm(call_id)
    confirm(call_id, otp=otp_of("call_confirm_otp"))

    last = max(rows(Event), key=lambda event: event.number)
    assert (last.role, last.action, last.details["call"]) == ("consumer", "confirm", call_id)
    assert audited_actions("confirm_told") == [("H1", f"request:{NUMBER}")]


def test_a_resolution_is_refused_with_a_reason(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    with pytest.raises(Forbidden):
        confirm(call_id, is_settled=False)
    confirm(call_id, is_settled=False, remark="The bill is still wrong.")

    confirm(call_id, is_settled=False, remark="The bill is still wrong.", otp=otp_of("call_refuse_otp"))

    assert the_request().status == "reopened"
    assert max(rows(Event), key=lambda event: event.number).remark == "The bill is still wrong."


def test_the_code_that_proves_the_caller_answers_nothing(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    send_otp(HELPDESK, call_id)

    assert confirm(call_id, otp=otp_of("call_otp")) is AnswerOutcome.WRONG
    assert the_request().status == "resolved"


def test_a_code_for_one_answer_does_not_pass_the_other_one_on(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    confirm(call_id)

    outcome = confirm(call_id, is_settled=False, remark="Still wrong.", otp=otp_of("call_confirm_otp"))

    assert outcome is AnswerOutcome.WRONG
    assert the_request().status == "resolved"


def test_a_code_for_not_settled_does_not_confirm(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    confirm(call_id, is_settled=False, remark="Still wrong.")

    assert confirm(call_id, otp=otp_of("call_refuse_otp")) is AnswerOutcome.WRONG
    assert the_request().status == "resolved"


def test_only_a_verified_caller_answers(settled: Household):
    with pytest.raises(Forbidden, match="not_verified"):
        confirm(opened(settled))


def test_three_wrong_codes_close_the_call_and_stay_counted(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    confirm(call_id)
    code = otp_of("call_confirm_otp")

    outcomes = [confirm(call_id, otp=wrong(code)) for _ in range(3)]

    assert outcomes == [AnswerOutcome.WRONG, AnswerOutcome.WRONG, AnswerOutcome.CLOSED]
    assert the_call(call_id).outcome == "closed_wrong"
    with pytest.raises(CallExpired):
        confirm(call_id, otp=code)
    assert the_request().status == "resolved"


def test_a_request_that_waits_for_no_answer_takes_none(complainant: Household, verified_call: OnTheLine):
    given(*helpdesk_staff())

    with pytest.raises(Forbidden):
        confirm(verified_call(complainant))
    assert messages("call_confirm_otp") == []


def test_another_connections_request_is_not_there(settled: Household, verified_call: OnTheLine):
    neighbour = a_household(ACCOUNT_NO_RURAL, registered=False, mobile_on_record=OWN_MOBILE)

    with pytest.raises(NotFound):
        confirm(verified_call(neighbour))


def test_who_has_no_number_on_record_answers_by_the_one_of_the_request(
    home_without_mobile: Household, frozen_clock: FrozenClock, verified_call: OnTheLine
):
    staff_of_the_office()
    call_id = agreed(home_without_mobile)
    number = register_for_caller(HELPDESK, call_id, drafted(home_without_mobile, call_id))
    resolve(number)
    frozen_clock.advance(minutes=2)
    call_id = verified_call(home_without_mobile)
    confirm_resolution(HELPDESK, call_id, CallerAnswer(number, True))

    outcome = confirm_resolution(
        HELPDESK, call_id, CallerAnswer(number, True, otp=otp_of("call_confirm_otp"))
    )

    assert [one.recipient for one in messages("call_confirm_otp")] == [OWN_MOBILE]
    assert outcome.outcome is AnswerOutcome.TAKEN
