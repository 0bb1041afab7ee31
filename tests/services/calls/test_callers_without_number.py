"""A caller without an account number: the call is counted with its reason, and a link goes to their own mobile."""

import pytest

from tests.factories import Household
from tests.fixtures.helpdesk_calls import HELPDESK, OWN_MOBILE, STAFF_MOBILE, audited_actions, calls, the_call
from tests.fixtures.registration import messages
from wss.clock import day_began, now
from wss.db import reading
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden, Malformed, NotFound
from wss.queries.supervision import calls_by_reason, calls_taken, links_sent
from wss.services.calls.call_records import end_call, open_call_without_number
from wss.services.calls.caller_links import LinkOutcome, send_link_to_caller
from wss.services.calls.verification import send_otp


def test_a_call_without_a_number_counts_with_its_reason(home_on_record: Household):
    call_id = open_call_without_number(HELPDESK, "bill", "hi")
    send_link_to_caller(HELPDESK, call_id, OWN_MOBILE)
    end_call(HELPDESK, call_id)
    end_call(HELPDESK, open_call_without_number(HELPDESK, "other", "hi"))

    began, ends = day_began(now()), now().replace(hour=23)
    with reading():
        taken = calls_taken(began, ends)["H1"]
        assert (taken.calls, taken.records, taken.without_number) == (2, 0, 2)
        assert calls_by_reason(began, ends) == [("bill", 1, 1), ("other", 1, 1)]
        assert links_sent(began, ends) == {"H1": (1, 0)}


def test_the_link_goes_to_the_callers_own_mobile_in_their_language(home_on_record: Household):
    call_id = open_call_without_number(HELPDESK, "registration", "en")

    assert send_link_to_caller(HELPDESK, call_id, f"+91 {OWN_MOBILE}").outcome is LinkOutcome.SENT

    [message] = messages("registration_link")
    assert (message.recipient, message.language) == (OWN_MOBILE, "en")
    # The number is stored in the message only.
    assert the_call(call_id).caller_mobile is None
    assert audited_actions("registration_link") == [("H1", f"call:{call_id}")]


def test_the_same_mobile_gets_the_link_three_times_a_day(home_on_record: Household):
    outcomes = [
        send_link_to_caller(HELPDESK, open_call_without_number(HELPDESK, "bill", "hi"), OWN_MOBILE).outcome
        for _ in range(4)
    ]

    assert outcomes == [LinkOutcome.SENT] * 3 + [LinkOutcome.TOO_OFTEN]
    assert len(calls()) == 4


@pytest.mark.parametrize(
    ("mobile", "code"), [(STAFF_MOBILE, "mobile_of_employee"), ("0522 2207", "mobile_landline")]
)
def test_the_link_goes_to_mobiles_of_callers_only(home_on_record: Household, mobile: str, code: str):
    call_id = open_call_without_number(HELPDESK, "bill", "hi")

    with pytest.raises(Malformed) as refused:
        send_link_to_caller(HELPDESK, call_id, mobile)

    assert (refused.value.code, messages("registration_link")) == (code, [])


def test_without_a_record_nothing_else_can_be_done(home_on_record: Household):
    call_id = open_call_without_number(HELPDESK, "bill", "hi")

    with pytest.raises(NotFound):
        send_otp(HELPDESK, call_id)


def test_a_call_without_a_number_needs_a_reason_and_an_employee(home_on_record: Household):
    with pytest.raises(Forbidden):
        open_call_without_number(HELPDESK, "", "hi")
    with pytest.raises(NotFound):
        open_call_without_number(Actor(Role.SDO, "S1", "DVVNL"), "bill", "hi")
