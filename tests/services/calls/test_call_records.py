"""Opening a record at the help desk: with a reason, by one number, always audited; callers whose number opens none."""

from typing import Any

import pytest

from tests.factories import (
    ACCOUNT_NO_RURAL,
    MOBILE,
    OFFICE,
    Household,
    a_connection,
    a_consumer,
    a_household,
    a_service_request,
    an_ownership,
    given,
    update_rows,
)
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import CLERK, consumer_of
from tests.fixtures.helpdesk_calls import (
    COLLEAGUE,
    HELPDESK,
    OWN_MOBILE,
    STAFF_MOBILE,
    SUPERVISOR,
    agreed,
    audited_actions,
    calls,
    drafted,
    opened,
    the_call,
    verified,
)
from tests.fixtures.registration import messages, rows
from wss import clock
from wss.clock import day_began, now
from wss.db import reading
from wss.domain.actor import Actor, Role
from wss.domain.calls import CallExpired
from wss.domain.errors import Forbidden, Malformed, NotFound
from wss.models import (
    ApprovalLimit,
    AuditEntry,
    Connection,
    Consumer,
    Draft,
    Ownership,
    ReferenceVersion,
    ServiceRequest,
)
from wss.queries.calls import CallConnection, choices_of, own_call, record_of
from wss.queries.supervision import calls_by_reason, calls_taken, links_sent
from wss.services.calls.call_records import (
    CallOpeningOutcome,
    choose,
    end_call,
    open_call,
    open_call_without_number,
)
from wss.services.calls.caller_links import LinkOutcome, send_link_to_caller
from wss.services.calls.dead_numbers import DeadNumberOutcome, register_dead_number
from wss.services.calls.verification import give_consent, send_otp
from wss.services.operations.housekeeping import clean_up


def record(call_id: int, actor: Actor = HELPDESK) -> CallConnection:
    with reading():
        found = record_of(own_call(actor, call_id), clock.now())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("q", "looked_for"),
    [
        ("7950 7619 21", "account"),
        ("+91 8539436110", "mobile"),
        ("101000009212", "bill"),
        ("s101000009212", "sbm_bill"),
        ("100 0000 0016", "complaint"),
    ],
)
def test_each_kind_of_number_opens_its_record(home_on_record: Household, q: str, looked_for: str):
    a_service_request(home_on_record)

    [call] = calls() if open_call(HELPDESK, q, "bill", "en").call_id else []

    assert (call.account_no, call.looked_for) == (home_on_record.account_no, looked_for)


@pytest.mark.parametrize("q", ["795076192%", "79507_1921", "Pooja", "7950761921 OR 1=1"])
def test_what_is_no_whole_number_opens_nothing(home_on_record: Household, q: str):
    with pytest.raises(Malformed):
        open_call(HELPDESK, q, "bill", "hi")

    assert calls() == []


@pytest.mark.parametrize("reason", ["", "curious"])
def test_without_a_reason_no_record_is_opened(home_on_record: Household, reason: str):
    with pytest.raises(Forbidden):
        open_call(HELPDESK, home_on_record.account_no, reason, "hi")

    assert (calls(), rows(AuditEntry)) == ([], [])


@pytest.mark.parametrize("who", [CLERK, Actor(CLERK.role, "H1", CLERK.office_code), None])
def test_who_does_not_sit_at_the_help_desk_opens_nothing(home_on_record: Household, who: Actor | None):
    with pytest.raises(NotFound):
        open_call(who or consumer_of(home_on_record), home_on_record.account_no, "bill", "hi")


def test_a_supervisor_may_take_calls_too(home_on_record: Household):
    assert open_call(SUPERVISOR, home_on_record.account_no, "bill", "hi").outcome is CallOpeningOutcome.OPENED


def test_the_number_that_was_typed_is_kept_nowhere(home_on_record: Household):
    call_id = opened(home_on_record, q=MOBILE)

    assert MOBILE not in repr(the_call(call_id))
    assert MOBILE not in repr([one.details for one in rows(AuditEntry)])


