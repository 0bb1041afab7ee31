"""Requests that are disputed and frozen: no step is possible and the clock is paused, until unfrozen or ended."""

from typing import Any

import pytest

from tests.factories import Household, escalation_rows, execute, given, update_rows
from tests.fixtures.complaint_handling import (
    CLERK,
    DIVISION,
    NUMBER,
    consumer_of,
    office_acts,
    resolve,
    rows,
    the_request,
)
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden, NotFound
from wss.domain.lifecycle import Action
from wss.models import AuditEntry, DisputedBill, Event, Message, ServiceRequest, Staff
from wss.queries.service_requests import visible_request
from wss.services.mis import sums
from wss.services.requests._freeze import set_frozen
from wss.services.requests.actions import take_action
from wss.services.requests.disputes import asked_about, cancel, dispute, lift
from wss.services.requests.escalation import escalate_due
from wss.services.requests.expiry import expire_waits
from wss.services.requests.request_links import dispute_path
from wss.services.requests.transition_types import ActionRequest

SUPERVISOR = Actor(Role.HELPDESK_SUPERVISOR, "H9", DIVISION)


@pytest.fixture
def token(complainant: Household) -> str:
    """Return the link of the SMS about the household's complaint; adds a supervisor at the help desk."""
    given(Staff(employee_id="H9", name="H9", role="helpdesk_supervisor", office_code=DIVISION))
    with transaction():
        return dispute_path(the_request().id).rpartition("/")[2]


def about(token: str) -> str | None:
    """Return the number of the complaint that the link is about."""
    with reading():
        found = asked_about(token)
        return found.complaint_no if found else None


def test_looking_at_the_link_stops_nothing(token: str):
    looks = {about(token) for _ in range(5)}

    assert looks == {NUMBER} and not the_request().frozen


def test_disputing_stops_the_request(token: str):
    assert dispute(token, "I never called.")

    with pytest.raises(Forbidden, match="frozen"):
        office_acts(CLERK, Action.TAKE_UP)


def test_what_the_consumer_says_is_on_the_timeline_and_in_the_trail(token: str):
    dispute(token, "I never called.")

    assert [(one.action, one.role, one.remark) for one in rows(Event)][1:] == [
        ("freeze", "consumer", "I never called.")
    ]
    assert [(one.deed, one.subject) for one in rows(AuditEntry)] == [("freeze", f"request:{NUMBER}")]


def test_the_link_works_once(token: str):
    dispute(token, "")
    lift(SUPERVISOR, NUMBER, "The caller was their son.")

    assert about(token) is None and not dispute(token, "Again.")


@pytest.mark.parametrize("days", [89, 91])
def test_the_link_ends_after_ninety_days(token: str, frozen_clock: Any, days: int):
    frozen_clock.advance(days=days)

    assert dispute(token, "") is (days == 89)


def test_the_link_ends_with_the_request(token: str, complainant: Household):
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.WITHDRAW))

    assert about(token) is None and not dispute(token, "")


def test_who_has_lost_the_connection_disputes_nothing(token: str):
    execute("UPDATE ownership SET ended_at = created_at")

    assert about(token) is None and not dispute(token, "")


def test_without_a_registered_consumer_the_link_works_all_the_same(token: str):
    update_rows(ServiceRequest, consumer_id=None)

    assert dispute(token, "Not by me.") and the_request().frozen


def test_lifted_it_continues_and_the_consumer_is_notified(token: str):
    dispute(token, "")

    lift(SUPERVISOR, NUMBER, "The caller was their son.")

    office_acts(CLERK, Action.TAKE_UP)
    [event] = [one for one in rows(Event) if one.action == "unfreeze"]
    [message] = [one for one in rows(Message) if one.notice == "dispute_lifted"]
    assert (event.role, event.employee_id, event.remark) == (
        "helpdesk_supervisor",
        "H9",
        "The caller was their son.",
    )
    assert message.event_number == event.number


def test_cancelled_it_is_withdrawn_its_bill_free_and_the_consumer_notified(token: str):
    dispute(token, "")

    cancel(SUPERVISOR, NUMBER, "Nobody there had called.")

    row = the_request()
    assert (row.status, row.frozen, [one.is_open for one in rows(DisputedBill)]) == (
        "withdrawn",
        False,
        [False],
    )
    assert [one.notice for one in rows(Message)] == ["dispute_cancelled"]
    assert rows(Event)[-1].remark == "Nobody there had called."


def test_cancelled_it_counts_as_withdrawn(token: str):
    sums.rebuild()
    dispute(token, "")
    cancel(SUPERVISOR, NUMBER, "Nobody there had called.")
    sums.fold()

    assert sums.check() == []


def test_what_is_not_disputed_is_neither_lifted_nor_cancelled(token: str):
    for decide in (lift, cancel):
        with pytest.raises(Forbidden):
            decide(SUPERVISOR, NUMBER, "Why not.")

    assert the_request().status == "registered"


def test_what_is_resolved_already_is_only_lifted(token: str):
    resolve()
    dispute(token, "")

    with pytest.raises(Forbidden):
        cancel(SUPERVISOR, NUMBER, "Nobody there had called.")
    lift(SUPERVISOR, NUMBER, "It is resolved.")

    assert (the_request().status, the_request().frozen) == ("resolved", False)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_decision_needs_its_reason(token: str, reason: str):
    dispute(token, "")

    for decide in (lift, cancel):
        with pytest.raises(Forbidden, match="remark_required"):
            decide(SUPERVISOR, NUMBER, reason)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.HELPDESK_SUPERVISOR}))
def test_no_one_else_decides(token: str, role: Role):
    dispute(token, "")
    actor = Actor(role, "1", DIVISION)

    for decide in (lift, cancel):
        with pytest.raises(NotFound):
            decide(actor, NUMBER, "Because.")


def freeze(frozen: bool = True) -> None:
    with transaction():
        set_frozen(SYSTEM, visible_request(SYSTEM, NUMBER, now()), frozen)


def test_a_frozen_request_accepts_no_step(complainant: Household):
    freeze()

    for actor, action in ((CLERK, Action.TAKE_UP), (consumer_of(complainant), Action.WITHDRAW)):
        with pytest.raises(Forbidden, match="frozen"):
            take_action(actor, NUMBER, ActionRequest(action))


def test_its_clock_is_stopped_until_unfreezing(complainant: Household, frozen_clock: Any):
    given(*escalation_rows())
    frozen_clock.advance(minutes=30)
    freeze()
    frozen = the_request()
    frozen_clock.advance(days=30)
    moved = escalate_due()
    freeze(False)

    assert (frozen.clock_from, frozen.clock_used_s, frozen.escalate_at, moved) == (None, 1800, None, 0)
    assert (the_request().clock_from, the_request().clock_used_s) == (frozen_clock.now, 1800)


def test_the_consumers_days_to_confirm_restart_after_unfreezing(complainant: Household, frozen_clock: Any):
    resolve()
    freeze()
    update_rows(Message, Message.notice == "resolved_not_needed", state="sent")
    frozen_clock.advance(days=30)
    freeze(False)
    expire_waits(close_on_silence=True)

    assert (the_request().status, the_request().status_since) == ("resolved", frozen_clock.now)


def test_it_is_not_frozen_twice_or_after_its_end(complainant: Household):
    with pytest.raises(Forbidden):
        freeze(False)
    office_acts(CLERK, Action.TAKE_UP)
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.WITHDRAW))
    with pytest.raises(Forbidden):
        freeze()
