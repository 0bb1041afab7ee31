"""A caller confirms or refuses a resolution: with a fresh code, recorded as the consumer's own answer."""

from collections.abc import Callable

import pytest

from tests.factories import ACCOUNT_NO_RURAL, MOBILE, Household, a_household, given
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import NUMBER, resolve, staff_of_the_office, the_request
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
from wss.domain.calls import CallExpired
from wss.domain.errors import Forbidden, NotFound
from wss.models import Event
from wss.services.calls.answers import AnswerOutcome, CallerAnswer, confirm_resolution
from wss.services.calls.submission import register_for_caller
from wss.services.calls.verification import send_otp

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


def tell(call_id: int, is_settled: bool = True, remark: str = "", otp: str = "") -> AnswerOutcome:
    return confirm_resolution(HELPDESK, call_id, CallerAnswer(NUMBER, is_settled, remark, otp)).outcome


def test_a_resolution_is_confirmed_by_a_fresh_code_to_the_consumer(
    settled: Household, verified_call: OnTheLine
):
    call_id = verified_call(settled)

    assert tell(call_id) is AnswerOutcome.CODE_SENT
    assert [one.recipient for one in messages("call_confirm_otp")] == [MOBILE]
    assert tell(call_id, otp=otp_of("call_confirm_otp")) is AnswerOutcome.TAKEN

    request = the_request()
    assert (request.status, request.closing) == ("closed", "confirmed")


def test_the_timeline_says_that_it_was_reported_to_the_help_desk(
    settled: Household, verified_call: OnTheLine
):
    call_id = verified_call(settled)
    tell(call_id)
    tell(call_id, otp=otp_of("call_confirm_otp"))

    last = max(rows(Event), key=lambda event: event.number)
    assert (last.role, last.action, last.details["call"]) == ("consumer", "confirm", call_id)
    assert audited_actions("confirm_told") == [("H1", f"request:{NUMBER}")]


def test_a_resolution_is_refused_with_a_reason(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    with pytest.raises(Forbidden):
        tell(call_id, is_settled=False)
    tell(call_id, is_settled=False, remark="The bill is still wrong.")

    tell(call_id, is_settled=False, remark="The bill is still wrong.", otp=otp_of("call_refuse_otp"))

    assert the_request().status == "reopened"
    assert max(rows(Event), key=lambda event: event.number).remark == "The bill is still wrong."


def test_the_code_that_proves_the_caller_answers_nothing(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    send_otp(HELPDESK, call_id)

    assert tell(call_id, otp=otp_of("call_otp")) is AnswerOutcome.WRONG
    assert the_request().status == "resolved"


def test_a_code_for_one_answer_does_not_pass_the_other_one_on(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    tell(call_id)

    told = tell(call_id, is_settled=False, remark="Still wrong.", otp=otp_of("call_confirm_otp"))

    assert told is AnswerOutcome.WRONG
    assert the_request().status == "resolved"


def test_a_code_for_not_settled_does_not_confirm(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    tell(call_id, is_settled=False, remark="Still wrong.")

    told = tell(call_id, otp=otp_of("call_refuse_otp"))

    assert told is AnswerOutcome.WRONG
    assert the_request().status == "resolved"


def test_only_a_verified_caller_answers(settled: Household):
    with pytest.raises(Forbidden, match="not_verified"):
        tell(opened(settled))


def test_three_wrong_codes_close_the_call_and_stay_counted(settled: Household, verified_call: OnTheLine):
    call_id = verified_call(settled)
    tell(call_id)
    code = otp_of("call_confirm_otp")

    outcomes = [tell(call_id, otp=wrong(code)) for _ in range(3)]

    assert outcomes == [AnswerOutcome.WRONG, AnswerOutcome.WRONG, AnswerOutcome.CLOSED]
    assert the_call(call_id).outcome == "closed_wrong"
    with pytest.raises(CallExpired):
        tell(call_id, otp=code)
    assert the_request().status == "resolved"


def test_a_request_that_waits_for_no_answer_takes_none(complainant: Household, verified_call: OnTheLine):
    given(*helpdesk_staff())

    with pytest.raises(Forbidden):
        tell(verified_call(complainant))
    assert messages("call_confirm_otp") == []


def test_another_connections_request_is_not_there(settled: Household, verified_call: OnTheLine):
    neighbour = a_household(ACCOUNT_NO_RURAL, registered=False, mobile_on_record=OWN_MOBILE)

    with pytest.raises(NotFound):
        tell(verified_call(neighbour))


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

    told = confirm_resolution(HELPDESK, call_id, CallerAnswer(number, True, otp=otp_of("call_confirm_otp")))

    assert [one.recipient for one in messages("call_confirm_otp")] == [OWN_MOBILE]
    assert told.outcome is AnswerOutcome.TAKEN