def test_every_opening_is_written_down_with_reason_and_call(home_on_record: Household):
    a_service_request(home_on_record)

    call_id = open_call(HELPDESK, "10000000016", "status", "hi").call_id

    entries = [(one.actor_id, one.deed, one.subject, one.details) for one in rows(AuditEntry)]
    why = {"reason": "status", "call": call_id}
    assert entries == [
        ("H1", "view", f"connection:{home_on_record.account_no}", why),
        ("H1", "view", "request:10000000016", why),
    ]


def test_an_unknown_number_opens_no_call(home_on_record: Household):
    assert open_call(HELPDESK, "9999999999", "bill", "hi").outcome is CallOpeningOutcome.NOT_FOUND
    assert calls() == []


def test_an_employee_who_tries_many_numbers_is_limited_and_reported(home_on_record: Household):
    outcomes = [open_call(HELPDESK, f"99999999{n:02}", "bill", "hi").outcome for n in range(61)]

    assert outcomes[59:] == [CallOpeningOutcome.NOT_FOUND, CallOpeningOutcome.TOO_OFTEN]
    assert audited_actions("alarm") == [("H1", "employee:H1")]


def test_a_mobile_of_several_connections_offers_them_masked_and_opens_the_chosen(home_on_record: Household):
    a_household(ACCOUNT_NO_RURAL, registered=False, consumer_name="Ravi Lal")

    answer = open_call(HELPDESK, MOBILE, "bill", "hi")

    assert answer.outcome is CallOpeningOutcome.CHOICE
    assert audited_actions("view") == []
    with reading():
        offered = choices_of(own_call(HELPDESK, answer.call_id))
    assert [(one.account_no, one.initials) for one in offered] == [
        (ACCOUNT_NO_RURAL, "R•••• L••••"),
        (home_on_record.account_no, "P•••• S••••"),
    ]
    choose(HELPDESK, answer.call_id, ACCOUNT_NO_RURAL)
    assert the_call(answer.call_id).account_no == ACCOUNT_NO_RURAL
    assert audited_actions("view") == [("H1", f"connection:{ACCOUNT_NO_RURAL}")]


def test_only_what_the_number_led_to_can_be_chosen_and_only_once(home_on_record: Household):
    others = a_household(ACCOUNT_NO_RURAL, registered=False)
    given(a_connection("7950761929", mobile_on_record="9026114477"))
    call_id = opened(home_on_record, q=MOBILE)

    with pytest.raises(NotFound):
        choose(HELPDESK, call_id, "7950761929")
    choose(HELPDESK, call_id, others.account_no)
    with pytest.raises(NotFound):
        choose(HELPDESK, call_id, home_on_record.account_no)


def test_a_number_that_is_an_account_and_a_mobile_is_not_guessed_at(home_on_record: Household):
    given(a_connection("7950761929", mobile_on_record=home_on_record.account_no))

    assert open_call(HELPDESK, home_on_record.account_no, "bill", "hi").outcome is CallOpeningOutcome.CHOICE


def test_a_verified_mobile_leads_to_its_connection(home_on_record: Household):
    connection = given(a_connection("7950761929", mobile_on_record=None))
    newcomer = given(a_consumer(mobile="9026114477"))
    given(an_ownership(newcomer, connection.account_no))

    call_id = open_call(HELPDESK, "9026114477", "bill", "hi").call_id

    assert the_call(call_id).account_no == connection.account_no


def test_a_former_owners_complaint_does_not_lead_to_the_new_owners_connection(home_on_record: Household):
    former = given(a_consumer(mobile="9026114477"))
    a_service_request(home_on_record, consumer_id=former.id)

    assert open_call(HELPDESK, "10000000016", "status", "hi").outcome is CallOpeningOutcome.NOT_FOUND
    assert record(opened(home_on_record)).requests == []


