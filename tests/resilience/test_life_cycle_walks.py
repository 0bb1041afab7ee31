"""Random walks through the life of a request: no step the table forbids, no event without its step."""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from wss import clock
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden, NotFound
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import OPEN, REOPENINGS_AT_MOST, TABLE, Action, Resolution, Status
from wss.domain.uploads import ReadyDocument, ScanState
from wss.models import DisputedBill, Event, Message, ServiceRequest, Staff
from wss.services.handling import Move, take_action

WALKS = 2_000 if os.environ.get("WSS_SOAK") else 40
STEPS = 40
OFFICE = factories.OFFICE
DIVISION = OFFICE.rsplit("-", 1)[0]
# Numbers beyond what the counter hands out here, one for each walk.
FIRST_WALK = 2_000_000_000

STAFF = [
    Actor(Role.BILLING_CLERK, "C1", OFFICE),
    Actor(Role.SDO, "S1", OFFICE),
    Actor(Role.SDO, "S2", OFFICE),
    Actor(Role.EE, "E1", DIVISION),
]
# Which of the steps that can be thought of, whether only legal ones are, how many days later, with a remark or not.
STEP = st.tuples(st.integers(0, 10_000), st.integers(0, 4), st.integers(0, 20), st.integers(0, 9))


@dataclass
class Walk:
    """What we expect of a request, reckoned beside it from the table alone."""

    complaint_no: str
    consumer: Actor
    status: Status = Status.REGISTERED
    moves: list[str] = field(default_factory=lambda: ["register"])
    notices: Counter[str] = field(default_factory=Counter)
    proposed_by: str = ""
    office_code: str = OFFICE


@pytest.fixture
def household(database: Any, standing_clock: Any) -> factories.Household:
    """A household with an office that has its posts filled."""
    factories.given(*factories.bill_correction())
    own = factories.a_household()
    rows = (Staff(employee_id=a.id, name=a.id, role=a.role, office_code=a.office_code) for a in STAFF)
    factories.given(*rows)
    return own


walks = iter(range(FIRST_WALK, FIRST_WALK + 10**8))


@settings(
    max_examples=WALKS,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(st.lists(STEP, min_size=STEPS // 2, max_size=STEPS))
def test_no_walk_leaves_the_table(household: factories.Household, steps: list[tuple[int, int, int, int]]):
    assert household.consumer is not None
    consumer = Actor(Role.CONSUMER, str(household.consumer.id))
    walk = Walk(complaint_no_from(next(walks)), consumer)
    factories.a_service_request(household, walk.complaint_no)
    at = clock.now()

    try:
        for which, wild, days, remark in steps:
            at += timedelta(days=days)
            actor, action = thinkable(walk, is_wild=not wild, which=which)
            with clock.standing_at(at):
                take(walk, actor, action, "because" if remark else "")
        check(walk)
    finally:
        # A walk that fails must not fail the next one too.
        free_the_bill()


def thinkable(walk: Walk, is_wild: bool, which: int) -> tuple[Actor, Action]:
    """A step that the table allows now, or, when wild, any step by anybody."""
    steps = [
        (actor, action)
        for actor in (*STAFF, walk.consumer, SYSTEM)
        for action in Action
        if is_wild or ((row := TABLE.get((walk.status, action))) and actor.role in row.by)
    ]
    steps = steps or [(walk.consumer, Action.RATE)]
    return steps[which % len(steps)]


def take(walk: Walk, actor: Actor, action: Action, remark: str) -> None:
    """Try a step, and expect of it what the table says."""
    row = TABLE.get((walk.status, action))
    allowed = row is not None and actor.role in row.by and (remark or not row.remark_required)
    move = Move(
        action,
        remark,
        Resolution.NOT_NEEDED,
        DIVISION,
        "C1",
        rating=3,
        documents=[a_photo()] if action is Action.ADD_DOCUMENT else [],
    )
    try:
        moved = take_action(actor, walk.complaint_no, move)
    except NotFound:
        assert not walk.office_code.startswith(actor.office_code)
        return
    except Forbidden as refused:
        # What the table alone cannot say: deadlines, numbers of reopenings, two pairs of eyes.
        assert not allowed or refused.code in {
            "own_proposal",
            "assignee_unknown",
            "too_early",
            "reopening_too_late",
            "reopened_too_often",
            "rated_already",
            "nothing_kept",
        }
        return
    assert row is not None and allowed
    assert not (action is Action.APPROVE and actor.id == walk.proposed_by)
    assert moved.status in (row.to, Status.CLOSED)
    walk.proposed_by = actor.id if action is Action.PROPOSE else walk.proposed_by
    walk.office_code = DIVISION if action is Action.FORWARD else walk.office_code
    walk.status = moved.status
    walk.moves.append(action.value)
    if row.notice:
        walk.notices[row.notice if moved.status is row.to else "closed"] += 1


def a_photo() -> ReadyDocument:
    """A photo that lies in the store."""
    return ReadyDocument(uuid4().hex, "meter.jpg", "image/jpeg", 10, "key", ScanState.NOT_SCANNED)


def check(walk: Walk) -> None:
    """The request, its timeline and its messages are what the walk was."""
    with reading() as session:
        request = session.execute(
            sa.select(ServiceRequest).where(ServiceRequest.complaint_no == walk.complaint_no)
        ).scalar_one()
        events = session.execute(
            sa.select(Event).where(Event.service_request_id == request.id).order_by(Event.number)
        ).scalars()
        told = session.execute(
            sa.select(Message.notice).where(Message.service_request_id == request.id)
        ).scalars()
        disputed = session.execute(
            sa.select(DisputedBill.is_open).where(DisputedBill.service_request_id == request.id)
        ).scalar_one()

        seen = list(events)
        assert [event.action for event in seen] == walk.moves
        assert [event.number for event in seen] == list(range(1, len(walk.moves) + 1))
        assert (request.status, request.version) == (walk.status, len(walk.moves))
        assert Counter(told) == walk.notices
        assert disputed == (walk.status in OPEN)
        assert request.reopened_times <= REOPENINGS_AT_MOST


def free_the_bill() -> None:
    """The next walk disputes the same bill."""
    with transaction() as session:
        session.execute(sa.update(DisputedBill).values(is_open=False))
