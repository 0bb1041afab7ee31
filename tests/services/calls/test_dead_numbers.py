"""The number on record no longer works: a request for the counter, which reveals and changes nothing."""

import pytest

from tests.factories import MOBILE, OFFICE, Household
from tests.fixtures.helpdesk_calls import HELPDESK, OWN_MOBILE, opened, the_call
from tests.fixtures.registration import messages, rows
from wss.domain.errors import Forbidden
from wss.models import Connection, Consumer, ServiceRequest
from wss.services.calls.caller_links import LinkOutcome, send_link_to_caller
from wss.services.calls.dead_numbers import DeadNumberOutcome, register_dead_number

NAME = "pooja sharma"


def test_the_counter_gets_a_request_and_the_old_number_hears_of_it(home_on_record: Household):
    call_id = opened(home_on_record)

    told = register_dead_number(HELPDESK, call_id, home_on_record.bill_no, NAME)

    [request] = rows(ServiceRequest)
    assert (told.outcome, told.complaint_no) == (DeadNumberOutcome.REGISTERED, request.complaint_no)
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
