"""Escalation: each level once, with an event and one message; forwarding: only to where it can be escalated from."""

from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import (
    OFFICE,
    Household,
    a_household,
    a_service_request,
    escalation_rows,
    given,
    update_rows,
)
from tests.fixtures.bill_revision import EE
from tests.fixtures.complaint_handling import (
    CLERK,
    DIVISION,
    NUMBER,
    SDO,
    ask,
    consumer_of,
    office_acts,
    resolve,
    rows,
    the_request,
)
from wss.db import transaction
from wss.domain.actor import SYSTEM
from wss.domain.calendar import IST
from wss.domain.errors import Forbidden
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action
from wss.models import EscalationStep, Event, Holiday, Message, Office, ServiceRequest, Staff
from wss.queries.reference import bump_reference_version
from wss.queries.service_requests import RequestRow
from wss.services.requests import escalation
from wss.services.requests.actions import take_action
from wss.services.requests.escalation import escalate_due, recalculate_clocks
from wss.services.requests.transition_types import ActionRequest

ANOTHER = "PVVNL-Z06-C1-D1-S3"


@pytest.fixture
def waiting(complainant: Household) -> Household:
    """Provide the complaint of Tuesday, 15:30, whose clock follows the escalation rows of the tests."""
    given(*escalation_rows())
    change_rules()
    recalculate_clocks()
    return complainant


def change_rules(*statements: Any) -> None:
    """Change reference tables as an import does."""
    with transaction() as session:
        for statement in statements:
            session.execute(statement)
        bump_reference_version()


def ist(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=IST)


def escalations() -> list[Event]:
    return [event for event in rows(Event) if event.action == "escalate"]


def notified() -> list[Message]:
    return [message for message in rows(Message) if message.notice == "escalated"]


def test_forty_working_hours_after_it_was_registered_a_request_goes_from_the_clerk_to_the_sdo(
    waiting: Household, frozen_clock: Any
):
    assert the_request().escalate_at == ist(1, 13, 30, month=12)

    frozen_clock.set(ist(1, 13, 29, month=12))
    early = escalate_due()
    frozen_clock.set(ist(1, 13, 30, month=12))
    due = escalate_due()

    request = the_request()
    assert (early, due) == (0, 1)
    assert (request.holder_role, request.status, request.escalation_level) == ("sdo", "registered", 1)
    assert [event.details["to_role"] for event in escalations()] == ["sdo"]
    assert len(notified()) == 1


def test_it_is_not_moved_up_before_its_time(waiting: Household):
    with pytest.raises(Forbidden, match="too_early"):
        take_action(SYSTEM, NUMBER, ActionRequest(Action.ESCALATE))


def test_each_level_comes_once_and_the_top_stays(waiting: Household, frozen_clock: Any):
    for _ in range(60):
        frozen_clock.advance(days=1)
        escalate_due()

    assert [event.details["to_role"] for event in escalations()] == ["sdo", "ee", "se"]
    assert (the_request().escalate_at, the_request().holder_role) == (None, "se")
    assert len(notified()) == 3


def test_after_an_outage_all_due_levels_are_escalated_with_one_message(waiting: Household, frozen_clock: Any):
    frozen_clock.advance(days=12)

    moved = escalate_due()

    request = the_request()
    assert (moved, request.holder_role, request.escalation_level) == (1, "ee", 2)
    assert [event.details["to_role"] for event in escalations()] == ["sdo", "ee"]
    assert [message.event_number for message in notified()] == [request.version]
    # The EE's time runs from the day on which the sweep should have run.
    assert request.clock_from == ist(4, 16, 30, month=12)


def test_several_requests_of_one_consumer_cause_one_message(waiting: Household, frozen_clock: Any):
    for number in (901, 902):
        second = a_household(f"79507619{number % 100:02}")
        same = waiting.consumer and waiting.consumer.id
        a_service_request(second, complaint_no_from(1_000_000_000 + number), consumer_id=same)
    change_rules()
    frozen_clock.advance(days=7)

    moved = escalate_due()

    assert (moved, len(escalations()), len(notified())) == (3, 3, 1)


