"""The clock of escalation: how a step leaves it, and when the request will move up by it."""

from datetime import datetime
from typing import Any

from wss.domain.actor import Role
from wss.domain.escalation import EscalationClock, EscalationLadder, goes, moved_on
from wss.domain.lifecycle import TAKES_PROPOSAL_BACK, Action, Status
from wss.domain.routing import Holder
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow


def clock_of(seen: RequestRow) -> EscalationClock:
    """The clock as it stands."""
    return EscalationClock(seen.clock_from, seen.clock_used_s)


def is_handover(action: Action) -> bool:
    """Whether an action passes a request between the maker of a proposal and the post that decides."""
    return action is Action.PROPOSE or action in TAKES_PROPOSAL_BACK


def first_clock(at: datetime, ladder: EscalationLadder, held_by: Holder, version: int) -> dict[str, Any]:
    """The columns of a clock that begins with a request."""
    return _columns(EscalationClock(at), ladder, held_by.role, version)


def clock_after(
    seen: RequestRow,
    columns: dict[str, Any],
    tables: Reference,
    begins: datetime,
    at: datetime,
    action: Action | None = None,
) -> dict[str, Any]:
    """The clock's columns after a move with these columns. It begins anew, at `begins`, when another post has the
    request or it is opened again.

    Maker and decider of a proposal have a clock each, and neither begins anew while the request goes to and fro between
    them: otherwise it could do so for ever without a senior officer hearing of it.
    """
    role = Role(columns.get("holder_role", seen.holder_role))
    status = Status(columns.get("status", seen.status))
    is_running = goes(status, frozen=columns.get("frozen", seen.frozen))
    is_reopened = status is Status.REOPENED and seen.status != Status.REOPENED
    other_s = seen.other_clock_s
    if role != seen.holder_role and action is not None and is_handover(action):
        stopped = moved_on(clock_of(seen), goes=False, at=at, calendar=tables.calendar)
        clock, other_s = EscalationClock(at if is_running else None, other_s), stopped.used_s
    elif role != seen.holder_role or is_reopened:
        clock, other_s = EscalationClock(begins if is_running else None), 0
    else:
        clock = moved_on(clock_of(seen), goes=is_running, at=at, calendar=tables.calendar)
    ladder = tables.ladder(seen.kind, columns.get("office_code", seen.office_code))
    return _columns(clock, ladder, role, tables.version) | {"other_clock_s": other_s}


def _columns(clock: EscalationClock, ladder: EscalationLadder, held_by: Role, version: int) -> dict[str, Any]:
    return {
        "clock_from": clock.since,
        "clock_used_s": clock.used_s,
        "clock_rules": version,
        "escalate_at": ladder.due_at(held_by, clock),
    }
