"""The escalation clock: how a transition changes it, and when the request will be escalated."""

from datetime import datetime
from typing import Any

from wss.domain.actor import Role
from wss.domain.escalation import EscalationClock, EscalationLadder, clock_from_then, clock_runs
from wss.domain.lifecycle import ENDS_PROPOSAL, Action, Status
from wss.domain.routing import Holder
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow


def clock_of(seen: RequestRow) -> EscalationClock:
    """Return the present clock."""
    return EscalationClock(seen.clock_from, seen.clock_used_s)


def is_handover(action: Action) -> bool:
    """Return whether an action passes a request between the maker of a proposal and the post that decides."""
    return action is Action.PROPOSE or action in ENDS_PROPOSAL


def first_clock(at: datetime, ladder: EscalationLadder, held_by: Holder, version: int) -> dict[str, Any]:
    """Return the columns of the clock of a new request."""
    return _columns(EscalationClock(at), ladder, held_by.role, version)


def clock_after(
    seen: RequestRow,
    columns: dict[str, Any],
    tables: Reference,
    begins: datetime,
    at: datetime,
    action: Action | None = None,
) -> dict[str, Any]:
    """Return the clock's columns after a transition with these columns.

    The clock restarts at `begins` when another post becomes the holder or the request is reopened.

    Maker and decider of a proposal have a clock each, and neither restarts while the request passes back and forth
    between them: otherwise it could do so without end and never be escalated to a senior officer.
    """
    role = Role(columns.get("holder_role", seen.holder_role))
    status = Status(columns.get("status", seen.status))
    is_running = clock_runs(status, frozen=columns.get("frozen", seen.frozen))
    is_reopened = status is Status.REOPENED and seen.status != Status.REOPENED
    other_s = seen.other_clock_s
    if role != seen.holder_role and action is not None and is_handover(action):
        stopped = clock_from_then(clock_of(seen), runs=False, at=at, calendar=tables.calendar)
        clock, other_s = EscalationClock(at if is_running else None, other_s), stopped.used_s
    elif role != seen.holder_role or is_reopened:
        clock, other_s = EscalationClock(begins if is_running else None), 0
    else:
        clock = clock_from_then(clock_of(seen), runs=is_running, at=at, calendar=tables.calendar)
    ladder = tables.ladder(seen.kind, columns.get("office_code", seen.office_code))
    return _columns(clock, ladder, role, tables.version) | {"other_clock_s": other_s}


def _columns(clock: EscalationClock, ladder: EscalationLadder, held_by: Role, version: int) -> dict[str, Any]:
    return {
        "clock_from": clock.since,
        "clock_used_s": clock.used_s,
        "clock_rules": version,
        "escalate_at": ladder.due_at(held_by, clock),
    }
