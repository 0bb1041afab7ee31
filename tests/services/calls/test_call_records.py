"""Opening a record at the help desk: with a reason, by exactly one number, and always audited."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import (
    ACCOUNT_NO_RURAL,
    MOBILE,
    Household,
    a_connection,
    a_consumer,
    a_household,
    a_service_request,
    an_ownership,
    given,
)
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import CLERK, consumer_of
from tests.fixtures.helpdesk_calls import (
    COLLEAGUE,
    HELPDESK,
    SUPERVISOR,
    audited_actions,
    calls,
    opened,
    the_call,
    verified,
)
from tests.fixtures.registration import rows
from wss import clock
from wss.db import reading, transaction
from wss.domain.actor import Actor
from wss.domain.calls import CallExpired
from wss.domain.errors import Forbidden, Malformed, NotFound
from wss.models import ApprovalLimit, AuditEntry, Draft, Ownership, ReferenceVersion
from wss.queries.calls import CallConnection, choices_of, own_call, record_of
from wss.services.calls.call_records import CallOpeningOutcome, choose, end_call, open_call
from wss.services.calls.verification import give_consent
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

    for somebody in (COLLEAGUE, SUPERVISOR, CLERK):
        with reading(), pytest.raises(NotFound):
            own_call(somebody, call_id)


def test_until_the_caller_is_verified_everything_is_masked(home_on_record: Household):
    shown = record(opened(home_on_record))

    assert (shown.consumer_name, shown.address, shown.meter_no, shown.mobile) == (
        "P•••• S••••",
        "Ward Kumarpur",
        "••••••680",
        "••••••••10",
    )


def test_once_the_caller_is_verified_all_but_the_mobile_is_open(home_on_record: Household):
    shown = record(verified(home_on_record))

    assert (shown.consumer_name, shown.address, shown.mobile) == (
        "Pooja Sharma",
        "406, Ward Kumarpur",
        "••••••••10",
    )


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


def test_the_record_after_the_last_of_the_day_is_opened_and_seen_by_the_supervisor(
    home_on_record: Household,
):
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
    call_id = opened(home_on_record)
    frozen_clock.advance(minutes=30)

    clean_up(app.extensions["wss"].gateways.documents)

    assert the_call(call_id).outcome == "expired"
    assert rows(Draft) == []


def test_a_call_ends_when_the_connection_gets_another_owner(
    home_on_record: Household, frozen_clock: FrozenClock
):
    call_id = verified(home_on_record)
    frozen_clock.advance(minutes=5)
    with transaction() as session:
        session.execute(sa.update(Ownership).values(ended_at=clock.now(), ended_because="claimed"))
    given(an_ownership(given(a_consumer()), home_on_record.account_no, created_at=clock.now()))

    assert the_call(call_id).is_expired(clock.now())
    with pytest.raises(CallExpired):
        give_consent(HELPDESK, call_id, "self", True)
