"""The clock of escalation: how a step leaves it, and when the request will move up by it."""

from datetime import datetime
from typing import Any

from wss.domain.actor import Role
from wss.domain.escalation import Clock, Ladder, goes, moved_on
from wss.domain.lifecycle import Status
from wss.domain.routing import Holder
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow


def clock_of(seen: RequestRow) -> Clock:
    """The clock as it stands."""
    return Clock(seen.clock_from, seen.clock_used_s)


def first_clock(at: datetime, ladder: Ladder, held_by: Holder, version: int) -> dict[str, Any]:
    """The columns of a clock that begins with a request."""
    return _columns(Clock(at), ladder, held_by.role, version)


def clock_after(
    seen: RequestRow, columns: dict[str, Any], tables: Reference, begins: datetime, at: datetime
) -> dict[str, Any]:
    """The clock's columns after a move with these columns. It begins anew, at `begins`, when another post has the
    request or it is opened again."""
    role = Role(columns.get("holder_role", seen.holder_role))
    status = Status(columns.get("status", seen.status))
    is_running = goes(status, frozen=columns.get("frozen", seen.frozen))
    is_reopened = status is Status.REOPENED and seen.status != Status.REOPENED
    if role != seen.holder_role or is_reopened:
        clock = Clock(begins if is_running else None)
    else:
        clock = moved_on(clock_of(seen), goes=is_running, at=at, calendar=tables.calendar)
    ladder = tables.ladder(seen.kind, columns.get("office_code", seen.office_code))
    return _columns(clock, ladder, role, tables.version)


def _columns(clock: Clock, ladder: Ladder, held_by: Role, version: int) -> dict[str, Any]:
    return {
        "clock_from": clock.since,
        "clock_used_s": clock.used_s,
        "clock_rules": version,
        "escalate_at": ladder.due_at(held_by, clock),
    }
