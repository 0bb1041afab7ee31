"""Simulation of demo requests through the ordinary use cases, as consumers and officers would use them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from wss.clock import frozen_at, local_date, now
from wss.db import reading
from wss.demo.bulk import DemoConsumer, form_token
from wss.demo.decisions import DECISIONS, decide_proposal, present_state, propose_figures_of
from wss.demo.remarks import written_remarks
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
from wss.domain.billed import EffectiveBill
from wss.domain.lifecycle import APPROVERS, HANDLERS, Resolution
from wss.domain.routing import Desk
from wss.domain.suggestion.by_reading import UNREAD
from wss.queries.demo import DemoBill, bills_as_issued, filled_posts
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
            self.calendar = reference().calendar

    def begins(self, number: int, scenario: Scenario) -> datetime:
        """Return when the scenario's request is registered."""
        return moments(scenario, self.calendar, local_date(now()), number)[0]

    def play(self, number: int, scenario: Scenario, asker: DemoConsumer) -> str:
        """Lodge a request and carry out the steps of its scenario; return its complaint number."""
        times = moments(scenario, self.calendar, local_date(now()), number)
        consumer = Actor(Role.CONSUMER, str(asker.consumer_id))
        with frozen_at(times[0]):
            complaint_no, kind = self._lodge(consumer, scenario.kind, asker, number)
        for scene, at in zip(scenario.scenes, times[1:], strict=True):
            with frozen_at(at):
                is_own = scene.part is ScenarioRole.CONSUMER
                actor = consumer if is_own else self.actor_of(scene.part, complaint_no)
                if actor is None:
                    break
                _take(scene, actor, complaint_no, kind)
        return complaint_no

    def _lodge(self, consumer: Actor, kind: str, asker: DemoConsumer, number: int) -> tuple[str, str]:
        """Register a request; return its complaint number and its kind."""
        found = self._bill(asker.account_no, local_date(now())) if kind == BILL else None
        if found is None:
            kind = self._free(asker, kind)
        filled = FilledForm(form_token(self._seed, -1 - number), kind, {}, _answers(kind, found, number))
        return register_draft(consumer, save_draft(consumer, asker.account_no, filled).form_token), kind

    def _free(self, asker: DemoConsumer, kind: str) -> str:
        """The kind, or another one without a bill, of which the consumer has none at work."""
        kinds = (METER if kind == BILL else kind, *_WITHOUT_BILL)
        with reading():
            free = (one for one in kinds if not request_at_work(asker.account_no, one, asker.consumer_id))
            return next(free)

    def _bill(self, account_no: str, day: date) -> tuple[DemoBill, int] | None:
        """Return the newest bill that was issued by a day and is not in dispute, and the reading on that day."""
        with reading():
            bills = bills_as_issued(account_no)
        for place, bill in enumerate(bills):
            if bill.issue_date <= day and bill.bill_no not in self.disputed:
                self.disputed.add(bill.bill_no)
                return bill, _reading_on(day, bill, bills[place + 1 : place + 4])
        return None

    def actor_of(self, part: ScenarioRole, complaint_no: str) -> Actor | None:
        """Return the officer with this part in a step; None when the post is vacant."""
        if part is ScenarioRole.CLOCK:
            return SYSTEM
        with reading():
            seen = visible_request(SYSTEM, complaint_no, now())
            chain = reference().chain(seen.office_code)
        if part is ScenarioRole.MAKER and rank(Role(seen.holder_role)) >= rank(Role.EE):
            return next((actor for desk in chain if (actor := self._at(desk.office_code, Role.SDO))), None)
        if part in (ScenarioRole.HOLDER, ScenarioRole.MAKER):
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


def _take(scene: ScenarioStep, actor: Actor, complaint_no: str, kind: str) -> None:
    words = remark_of(scene, kind)
    if kind == BILL and scene.resolution is Resolution.REVISED:
        reason = present_state(complaint_no).fields["reason"]
        propose_figures_of(actor, complaint_no, _corrected, reason, words)
    elif scene.action in DECISIONS:
        decide_proposal(actor, complaint_no, scene.action, words)
    else:
        take_action(actor, complaint_no, ActionRequest(scene.action, words, scene.resolution))


def _corrected(bill: EffectiveBill) -> dict[str, str]:
    """Return the reading that makes a bill a fifth smaller."""
    units = bill.units * 4 // 5
    return {"current_reading": str(bill.previous_reading + units), "basis": "MU"}


def _reading_on(day: date, bill: DemoBill, before: Sequence[DemoBill]) -> int:
    """Return what the meter shows on a day, by somewhat less than the use of the bills before."""
    days = sum((one.period_to - one.period_from).days + 1 for one in before)
    since = bill.period_from if bill.bill_basis in UNREAD else bill.period_to
    return bill.current_reading + sum(one.units for one in before) * (day - since).days * 9 // (
        10 * max(days, 1)
    )


def _answers(kind: str, found: tuple[DemoBill, int] | None, number: int) -> dict[str, Any]:
    if found is not None:
        bill, reading_kwh = found
        reason = "reading_not_taken" if bill.bill_basis in UNREAD else "wrong_reading"
        remarks = written_remarks(reason, number)
        return {"bill_no": [bill.bill_no], "reason": reason, "reading_kwh": reading_kwh, "remarks": remarks}
    if kind == METER:
        return {"reason": "stopped", "remarks": written_remarks("stopped", number)}
    return {"remarks": written_remarks(kind, number)} | ({"new_name": "Anita Devi"} if kind == NAME else {})
