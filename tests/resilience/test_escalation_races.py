"""Races over one request, and workers that escalate in parallel or are killed: each request is escalated once."""

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, escalation_rows, given, registered_event, request_row
from tests.fixtures.complaint_handling import CLERK, NUMBER, office_acts, rows
from tests.resilience.test_registration_races import all_at_once, print_counts
from wss import clock, db
from wss.db import transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden, Outdated
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action, Resolution
from wss.models import Event, Message, ServiceRequest, Staff
from wss.queries.reference import bump_reference_version
from wss.services.requests import escalation
from wss.services.requests.actions import take_action
from wss.services.requests.escalation import escalate_due, recalculate_clocks
from wss.services.requests.transition_types import ActionRequest

IS_SOAK = bool(os.environ.get("WSS_SOAK"))
CROWD, ROUNDS = (100, 20) if IS_SOAK else (16, 1)
KILLS = 100 if IS_SOAK else 5
OVERDUE = 200
FIRST = 1_700_000_000
WEEKS_LATER = timedelta(days=60)


@pytest.fixture
def waiting(complainant: Household, database: Any) -> Household:
    """Provide a complaint whose clock runs, and many officers of its office."""
    given(*escalation_rows())
    office = CLERK.office_code
    given(*(Staff(employee_id=f"O{n}", name="n", role="sdo", office_code=office) for n in range(CROWD)))
    with transaction():
        bump_reference_version()
    recalculate_clocks()
    return complainant


def officer(number: int) -> Actor:
    return Actor(Role.SDO, f"O{number}", CLERK.office_code)


def outcome(actor: Actor, move: ActionRequest, at: Any) -> str:
    """Return the outcome of an action that is based on what was seen at the beginning."""
    with clock.frozen_at(at):
        try:
            take_action(actor, NUMBER, move)
        except (Outdated, Forbidden) as refused:
            return refused.code
    return "won"


def outcomes_at_once(move: Callable[[int], tuple[Actor, ActionRequest]], at: Any) -> Counter[str]:
    return print_counts("at one request", all_at_once(lambda number: outcome(*move(number), at), CROWD))


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_many_who_take_up_one_wins_and_the_others_get_an_error(
    waiting: Household, frozen_clock: Any, _round: int
):
    counts = outcomes_at_once(
        lambda n: (officer(n), ActionRequest(Action.TAKE_UP, version=1)), frozen_clock.now
    )

    assert counts == {"won": 1, "outdated": CROWD - 1}
    assert len(rows(Event)) == 2


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_a_crowd_that_approves_one_wins_and_one_message_goes_out(
    waiting: Household, frozen_clock: Any, _round: int
):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE, resolution=Resolution.NOT_NEEDED)

    counts = outcomes_at_once(
        lambda n: (officer(n), ActionRequest(Action.APPROVE, version=3)), frozen_clock.now
    )

    assert counts == {"won": 1, "outdated": CROWD - 1}
    assert [message.notice for message in rows(Message)] == ["resolved_not_needed"]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_a_crowd_of_which_half_escalates_and_half_takes_up_one_wins(
    waiting: Household, frozen_clock: Any, _round: int
):
    late = frozen_clock.now + timedelta(days=8)

    def step(number: int) -> tuple[Actor, ActionRequest]:
        if number % 2:
            return SYSTEM, ActionRequest(Action.ESCALATE, version=1)
        return officer(number), ActionRequest(Action.TAKE_UP, version=1)

    counts = outcomes_at_once(step, late)

    assert counts == {"won": 1, "outdated": CROWD - 1}
    assert [event.number for event in rows(Event)] == [1, 2]


def overdue(home: Household, how_many: int, first: int = 0) -> list[int]:
    """Insert so many requests without a bill, registered now, and return their ids."""
    with transaction() as session:
        requests = [
            request_row(home, complaint_no_from(FIRST + first + place), fields={"reason": "other"})
            for place in range(how_many)
        ]
        session.add_all(requests)
        session.flush()
        session.add_all(registered_event(request) for request in requests)
        # Each notice has another recipient.
        for request in requests:
            request.consumer_id = None
        bump_reference_version()
        ids = [request.id for request in requests]
    recalculate_clocks()
    return ids