@pytest.mark.parametrize("days", [1, 8])
def test_while_the_consumer_is_asked_the_clock_is_stopped(waiting: Household, frozen_clock: Any, days: int):
    frozen_clock.set(ist(24, 16, 30))
    ask()
    stopped = the_request()
    frozen_clock.advance(days=days)
    take_action(consumer_of(waiting), NUMBER, ActionRequest(Action.ANSWER, "Here it is."))

    request = the_request()
    assert (stopped.escalate_at, stopped.clock_from, stopped.clock_used_s) == (None, None, 3600)
    assert (request.clock_from, request.clock_used_s) == (frozen_clock.now, 3600)
    assert escalate_due() == 0


def test_a_resolved_request_is_not_escalated_and_restarts_when_refused(waiting: Household, frozen_clock: Any):
    frozen_clock.advance(days=2)
    resolve()
    resolved = the_request()
    frozen_clock.advance(days=30)
    moved = escalate_due()
    take_action(consumer_of(waiting), NUMBER, ActionRequest(Action.REFUSE, "Not settled."))

    assert (resolved.escalate_at, moved) == (None, 0)
    assert (the_request().clock_from, the_request().clock_used_s) == (frozen_clock.now, 0)
    assert the_request().holder_role == "ee"


def test_taking_up_and_assigning_leave_the_clock_alone(waiting: Household, frozen_clock: Any):
    before = the_request().escalate_at
    frozen_clock.advance(days=1)

    office_acts(CLERK, Action.TAKE_UP)
    office_acts(SDO, Action.ASSIGN, assignee_id="C1")

    assert the_request().escalate_at == before


def test_a_forward_to_the_same_post_of_another_office_lets_the_clock_go_on(
    waiting: Household, frozen_clock: Any
):
    path = "/".join("-".join(ANOTHER.split("-")[: depth + 1]) for depth in range(5))
    given(Office(code=ANOTHER, parent_code=DIVISION, level="subdivision", name="n", name_hi="n", path=path))
    given(Staff(employee_id="C9", name="C9", role="billing_clerk", office_code=ANOTHER))
    change_rules()
    before = the_request().escalate_at
    frozen_clock.advance(days=1)
    office_acts(CLERK, Action.TAKE_UP)

    office_acts(CLERK, Action.FORWARD, office_code=ANOTHER)

    assert (the_request().office_code, the_request().escalate_at) == (ANOTHER, before)
    frozen_clock.advance(days=7)
    escalate_due()
    # The other sub-division has no SDO.
    [line] = escalations()
    assert (line.details["to_role"], line.details["to_office"]) == ("ee", DIVISION)
    assert line.details["instead_of"] == "sdo"


def test_a_forward_to_a_senior_post_restarts_the_clock(waiting: Household, frozen_clock: Any):
    frozen_clock.advance(days=1)
    office_acts(CLERK, Action.TAKE_UP)

    office_acts(CLERK, Action.FORWARD, office_code=DIVISION)

    assert (the_request().holder_role, the_request().clock_from) == ("ee", frozen_clock.now)


def test_a_frozen_request_stays_where_it_is(waiting: Household, frozen_clock: Any):
    update_rows(ServiceRequest, frozen=True)
    frozen_clock.advance(days=30)

    assert escalate_due() == 0
    with pytest.raises(Forbidden, match="too_early"):
        take_action(SYSTEM, NUMBER, ActionRequest(Action.ESCALATE))


@pytest.mark.parametrize(
    ("change", "due"),
    [
        (sa.update(EscalationStep).where(EscalationStep.level == 1).values(working_hours=1), ist(24, 16, 30)),
        (sa.insert(Holiday).values(day=date(2026, 11, 26), name="n", name_hi="n"), ist(2, 13, 30, month=12)),
        (
            sa.update(Staff).where(Staff.role == "sdo").values(left_on=date(2026, 11, 24)),
            ist(1, 13, 30, month=12),
        ),
        (sa.delete(EscalationStep), None),
    ],
    ids=["stricter rows", "a holiday", "a post becomes empty", "no rows"],
)
def test_other_rules_hold_for_what_waits_already(waiting: Household, change: Any, due: datetime | None):
    change_rules(change)

    counted = recalculate_clocks()

    assert (counted, recalculate_clocks()) == (1, 0)
    assert the_request().escalate_at == due


def test_a_row_of_its_kind_goes_before_the_row_of_every_kind(waiting: Household, frozen_clock: Any):
    given(
        EscalationStep(
            kind="BILL_CORRECTION",
            level=1,
            role="ee",
            office_level="division",
            working_hours=2,
            source_note="a test",
        )
    )
    change_rules()
    frozen_clock.advance(days=1)

    escalate_due()

    assert (the_request().holder_role, the_request().escalation_level) == ("ee", 1)


