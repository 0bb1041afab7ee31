"""Requests that move up now, clocks that go by old rules, and who has been told lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, select, tuple_, update

from wss.db import core, database, session
from wss.models import Consumer, Message, ServiceRequest


@dataclass(frozen=True, slots=True)
class DueEscalation:
    """A request that moves up, as it was seen."""

    escalate_at: datetime
    id: int
    complaint_no: str
    version: int


class RunningClock(NamedTuple):
    """A request whose clock goes, as far as its rules ask."""

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
    """Requests that move up by now, longest overdue first; `after` goes on where the last batch ended."""
    statement = select(*_due).where(_request.c.escalate_at <= at, ~_request.c.frozen)
    place = tuple_(_request.c.escalate_at, _request.c.id)
    if after is not None:
        statement = statement.where(place > (after.escalate_at, after.id))
    statement = statement.order_by(_request.c.escalate_at, _request.c.id).limit(how_many)
    return [DueEscalation(*row) for row in core().execute(statement)]


def by_older_rules(version: int, how_many: int) -> list[RunningClock]:
    """Requests whose clock goes by the rules of a version before this one."""
    statement = (
        select(*_ticking)
        .where(_request.c.clock_from.is_not(None), _request.c.clock_rules < version)
        .order_by(_request.c.clock_rules, _request.c.id)
        .limit(how_many)
    )
    return [RunningClock(*row) for row in core().execute(statement)]


def set_due(rows: Sequence[dict[str, Any]]) -> None:
    """Write down when requests move up by other rules, where they still stand as they were seen."""
    core().execute(_set, list(rows))


def is_told_since(consumer_id: int, notice: str, moment: datetime) -> bool:
    """Whether a consumer has had this notice since then; whoever asks for the same consumer waits for the answer."""
    if not database().is_sqlite:
        own = select(Consumer.id).where(Consumer.id == consumer_id)
        session().execute(own.with_for_update(key_share=True))
    statement = select(_message.c.id).where(
        _message.c.consumer_id == consumer_id, _message.c.notice == notice, _message.c.created_at > moment
    )
    return core().execute(statement.limit(1)).first() is not None
