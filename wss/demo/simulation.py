"""Simulation of demo requests through the ordinary use cases, as consumers and officers would use them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from wss.clock import frozen_at, local_date, now
from wss.db import reading
from wss.demo.bulk import DemoConsumer, form_token
from wss.demo.request_history import Posts
from wss.demo.scenarios import (
    BILL,
    DISCONNECTION,
    METER,
    NAME,
    NOT_RECEIVED,
    RECONNECTION,
    Scenario,
    ScenarioRole,
    ScenarioStep,
    moments,
    remark_of,
)
from wss.domain.actor import SYSTEM, Actor, Role, rank
from wss.domain.lifecycle import APPROVERS, HANDLERS
from wss.domain.routing import Desk
from wss.queries.demo import bill_numbers_of, filled_posts
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow, request_at_work, visible_request
from wss.services.requests.actions import take_action
from wss.services.requests.form_drafts import FilledForm
from wss.services.requests.submission import register_draft, save_draft
from wss.services.requests.transition_types import ActionRequest

_WITHOUT_BILL = METER, NOT_RECEIVED, NAME, RECONNECTION, DISCONNECTION


class Simulation:
    """Simulates requests; knows the filled posts, and the bills that are in dispute already."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.disputed: set[str] = set()
        with reading():
            self._posts: Posts = filled_posts()
            self._calendar = reference().calendar

    def begins(self, number: int, scenario: Scenario) -> datetime:
        """Return when the scenario's request is registered."""
        return moments(scenario, self._calendar, local_date(now()), number)[0]

    def play(self, number: int, scenario: Scenario, asker: DemoConsumer) -> str:
        """Lodge a request and carry out the steps of its scenario; return its complaint number."""
        times = moments(scenario, self._calendar, local_date(now()), number)
        consumer = Actor(Role.CONSUMER, str(asker.consumer_id))
        with frozen_at(times[0]):
            complaint_no, kind = self._lodge(consumer, scenario.kind, asker, number)
        for scene, at in zip(scenario.scenes, times[1:], strict=True):
            with frozen_at(at):
                actor = (
                    self._actor(scene, complaint_no) if scene.part is not ScenarioRole.CONSUMER else consumer
                )
                if actor is None:
                    break
                action_request = ActionRequest(scene.action, remark_of(scene, kind), scene.resolution)
                take_action(actor, complaint_no, action_request)
        return complaint_no

    def _lodge(self, consumer: Actor, kind: str, asker: DemoConsumer, number: int) -> tuple[str, str]:
        """Register a request; return its complaint number and its kind."""
        bill_no = self._bill(asker.account_no, local_date(now())) if kind == BILL else None
        if bill_no is None:
            kind = self._free(asker, kind)
        filled = FilledForm(form_token(self._seed, -1 - number), kind, {}, _answers(kind, bill_no, number))
        return register_draft(consumer, save_draft(consumer, asker.account_no, filled).form_token), kind

    def _free(self, asker: DemoConsumer, kind: str) -> str:
        """The kind, or another one without a bill, of which the consumer has none at work."""
        kinds = (METER if kind == BILL else kind, *_WITHOUT_BILL)
        with reading():
            free = (one for one in kinds if not request_at_work(asker.account_no, one, asker.consumer_id))
            return next(free)

    def _bill(self, account_no: str, day: date) -> str | None:
        """Return the newest bill that was issued by that day and is not in dispute."""
        with reading():
            bills = bill_numbers_of(account_no)
        for number, issued in bills:
            if issued <= day and number not in self.disputed:
                self.disputed.add(number)
                return number
        return None

    def _actor(self, scene: ScenarioStep, complaint_no: str) -> Actor | None:
        """Return the officer who acts in a step; None when the post is vacant."""
        if scene.part is ScenarioRole.CLOCK:
            return SYSTEM
        with reading():
            seen = visible_request(SYSTEM, complaint_no, now())
            chain = reference().chain(seen.office_code)
        if scene.part is ScenarioRole.MAKER and rank(Role(seen.holder_role)) >= rank(Role.EE):
            return next((actor for desk in chain if (actor := self._at(desk.office_code, Role.SDO))), None)
        if scene.part in (ScenarioRole.HOLDER, ScenarioRole.MAKER):
            role = Role(seen.holder_role)
            return self._at(seen.holder_office_code, role) if role in HANDLERS else None
        return self._approver(seen, chain)

    def _approver(self, seen: RequestRow, chain: Sequence[Desk]) -> Actor | None:
        """Return the officer whom the proposal waits for; where that post is vacant, another one who may decide."""
        if seen.holder_role in APPROVERS:
            actor = self._at(seen.holder_office_code, Role(seen.holder_role))
            if actor and actor.id != seen.proposed_by:
                return actor
        for desk in chain:
            for role in (Role.SDO, Role.EE):
                actor = self._at(desk.office_code, role)
                if actor and actor.id != seen.proposed_by:
                    return actor
        return None

    def _at(self, office_code: str, role: Role) -> Actor | None:
        employee = self._posts.get((office_code, role))
        return Actor(role, employee, office_code) if employee else None


def _answers(kind: str, bill_no: str | None, number: int) -> dict[str, Any]:
    answers: dict[str, Any] = {"remarks": "कृपया जाँच करें।"}
    if bill_no:
        return answers | {"bill_no": [bill_no], "reason": "reading_not_taken", "reading_kwh": 4200 + number}
    if kind == METER:
        return answers | {"reason": "stopped", "reading_kwh": 4200 + number}
    return answers | ({"new_name": "Anita Devi"} if kind == NAME else {})
