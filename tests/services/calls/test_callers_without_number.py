"""Callers whose number opens nothing: no account number, or a mobile on record that no longer works."""

import pytest

from tests.factories import MOBILE, OFFICE, Household
from tests.fixtures.helpdesk_calls import (
    HELPDESK,
    OWN_MOBILE,
    STAFF_MOBILE,
    audited_actions,
    calls,
    opened,
    the_call,
)
from tests.fixtures.registration import messages, rows
from wss.clock import day_began, now
from wss.db import reading
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden, Malformed, NotFound
from wss.models import Connection, Consumer, ServiceRequest
from wss.queries.supervision import calls_by_reason, calls_taken, links_sent
from wss.services.calls.call_records import end_call, open_call_without_number
from wss.services.calls.caller_links import LinkOutcome, send_link_to_caller
from wss.services.calls.dead_numbers import DeadNumberOutcome, register_dead_number
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


NAME = "pooja sharma"


def test_the_counter_gets_a_request_and_the_old_number_hears_of_it(home_on_record: Household):
    call_id = opened(home_on_record)

    result = register_dead_number(HELPDESK, call_id, home_on_record.bill_no, NAME)

    [request] = rows(ServiceRequest)
    assert (result.outcome, result.complaint_no) == (DeadNumberOutcome.REGISTERED, request.complaint_no)
    assert (request.kind, request.office_code, request.call_id) == ("MOBILE_CORRECTION", OFFICE, call_id)
    [message] = messages("request_registered_1912")
    assert message.recipient == MOBILE
    assert not the_call(call_id).is_verified
    assert {one.mobile for one in rows(Consumer)} | {one.mobile_on_record for one in rows(Connection)} == {
        MOBILE
    }


def test_a_repeated_report_stays_one_request(home_on_record: Household):
    first = register_dead_number(HELPDESK, opened(home_on_record), home_on_record.bill_no, NAME)

    again = register_dead_number(HELPDESK, opened(home_on_record), home_on_record.bill_no, NAME)

    assert (again.outcome, again.complaint_no) == (DeadNumberOutcome.ALREADY, first.complaint_no)
    assert len(rows(ServiceRequest)) == 1


@pytest.mark.parametrize(("bill_no", "name"), [("", NAME), ("999", NAME), (None, "Ravi Verma")])
def test_three_wrong_facts_close_the_call(home_on_record: Household, bill_no: str | None, name: str):
    call_id = opened(home_on_record)
    number = home_on_record.bill_no if bill_no is None else bill_no

    outcomes = [register_dead_number(HELPDESK, call_id, number, name).outcome for _ in range(3)]

    assert outcomes == [DeadNumberOutcome.WRONG, DeadNumberOutcome.WRONG, DeadNumberOutcome.CLOSED]
    assert rows(ServiceRequest) == []


def test_the_website_is_sent_to_the_callers_own_number(home_on_record: Household):
    assert send_link_to_caller(HELPDESK, opened(home_on_record), OWN_MOBILE).outcome is LinkOutcome.SENT

    # The household is registered: its consumer enters the new number there, which waits a day.
    [message] = messages("mobile_change_link")
    assert message.recipient == OWN_MOBILE


def test_without_a_number_on_record_none_is_dead(home_without_mobile: Household):
    with pytest.raises(Forbidden):
        register_dead_number(HELPDESK, opened(home_without_mobile), home_without_mobile.bill_no, NAME)