def check_moved_once(ids: list[int], levels: int) -> None:
    """Assert that each level occurs once on each timeline, without gaps, with one message for the whole sweep."""
    lines = Counter((event.service_request_id, event.details.get("to_role")) for event in rows(Event))
    numbers: dict[int, list[int]] = {}
    for event in rows(Event):
        numbers.setdefault(event.service_request_id, []).append(event.number)
    reported = Counter(message.service_request_id for message in rows(Message))
    gateway_state = {request.id: request for request in rows(ServiceRequest)}
    assert all(lines[one, role] == 1 for one in ids for role in ("sdo", "ee", "se")[:levels])
    assert all(sorted(numbers[one]) == list(range(1, levels + 2)) for one in ids)
    assert all(
        gateway_state[one].version == levels + 1 and gateway_state[one].escalation_level == levels
        for one in ids
    )
    assert all(reported[one] == 1 for one in ids)


def sweep_once(url: str, at: Any, ready: Any, go: Any) -> None:
    """What a worker does that is not killed."""
    db.configure(db.Database(url))
    with clock.frozen_at(at):
        ready.set()
        go.wait(30)
        escalate_due()


def workers(url: str, at: Any, how_many: int, job: Callable[..., None]) -> list[Any]:
    """Start so many worker processes, which begin at the same moment."""
    fork = multiprocessing.get_context("fork")
    ready, go = [fork.Event() for _ in range(how_many)], fork.Event()
    children = [fork.Process(target=job, args=(url, at, each, go)) for each in ready]
    for child in children:
        child.start()
    for each in ready:
        each.wait(30)
    go.set()
    return children


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_workers_that_sweep_200_overdue_requests_move_each_once(
    waiting: Household, frozen_clock: Any, database: Any, _round: int
):
    ids = overdue(waiting, OVERDUE)
    url = database.url.render_as_string(hide_password=False)

    for child in workers(url, frozen_clock.now + WEEKS_LATER, 2, sweep_once):
        child.join(120)
        assert child.exitcode == 0

    check_moved_once(ids, levels=3)
    print(
        f"\ntwo workers, {len(ids)} overdue: {sum(event.action == 'escalate' for event in rows(Event))} lines"
    )


def sweep_for_ever(url: str, at: Any, ready: Any, go: Any) -> None:
    """What a killed worker does."""
    db.configure(db.Database(url))
    escalation.BATCH = 5
    with clock.frozen_at(at):
        ready.set()
        go.wait(30)
        while True:
            escalate_due()


def test_nothing_is_lost_or_done_twice_whenever_the_sweeping_worker_is_killed(
    waiting: Household, frozen_clock: Any, database: Any
):
    chance, ids, halfway = random.Random(29), [], 0
    at, url = frozen_clock.now + WEEKS_LATER, database.url.render_as_string(hide_password=False)
    for kill in range(KILLS):
        ids += overdue(waiting, 10, first=kill * 10)
        [child] = workers(url, at, 1, sweep_for_ever)
        time.sleep(chance.uniform(0, 0.15))
        child.kill()
        child.join()
        with clock.frozen_at(at):
            left = escalate_due()
        halfway += 0 < left < 10

    check_moved_once(ids, levels=3)
    print(f"\n{KILLS} kills, {halfway} of them amid a sweep, {len(ids)} requests")


def test_many_workers_notify_each_consumer_once(waiting: Household, frozen_clock: Any):
    ids = overdue(waiting, 12)
    assert waiting.consumer is not None
    with transaction() as session:
        session.execute(
            sa.update(ServiceRequest)
            .where(ServiceRequest.id.in_(ids))
            .values(consumer_id=waiting.consumer.id)
        )
    at = frozen_clock.now + WEEKS_LATER

    def sweep(_: int) -> int:
        with clock.frozen_at(at):
            return escalate_due()

    moved = sum(all_at_once(sweep, 6))

    assert moved == len(ids) + 1
    assert len(rows(Message)) == 1