def test_another_employees_call_is_not_there(home_on_record: Household):
    call_id = opened(home_on_record)

    for actor in (COLLEAGUE, SUPERVISOR, CLERK):
        with reading(), pytest.raises(NotFound):
            own_call(actor, call_id)


@pytest.mark.parametrize(
    ("how_far", "shown"),
    [
        (opened, ("P•••• S••••", "Ward Kumarpur", "••••••680", "••••••••10")),
        (verified, ("Pooja Sharma", "406, Ward Kumarpur", "UP32550680", "••••••••10")),
    ],
)
def test_until_the_caller_is_verified_everything_is_masked_and_then_only_the_mobile(
    home_on_record: Household, how_far: Any, shown: tuple[str, ...]
):
    found = record(how_far(home_on_record))

    assert (found.consumer_name, found.address, found.meter_no, found.mobile) == shown


def test_open_requests_show_at_once_and_closed_ones_to_a_verified_caller(home_on_record: Household):
    a_service_request(home_on_record, status="closed", closing="confirmed")

    assert record(opened(home_on_record)).requests == []
    assert [one.complaint_no for one in record(verified(home_on_record)).requests] == ["10000000016"]


def test_calls_of_this_week_are_counted(home_on_record: Household, frozen_clock: FrozenClock):
    opened(home_on_record, COLLEAGUE)
    frozen_clock.advance(days=6)
    assert record(opened(home_on_record)).calls_this_week == 2

    frozen_clock.advance(days=2)

    assert record(opened(home_on_record)).calls_this_week == 2


def test_the_record_after_the_last_of_the_day_is_opened_and_seen_by_the_supervisor(home_on_record: Household):
    for _ in range(50):
        opened(home_on_record)
    assert audited_actions("alarm") == []

    assert opened(home_on_record) > 0

    assert audited_actions("alarm") == [("H1", "employee:H1")]
    opened(home_on_record)
    assert len(audited_actions("alarm")) == 1


def test_the_next_day_counts_from_nothing(home_on_record: Household, frozen_clock: FrozenClock):
    for _ in range(50):
        opened(home_on_record)
    frozen_clock.advance(days=1)

    opened(home_on_record)

    assert audited_actions("alarm") == []


def test_how_many_records_a_day_are_usual_is_a_row_of_the_limits(home_on_record: Household):
    row = ApprovalLimit(role="helpdesk", max_amount_paise=0, source_note="a test", records_a_day=2)
    given(row, ReferenceVersion(id=1, version=7))

    for _ in range(3):
        opened(home_on_record)

    assert audited_actions("alarm") == [("H1", "employee:H1")]


def test_a_call_that_was_ended_stays_ended(home_on_record: Household):
    call_id = opened(home_on_record)

    end_call(HELPDESK, call_id)
    end_call(HELPDESK, call_id)

    assert the_call(call_id).outcome == "ended"
    with pytest.raises(CallExpired):
        choose(HELPDESK, call_id, home_on_record.account_no)


def test_abandoned_calls_are_ended_and_their_drafts_stay(
    home_on_record: Household, frozen_clock: FrozenClock, app: Any
):
    call_id = agreed(home_on_record)
    drafted(home_on_record, call_id)
    frozen_clock.advance(minutes=30)

    clean_up(app.extensions["wss"].gateways.documents)

    assert (the_call(call_id).outcome, len(rows(Draft))) == ("expired", 1)


def test_a_call_ends_when_the_connection_gets_another_owner(
    home_on_record: Household, frozen_clock: FrozenClock
):
    call_id = verified(home_on_record)
    frozen_clock.advance(minutes=5)
    update_rows(Ownership, ended_at=clock.now(), ended_because="claimed")
    given(an_ownership(given(a_consumer()), home_on_record.account_no, created_at=clock.now()))

    assert the_call(call_id).is_expired(clock.now())
    with pytest.raises(CallExpired):
        give_consent(HELPDESK, call_id, "self", True)


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
