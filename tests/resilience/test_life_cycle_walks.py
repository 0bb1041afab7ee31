"""Random walks through the life cycle, compared with a model: no illegal step, every column as the model has it.

`make test` takes 1,200 steps on each database, `make soak` a million (WSS_STEPS says how many, WSS_SEED which).
"""

import dataclasses
import gc
import os
from collections import Counter
from datetime import timedelta
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests import factories
from tests.fixtures.audit_trail import without_triggers
from tests.fixtures.clocks import AN_ORDINARY_MOMENT
from tests.fixtures.office_model import FORWARDS, HOME, STAFF, OfficeRules, insert_offices, office_and_above
from tests.fixtures.request_model import LastNotice, RequestModel, a_request_model
from wss import clock
from wss.clock import local_date
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden, NotFound, Outdated, TooOften
from wss.domain.identifiers import complaint_no_from
from wss.domain.lateness import is_late
from wss.domain.lifecycle import OPEN, TABLE, Action, Resolution, Status
from wss.domain.notices import ASKS_TO_CONFIRM
from wss.domain.uploads import ReadyDocument, ScanState
from wss.models import (
    AuditEntry,
    DisputedBill,
    Document,
    Event,
    LinkToken,
    Message,
    MisDelta,
    ServiceRequest,
)
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests._freeze import set_frozen
from wss.services.requests.actions import take_action
from wss.services.requests.escalation import escalate_due
from wss.services.requests.expiry import expire_waits
from wss.services.requests.transition_types import ActionRequest

STEPS = int(os.environ.get("WSS_STEPS", "1000000" if os.environ.get("WSS_SOAK") else "1200"))
SEED = int(os.environ.get("WSS_SEED", "0"))
WALK, WALKS_PER_RUN = 40, 500
# Hours until the next step; mostly few.
GAPS = (0, 0, 0.02, 0.02, 0.1, 0.5, 1, 1, 2, 3, 5, 7, 20, 24, 24, 72, 72, 192, 384, 1200)
SELDOM = (
    Action.WITHDRAW,
    Action.ADD_DOCUMENT,
    Action.ESCALATE,
    Action.SAMPLE,
    Action.REMIND,
    Action.REMIND_ANSWER,
)
LEFTOVERS = (Message, Event, DisputedBill, Document, LinkToken, AuditEntry, MisDelta, ServiceRequest)
STEP = st.integers(0, 2**64 - 1)