def test_a_sweep_escalates_no_more_than_its_limit(waiting: Household, frozen_clock: Any):
    a_service_request(a_household("7950761999"), complaint_no_from(1_000_000_903))
    change_rules()
    frozen_clock.advance(days=7)

    assert [escalate_due(at_most=0), escalate_due(), escalate_due()] == [0, 2, 0]


def test_a_request_that_cannot_be_escalated_does_not_keep_the_others_from_it(
    waiting: Household, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch
):
    a_service_request(a_household("7950761999"), complaint_no_from(1_000_000_903))
    change_rules()
    frozen_clock.advance(days=7)
    levels_due = escalation._levels_due

    def fail_for_one(seen: RequestRow) -> int:
        if seen.complaint_no == NUMBER:
            raise LookupError("its office was removed")
        return levels_due(seen)

    monkeypatch.setattr(escalation, "_levels_due", fail_for_one)

    with pytest.raises(LookupError):
        escalate_due()

    assert len(escalations()) == 1


def test_an_officer_who_was_faster_wins(waiting: Household, frozen_clock: Any):
    frozen_clock.advance(days=7)
    seen = the_request()
    office_acts(CLERK, Action.TAKE_UP)

    from wss.queries.escalations import DueEscalation
    from wss.services.requests.escalation import _escalate

    assert not _escalate(DueEscalation(seen.escalate_at or frozen_clock.now, seen.id, NUMBER, seen.version))
    assert escalate_due() == 1


def test_what_has_ended_has_no_clock(waiting: Household):
    take_action(consumer_of(waiting), NUMBER, ActionRequest(Action.WITHDRAW))

    assert (the_request().clock_from, the_request().escalate_at) == (None, None)


def test_a_new_request_begins_with_its_clock(waiting: Household, frozen_clock: Any):
    for _ in range(3):
        resolve()
        moved = take_action(consumer_of(waiting), NUMBER, ActionRequest(Action.REFUSE, "Not settled."))

    following = the_request(str(moved.following))
    assert (following.clock_from, following.clock_used_s, following.holder_role) == (
        frozen_clock.now,
        0,
        "se",
    )


NEIGHBOUR = f"{DIVISION}-S9"


@pytest.fixture
def moving_up(complainant: Household) -> Household:
    """The complaint of an office with a clerk and an SDO; above them an EE and an SE, and the rows of escalation."""
    path = "/".join(office_at(depth) for depth in range(1, 5)) + f"/{NEIGHBOUR}"
    neighbour = Office(
        code=NEIGHBOUR, parent_code=DIVISION, level="subdivision", name="n", name_hi="n", path=path
    )
    given(neighbour, *escalation_rows())
    with transaction():
        bump_reference_version()
    return complainant


def office_at(depth: int) -> str:
    return "-".join(OFFICE.split("-")[:depth])


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_request_is_not_forwarded_to_where_no_post_decides(moving_up: Household, depth: int) -> None:
    office_acts(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="office_cannot_handle"):
        office_acts(CLERK, Action.FORWARD, office_code=office_at(depth))


def test_a_request_is_not_forwarded_to_where_it_moves_up_no_more(moving_up: Household) -> None:
    given(Staff(employee_id="E9", name="E9", role="ee", office_code=office_at(2)))
    with transaction():
        bump_reference_version()
    office_acts(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="office_cannot_handle"):
        office_acts(CLERK, Action.FORWARD, office_code=office_at(2))


def test_a_request_in_time_is_forwarded_by_its_own_office(moving_up: Household) -> None:
    office_acts(CLERK, Action.TAKE_UP)

    office_acts(CLERK, Action.FORWARD, office_code=NEIGHBOUR)

    assert the_request().office_code == NEIGHBOUR


@pytest.mark.parametrize("late", ["promise", "moved up"])
def test_a_late_request_is_forwarded_only_from_above_both_offices(
    moving_up: Household, frozen_clock: Any, late: str
) -> None:
    frozen_clock.advance(days=30)
    if late == "moved up":
        office_acts(SYSTEM, Action.ESCALATE)
        update_rows(ServiceRequest, promised_on=frozen_clock.now.date())
    office_acts(SDO, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="late_stays"):
        office_acts(SDO, Action.FORWARD, office_code=NEIGHBOUR)
    office_acts(EE, Action.FORWARD, office_code=NEIGHBOUR)
    assert the_request().office_code == NEIGHBOUR
