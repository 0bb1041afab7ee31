"""Requests due for escalation, clocks set by old rules, and who was notified recently."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, select, tuple_, update

from wss.db import core, database, session
from wss.models import Consumer, Message, ServiceRequest


@dataclass(frozen=True, slots=True)
class DueEscalation:
    """A request due for escalation, as it was read."""

    escalate_at: datetime
    id: int
    complaint_no: str
    version: int


class RunningClock(NamedTuple):
    """A request with a running clock, with the fields that its rules need."""

    id: int
    version: int
    kind: str
    office_code: str
    holder_role: str
    clock_from: datetime
    clock_used_s: int


_request = cast(Table, ServiceRequest.__table__)
_message = cast(Table, Message.__table__)
_due = [_request.c[name] for name in DueEscalation.__slots__]
_ticking = [_request.c[name] for name in RunningClock._fields]
_set = (
    update(_request)
    .where(_request.c.id == bindparam("of"), _request.c.version == bindparam("seen"))
    .values(clock_rules=bindparam("rules"), escalate_at=bindparam("at"))
)


def due_by(at: datetime, how_many: int, after: DueEscalation | None = None) -> list[DueEscalation]:
    """Return requests due for escalation, longest overdue first. `after` is the cursor: the end of the last batch."""
    statement = select(*_due).where(_request.c.escalate_at <= at, ~_request.c.frozen)
    place = tuple_(_request.c.escalate_at, _request.c.id)
    if after is not None:
        statement = statement.where(place > (after.escalate_at, after.id))
    statement = statement.order_by(_request.c.escalate_at, _request.c.id).limit(how_many)
    return [DueEscalation(*row) for row in core().execute(statement)]


def by_older_rules(version: int, how_many: int) -> list[RunningClock]:
    """Return requests whose clock was set by rules of a version before this one."""
    statement = (
        select(*_ticking)
        .where(_request.c.clock_from.is_not(None), _request.c.clock_rules < version)
        .order_by(_request.c.clock_rules, _request.c.id)
        .limit(how_many)
    )
    return [RunningClock(*row) for row in core().execute(statement)]


def set_due(rows: Sequence[dict[str, Any]]) -> None:
    """Store when requests are escalated under other rules, unless they have changed since they were read."""
    core().execute(_set, list(rows))


def is_notified_since(consumer_id: int, notice: str, moment: datetime) -> bool:
    """Return whether a consumer has had this notice since a moment; a concurrent check for the same consumer waits."""
    if not database().is_sqlite:
        own = select(Consumer.id).where(Consumer.id == consumer_id)
        session().execute(own.with_for_update(key_share=True))
    statement = select(_message.c.id).where(
        _message.c.consumer_id == consumer_id, _message.c.notice == notice, _message.c.created_at > moment
    )
    return core().execute(statement.limit(1)).first() is not None
