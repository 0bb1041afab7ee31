"""A synthetic request with its complete history, computed by the life cycle's table, for bulk insertion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wss.demo.scenarios import Scenario, ScenarioRole, ScenarioStep, remark_of
from wss.domain.actor import Actor, Role, rank
from wss.domain.approval import desk_that_decided, desk_to_decide, post_to_decide
from wss.domain.calendar import IST, Calendar
from wss.domain.catalogue import RequestKind
from wss.domain.escalation import (
    EscalationClock,
    EscalationLadder,
    EscalationRule,
    clock_from_then,
    clock_runs,
    rows_for,
)
from wss.domain.lifecycle import (
    ENDS_PROPOSAL,
    HANDLERS,
    OPEN,
    Action,
    Closing,
    Status,
    after_refusal,
    apply_action,
)
from wss.domain.mis import is_in_time
from wss.domain.routing import Desk, Holder, Level, holder, next_above

Posts = Mapping[tuple[str, Role], str]
_CLOSINGS = {
    Action.CONFIRM: Closing.CONFIRMED,
    Action.CONFIRM_LAPSED: Closing.UNCONFIRMED,
    Action.REFUSE: Closing.DISPUTED,
}
_APPROVERS = (Role.SDO, Role.EE)


@dataclass(frozen=True, slots=True)
class ScenarioSetting:
    """Where a scenario takes place: the kind of request, the offices above the connection, and their filled posts."""

    kind: RequestKind
    chain: Sequence[Desk]
    posts: Posts
    calendar: Calendar
    matrix: Mapping[str, Sequence[EscalationRule]] = field(default_factory=dict)
    rules: int = 0

    @property
    def ladder(self) -> EscalationLadder:
        """Return the rules and offices by which the request is escalated."""
        return EscalationLadder(rows_for(self.kind.code, self.matrix), self.chain, self.calendar)


@dataclass(slots=True)
class DemoHistory:
    """The columns of a request and the events of its timeline."""

    columns: dict[str, Any]
    events: list[dict[str, Any]]

    @property
    def is_open(self) -> bool:
        """Return whether the request is open, so that another one cannot dispute its bills."""
        return self.columns["status"] in OPEN


def demo_history(scenario: Scenario, times: Sequence[datetime], setting: ScenarioSetting) -> DemoHistory:
    """Return the rows of a scenario. It ends early where an office lacks a second person to approve."""
    kind = setting.kind
    first = holder(Role(kind.route_role), Level(kind.route_level), setting.chain)
    history = DemoHistory(_first_columns(times[0], first, setting), [])
    _add_event(history, "register", Role.CONSUMER, times[0])
    for scene, at in zip(scenario.scenes, times[1:], strict=True):
        who = _actor_of(scene, history, setting)
        if who is None:
            break
        _apply(scene, who, history, setting, at)
    history.columns["escalate_at"] = _due(history.columns, setting)
    return history


def _first_columns(at: datetime, first: Holder, setting: ScenarioSetting) -> dict[str, Any]:
    return {
        "kind": setting.kind.code,
        "status": Status.REGISTERED.value,
        "resolution": None,
        "closing": None,
        "office_code": setting.chain[0].office_code,
        "holder_office_code": first.office_code,
        "holder_role": first.role.value,
        "assignee_id": None,
        "proposed_by": None,
        "approved_by": None,
        "escalation_level": 0,
        "reopened_times": 0,
        "registered_at": at,
        "promised_on": setting.calendar.promised_on(at.astimezone(IST).date(), setting.kind.target_days),
        "status_since": at,
        "version": 1,
        "news": 1,
        "clock_rules": setting.rules,
        "other_clock_s": 0,
        "returns_to_office": None,
        "returns_to_role": None,
        **_clock_columns(EscalationClock(at)),
    }


def _actor_of(
    scene: ScenarioStep, history: DemoHistory, setting: ScenarioSetting
) -> tuple[Role, str, str] | None:
    """Return role, employee and office of the person who acts in a step; None when the post is vacant."""
    columns = history.columns
    if scene.part in (ScenarioRole.CONSUMER, ScenarioRole.CLOCK):
        return (Role.CONSUMER if scene.part is ScenarioRole.CONSUMER else Role.SYSTEM), "", ""
    role, office = Role(columns["holder_role"]), columns["holder_office_code"]
    if scene.part is ScenarioRole.MAKER and rank(role) >= rank(Role.EE):
        return _first_of((Role.SDO,), None, setting)
    if scene.part in (ScenarioRole.HOLDER, ScenarioRole.MAKER):
        employee = setting.posts.get((office, role)) if role in HANDLERS else None
        return (role, employee, office) if employee else None
    # The officer whom the proposal waits for; where that post is vacant, another one who may decide.
    employee = setting.posts.get((office, role)) if role in _APPROVERS else None
    if employee and employee != columns["proposed_by"]:
        return role, employee, office
    return _first_of(_APPROVERS, columns["proposed_by"], setting)


def _first_of(
    roles: Sequence[Role], other_than: str | None, setting: ScenarioSetting
) -> tuple[Role, str, str] | None:
    """Return the nearest officer with one of these posts, other than an employee."""
    for desk in setting.chain:
        for role in roles:
            employee = setting.posts.get((desk.office_code, role))
            if employee and employee != other_than:
                return role, employee, desk.office_code
    return None


def _apply(
    scene: ScenarioStep,
    who: tuple[Role, str, str],
    history: DemoHistory,
    setting: ScenarioSetting,
    at: datetime,
) -> None:
    role, employee, office = who
    columns, before = history.columns, dict(history.columns)
    step = apply_action(Status(columns["status"]), scene.action, role, remark_of(scene, setting.kind.code))
    is_refusal = scene.action is Action.REFUSE
    status = after_refusal(columns["reopened_times"]) if is_refusal else step.to
    if status != columns["status"]:
        columns["status_since"] = at
    columns["status"] = status.value
    maker = columns["proposed_by"]
    _decide(scene, employee, columns)
    if scene.action is Action.ESCALATE:
        columns["escalation_level"] += 1
    if status is Status.CLOSED and scene.action in _CLOSINGS:
        columns["closing"] = _CLOSINGS[scene.action].value
    if status is Status.REOPENED:
        _reopen(columns, setting, at)
    if step.one_level_up:
        _escalate(columns, setting)
    _set_holder(scene.action, Actor(role, employee, office), maker, columns, setting)
    columns |= _clock_after(before, columns, setting, at)
    columns["version"] += 1
    columns["news"] += 1
    _add_event(history, scene.action.value, role, at)
    if scene.action is Action.APPROVE:
        history.events[-1]["details"] |= {
            "in_time": is_in_time(columns["promised_on"], at),
            "promised_on": columns["promised_on"].isoformat(),
        }
    if scene.rating is not None:
        history.events[-1]["details"] |= {"rating": scene.rating}
    if before["status"] == Status.INFO_REQUESTED:
        asked_on, ended_on = (moment.astimezone(IST).date() for moment in (before["status_since"], at))
        stopped = setting.calendar.working_days_between(asked_on, ended_on)
        history.events[-1]["details"]["stopped"] = stopped
    history.events[-1] |= {
        "office_code": office or None,
        "employee_id": employee or None,
        "remark": remark_of(scene, setting.kind.code),
    }


def _decide(scene: ScenarioStep, employee: str, columns: dict[str, Any]) -> None:
    """Set the assignee, the proposer and the approver."""
    if scene.action is Action.TAKE_UP:
        columns["assignee_id"] = employee
    if scene.resolution:
        columns |= {"resolution": scene.resolution.value, "proposed_by": employee}
    if scene.action is Action.APPROVE:
        columns["approved_by"] = employee
    if scene.action is Action.SEND_BACK:
        columns |= {"resolution": None, "proposed_by": None}


def _set_holder(
    action: Action, actor: Actor, maker: str | None, columns: dict[str, Any], setting: ScenarioSetting
) -> None:
    """Set the holder: the post that decides holds a proposal, and what it has decided."""
    held_by = Holder(columns["holder_office_code"], Role(columns["holder_role"]))
    back = columns["returns_to_office"]
    if action is Action.PROPOSE:
        post = post_to_decide(None, {}, actor.role, held_by.role)
        to = desk_to_decide(post, setting.chain)
    elif action is Action.APPROVE:
        to = desk_that_decided(Holder(actor.office_code, actor.role), held_by)
    else:
        to = Holder(back, Role(columns["returns_to_role"])) if action in ENDS_PROPOSAL and back else None
    if to is not None:
        is_proposal = action is Action.PROPOSE
        columns |= {
            "holder_office_code": to.office_code,
            "holder_role": to.role.value,
            "assignee_id": maker if action in ENDS_PROPOSAL else None,
            "returns_to_office": held_by.office_code if is_proposal else None,
            "returns_to_role": held_by.role.value if is_proposal else None,
        }


def _reopen(columns: dict[str, Any], setting: ScenarioSetting, at: datetime) -> None:
    columns["reopened_times"] += 1
    columns |= {
        "resolution": None,
        "proposed_by": None,
        "approved_by": None,
        "closing": None,
        "promised_on": setting.calendar.promised_on(at.astimezone(IST).date(), setting.kind.target_days),
    }


def _escalate(columns: dict[str, Any], setting: ScenarioSetting) -> None:
    at = Holder(columns["holder_office_code"], Role(columns["holder_role"]))
    above = next_above(at, setting.chain)
    if above:
        columns |= {"holder_office_code": above.office_code, "holder_role": above.role.value}
        columns["assignee_id"] = None


def _clock_after(
    before: dict[str, Any], columns: dict[str, Any], setting: ScenarioSetting, at: datetime
) -> dict[str, Any]:
    """Return the escalation clock after a step, as services set it."""
    clock = EscalationClock(before["clock_from"], before["clock_used_s"])
    is_running = clock_runs(Status(columns["status"]), frozen=False)
    is_reopened = columns["reopened_times"] != before["reopened_times"]
    is_other, other_s = columns["holder_role"] != before["holder_role"], before["other_clock_s"]
    # A proposal goes to and fro between two posts with a clock each.
    is_handover = columns["returns_to_role"] != before["returns_to_role"] and is_running
    if is_other and is_handover and columns["escalation_level"] == before["escalation_level"]:
        stopped = clock_from_then(clock, runs=False, at=at, calendar=setting.calendar)
        clock, other_s = EscalationClock(at, other_s), stopped.used_s
    elif is_other or is_reopened:
        other_s = 0
        is_up = columns["escalation_level"] != before["escalation_level"]
        clock = EscalationClock(((is_up and _due(before, setting)) or at) if is_running else None)
    else:
        clock = clock_from_then(clock, runs=is_running, at=at, calendar=setting.calendar)
    return _clock_columns(clock) | {"other_clock_s": other_s}


def _clock_columns(clock: EscalationClock) -> dict[str, Any]:
    return {"clock_from": clock.since, "clock_used_s": clock.used_s}


def _due(columns: Mapping[str, Any], setting: ScenarioSetting) -> datetime | None:
    """Return when the request is escalated in its present state."""
    clock = EscalationClock(columns["clock_from"], columns["clock_used_s"])
    return setting.ladder.due_at(Role(columns["holder_role"]), clock)


def _add_event(history: DemoHistory, action: str, role: Role, at: datetime) -> None:
    history.events.append(
        {
            "number": len(history.events) + 1,
            "action": action,
            "status": history.columns["status"],
            "role": role.value,
            "office_code": None,
            "employee_id": None,
            "remark": "",
            "details": _details(history.columns),
            "at": at,
        }
    )


def _details(columns: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "to_office": columns["holder_office_code"],
        "to_role": columns["holder_role"],
        "resolution": columns["resolution"],
        "closing": columns["closing"],
    }
    return {name: value for name, value in shown.items() if value is not None}