class LifeCycleWalk:
    """Two requests of one consumer, the requests that follow them, and all actors who may act on them."""

    steps, reached = 0, Counter[str]()
    home: factories.Household

    def __init__(self, rules: OfficeRules) -> None:
        assert self.home.consumer is not None
        self.at, self.chance = AN_ORDINARY_MOMENT, 0
        self.consumer = Actor(Role.CONSUMER, str(self.home.consumer.id))
        self.people = [*STAFF, self.consumer, Actor(Role.CONSUMER, "999999"), SYSTEM]
        self.rules, self.reported = rules, LastNotice()
        self.lives: list[RequestModel] = []
        self.bills = iter(self.home.bills)
        for _ in range(2):
            self.register()

    def register(self) -> None:
        """Register a request about a bill that has not been in a request before."""
        bill = next(self.bills)
        with clock.frozen_at(self.at):
            life = a_request_model(self.consumer.id, self.rules, self.reported, (HOME, HOME, "billing_clerk"))
            life.complaint_no = complaint_no_from(next(numbers))
            wishes = {
                "promised_on": life.promised_on,
                "fields": {"bill_no": [bill.bill_no], "reason": "other"},
            }
            self._register(life, bill.bill_no, wishes)
        self.lives.append(life)

    def _register(self, life: RequestModel, bill_no: str, wishes: dict[str, Any]) -> None:
        with transaction() as session:
            version = reference().version
            request = factories.request_row(self.home, life.complaint_no, clock_rules=version, **wishes)
            request.escalate_at = life.due_at()
            session.add(request)
            session.flush()
            session.add(DisputedBill(service_request_id=request.id, bill_no=bill_no, is_open=True))
            session.add(factories.registered_event(request))

    def step(self, chance: int) -> None:
        """Take one step of a person, the clock, the worker or the administrator."""
        self.chance = chance = mixed(self.chance ^ chance)
        chance, gap = divmod(chance, len(GAPS))
        chance, what = divmod(chance, 100)
        if not any(life.status in OPEN for life in self.lives):
            self.register()
        # Mostly an open request; closed ones are tried as well.
        lives = [life for life in self.lives if life.status in OPEN] if chance % 5 else self.lives
        chance, whose = divmod(chance // 5, len(lives))
        self.at += timedelta(seconds=round(GAPS[gap] * 3600))
        with clock.frozen_at(self.at):
            if lives[whose].frozen and what % 2:
                self.freeze(lives[whose])
            elif what < 82:
                self.act(lives[whose], chance, is_wild=what < 8)
            elif what < 88:
                self.sweep()
            elif what < 92:
                self.mind_silence()
            elif what < 96:
                self.deliver()
            elif what < 99:
                self.freeze(lives[whose])
            else:
                self.rules.change(chance)
            self.look()
        type(self).steps += 1

    def act(self, life: RequestModel, chance: int, *, is_wild: bool) -> None:
        """Take a step that the table allows to an actor with access, or, if wild, any step of any actor."""
        action, people, chance = (self.anything if is_wild else self.something_right)(life, chance)
        chance, who = divmod(chance, len(people))
        actor = people[who]
        move = self.query(life, action, chance)
        if life.is_repeated(actor, move):
            assert take_action(actor, life.complaint_no, move).version == len(life.lines)
            self.reached["sent twice"] += 1
            return
        counted = life.counted(move)
        may = life.is_current(counted) and life.may(actor, counted, self.at)
        try:
            moved = take_action(actor, life.complaint_no, move)
        except (Forbidden, NotFound, Outdated) as refused:
            assert not may, (life, actor, move, refused)
            self.reached["refused"] += 1
            return
        except TooOften:
            assert may and move.action in (Action.WITHDRAW, Action.REOPEN)
            return
        assert may, (life, actor, move)
        self.reached[counted.action.value] += 1
        following = life.take(actor, counted, self.at)
        assert (moved.status, moved.version) == (life.status, len(life.lines))
        assert (moved.following is not None) == (following is not None)
        if following is not None:
            following.complaint_no = str(moved.following)
            self.lives.append(following)

    def anything(self, life: RequestModel, chance: int) -> tuple[Action, list[Actor], int]:
        """Return any step, and all actors."""
        chance, which = divmod(chance, len(Action))
        return list(Action)[which], self.people, chance

    def something_right(self, life: RequestModel, chance: int) -> tuple[Action, list[Actor], int]:
        """Return a legal step and its permitted actors; steps that progress are more frequent than others."""
        rows = {action: step for (at, action), step in TABLE.items() if at == life.status}
        steps = [action for action in rows for _ in range(1 if action in SELDOM else 5)] or [Action.REMIND]
        chance, which = divmod(chance, len(steps))
        row = rows.get(steps[which])
        people = [one for one in self.people if row and one.role in row.by and life.is_seen_by(one)]
        return steps[which], people or [SYSTEM], chance

    def query(self, life: RequestModel, action: Action, chance: int) -> ActionRequest:
        """Return the values that a step needs, or now and then wrong ones or an outdated version."""
        chance, remark = divmod(chance, 12)
        chance, office = divmod(chance, 12)
        chance, employee = divmod(chance, len(STAFF))
        seen = len(life.lines) - 1 if chance % 25 == 0 else len(life.lines) if chance % 2 else None
        photo = ReadyDocument(uuid4().hex, "meter.jpg", "image/jpeg", 10, "key", ScanState.NOT_SCANNED)
        return ActionRequest(
            action,
            "because" if remark else "",
            Resolution.NOT_NEEDED,
            FORWARDS[office % len(FORWARDS)],
            STAFF[employee].id,
            seen,
            3,
            [photo] if action is Action.ADD_DOCUMENT or (action is Action.ANSWER and chance % 3) else [],
        )

    def sweep(self) -> None:
        """Run the worker's escalation and compare it with the model, longest overdue first."""
        ids = {life.complaint_no: place for place, life in enumerate(self.lives)}
        due = sorted(
            (at, ids[life.complaint_no], life)
            for life in self.lives
            if (at := life.due_at()) is not None and at <= self.at and not life.frozen
        )
        assert escalate_due() == len(due)
        for _, _, life in due:
            quiet = life.reported.is_quiet(self.at)
            levels = 0
            while (at := life.due_at()) is not None and at <= self.at:
                life.take(SYSTEM, ActionRequest(Action.ESCALATE, quiet=True), self.at)
                levels += 1
            if not quiet:
                life.notices[len(life.lines)], life.reported.at = "escalated", self.at
            self.reached[f"up {levels} at once"] += 1

    def mind_silence(self) -> None:
        """The worker minds silence; whatever it did must have been right."""
        expire_waits(close_on_silence=True)
        for life in self.lives:
            for action, is_told in self.news_of(life):
                move = ActionRequest(Action(action))
                assert not life.frozen and life.may(SYSTEM, move, self.at)
                days = (self.at - life.status_since).days
                assert action not in ("remind", "remind_answer") or days >= 7
                assert action != "confirm_lapsed" or is_told
                life.take(SYSTEM, move, self.at)
                self.reached[f"silence: {action}"] += 1

    def news_of(self, life: RequestModel) -> list[tuple[str, bool]]:
        """Return the events that the model does not know yet.

        Each has a flag: whether every SMS with the question had been sent.
        """
        with reading() as session:
            of = sa.select(ServiceRequest.id).where(ServiceRequest.complaint_no == life.complaint_no)
            events = sa.select(Event.action).where(
                Event.service_request_id == of.scalar_subquery(), Event.number > len(life.lines)
            )
            asking = sa.select(Message.state).where(
                Message.service_request_id == of.scalar_subquery(),
                Message.created_at >= life.status_since,
                Message.notice.in_(ASKS_TO_CONFIRM),
            )
            states = set(session.execute(asking).scalars())
            return [(action, states == {"sent"}) for action in session.execute(events).scalars()]

    def deliver(self) -> None:
        """Mark the queued messages as sent."""
        with transaction() as session:
            session.execute(sa.update(Message).where(Message.state == "waiting").values(state="sent"))

    def freeze(self, life: RequestModel) -> None:
        """Freeze or unfreeze a request."""
        may = life.status in OPEN
        try:
            with transaction():
                set_frozen(SYSTEM, visible_request(SYSTEM, life.complaint_no, self.at), not life.frozen)
        except Forbidden:
            assert not may
            return
        assert may
        life.freeze(not life.frozen, self.at)
        self.reached["frozen" if life.frozen else "let go"] += 1

    def look(self) -> None:
        """Assert that every request has the expected columns, holder, lateness and due time."""
        today = local_date(self.at)
        with reading():
            rows = [visible_request(SYSTEM, life.complaint_no, self.at) for life in self.lives]
        for life, row in zip(self.lives, rows, strict=True):
            expected = life.as_row()
            gateway_state = {name: getattr(row, name) for name in expected}
            assert gateway_state == expected, life.lines
            assert row.holder_office_code in office_and_above(row.office_code)
            assert is_late(Status(row.status), row.promised_on, row.status_since, today) == life.is_late(
                today
            )
            assert row.approved_by is None or row.approved_by != row.proposed_by
            self.check_clock(life, row)

    def check_clock(self, life: RequestModel, row: RequestRow) -> None:
        """Assert that the clock's due time is the model's, unless the worker has not yet applied changed rules."""
        if row.clock_rules == row.reference_version:
            assert row.escalate_at == life.due_at()
        if row.clock_from is None:
            assert row.escalate_at is None

    def end(self) -> None:
        """Assert complete timelines, one message per step with a notice, and bills free when all requests are
        closed."""
        with reading() as session:
            for life in self.lives:
                of = ServiceRequest.complaint_no == life.complaint_no
                request = session.execute(sa.select(ServiceRequest.id).where(of)).scalar_one()
                mine = Event.service_request_id == request
                events = session.execute(
                    sa.select(Event.number, Event.action).where(mine).order_by(Event.number)
                )
                assert [tuple(row) for row in events] == list(enumerate(life.lines, 1))
                sent = sa.select(Message.event_number, Message.notice).where(
                    Message.service_request_id == request
                )
                reported = sorted(tuple(row) for row in session.execute(sent))
                assert reported == sorted(life.notices.items())
                bills = sa.select(DisputedBill.is_open).where(DisputedBill.service_request_id == request)
                assert set(session.execute(bills).scalars()) == {life.status in OPEN}


numbers = iter(range(2_000_000_000, 4_000_000_000))


@pytest.fixture
def walk_class(unsynced: None, database_kind: str) -> Any:
    """Offices and a household on an empty database."""
    with clock.frozen_at(AN_ORDINARY_MOMENT):
        factories.given(*factories.bill_correction())
        LifeCycleWalk.home = factories.a_household()
        more = [factories.a_bill(f"20{place:04d}", bill_month=f"{1950 + place}-01") for place in range(60)]
        factories.given(*more)
        LifeCycleWalk.home = dataclasses.replace(LifeCycleWalk.home, bills=more)
        insert_offices()
    LifeCycleWalk.steps, LifeCycleWalk.reached = 0, Counter()
    gc.freeze()
    began, wall = process_time(), perf_counter()
    yield LifeCycleWalk
    used, gone = process_time() - began, perf_counter() - wall
    gc.unfreeze()
    print(
        f"\nlife cycle on {database_kind}, seed {SEED}: {LifeCycleWalk.steps} steps,"
        f" {LifeCycleWalk.steps / used:.0f} in a second of CPU, {LifeCycleWalk.steps / gone:.0f} in a second of time:"
        f" {dict(sorted(LifeCycleWalk.reached.items()))}"
    )


def test_in_random_walks_requests_follow_the_transition_table(walk_class: type[LifeCycleWalk]):
    rules = OfficeRules()
    run = 0
    while walk_class.steps < STEPS:
        walks = min(WALKS_PER_RUN, max(1, (STEPS - walk_class.steps) // WALK))

        @seed(SEED * 1_000_000 + run)
        @settings(
            max_examples=walks,
            deadline=None,
            database=None,
            # A failing walk is printed as it is: the escalation rules have changed during it.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(STEP, min_size=WALK, max_size=WALK))
        def walk(steps: list[int]) -> None:
            walked = walk_class(rules)
            try:
                for chance in steps:
                    walked.step(chance)
                walked.end()
            finally:
                clear()

        walk()
        run += 1
    assert walk_class.steps >= STEPS


def mixed(number: int) -> int:
    """Return a number that is unrelated to this one, because the numbers drawn are mostly small."""
    for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
        number = ((number ^ (number >> 29)) * factor + 0x9E3779B97F4A7C15) % 2**64
    return number ^ (number >> 32)


def clear() -> None:
    """Delete the rows of this walk before the next one."""
    with transaction() as session, without_triggers():
        for model in LEFTOVERS:
            session.execute(sa.delete(model))
