"""Requests for a call: the consumer's own, the help-desk's queue, and the single statements that change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, case, delete, exists, func, or_, select, update

from wss.db import core, execute_count
from wss.db import insert as upsert
from wss.domain.call_backs import ATTEMPTS, SHOWN_AFTER_END, CallBackOutcome
from wss.domain.calls import IDLE, LIFE
from wss.domain.masking import masked_mobile
from wss.models import Call, CallBack, Consumer, Ownership
from wss.queries._driver_reads import DriverRead

_call_back = cast(Table, CallBack.__table__)
_call = cast(Table, Call.__table__)
_consumer = cast(Table, Consumer.__table__)
_owner = _consumer.alias("owner")
SHOWN = 50


@dataclass(frozen=True, slots=True)
class CallBackRow:
    """A request for a call as its consumer sees it."""

    id: int
    account_no: str
    complaint_no: str | None
    call_reason: str
    code: str
    asked_at: datetime
    expires_at: datetime
    due_at: datetime
    attempts: int
    ended_at: datetime | None
    outcome: str | None

    @property
    def is_open(self) -> bool:
        """Return whether 1912 is still to call."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class WaitingCallBack:
    """A request for a call in the queue of the help-desk; the number is masked until an employee takes it."""

    masked_mobile: str
    language: str
    id: int
    complaint_no: str | None
    call_reason: str
    asked_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class CallBackOfCall:
    """The request that an employee is calling about, with the number to dial and what to say first."""

    id: int
    consumer_id: int
    account_no: str
    complaint_no: str | None
    call_reason: str
    code: str
    asked_at: datetime
    attempts: int
    language: str
    mobile: str


@dataclass(frozen=True, slots=True)
class CallBackFigures:
    """The queue now, and what became of a day's requests, for a supervisor."""

    waiting: int
    oldest_at: datetime | None
    asked: int
    outcomes: dict[str, int]


_own = [_call_back.c[name] for name in CallBackRow.__slots__]
_latest = DriverRead(
    select(*_own)
    .where(
        _call_back.c.consumer_id == bindparam("consumer"),
        or_(_call_back.c.ended_at.is_(None), _call_back.c.ended_at > bindparam("ended_after")),
    )
    .order_by(_call_back.c.id.desc())
    .limit(1),
    CallBackRow,
)
_listed = [_call_back.c[name] for name in ("id", "complaint_no", "call_reason", "asked_at", "attempts")]
_of_call = (
    *(_call_back.c[name] for name in ("id", "consumer_id", "account_no", "complaint_no", "call_reason")),
    *(_call_back.c[name] for name in ("code", "asked_at", "attempts")),
    _consumer.c.language,
    _consumer.c.mobile,
)


def latest_call_back(consumer_id: int, at: datetime) -> CallBackRow | None:
    """Return the consumer's open request for a call, else the last one for some days after it ended."""
    return _latest.first(consumer=consumer_id, ended_after=at - SHOWN_AFTER_END)


def add_call_back(columns: dict[str, Any]) -> int:
    """Store a request for a call; return 1, or 0 if another of the same consumer was stored at the same moment."""
    put_in = upsert(_call_back).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return execute_count(put_in.values(**columns))


def end_call_back_of(consumer_id: int, outcome: CallBackOutcome, at: datetime) -> int:
    """End the consumer's open request for a call; return how many were ended."""
    statement = update(_call_back).where(
        _call_back.c.consumer_id == consumer_id, _call_back.c.ended_at.is_(None)
    )
    return execute_count(statement.values(ended_at=at, outcome=outcome.value, leased_until=None))


def end_expired_call_backs(at: datetime) -> int:
    """End the requests that have waited too long, unless an employee is calling; return how many."""
    statement = update(_call_back).where(_call_back.c.expires_at <= at, *_is_free(at))
    return execute_count(statement.values(ended_at=at, outcome=CallBackOutcome.EXPIRED.value))


def release_call_backs(at: datetime) -> int:
    """Return the requests to the queue whose call has ended without a result; return how many."""
    has_ended = exists().where(_call.c.id == _call_back.c.call_id, _call.c.ended_at.is_not(None))
    statement = update(_call_back).where(
        _call_back.c.ended_at.is_(None), _call_back.c.leased_until > at, has_ended
    )
    return execute_count(statement.values(leased_until=None))


def delete_old_call_backs(before: datetime, how_many: int) -> int:
    """Delete requests for calls that ended before a moment; return how many."""
    old = select(_call_back.c.id).where(_call_back.c.ended_at <= before).limit(how_many)
    return execute_count(delete(_call_back).where(_call_back.c.id.in_(old)))


def waiting_call_backs(at: datetime) -> Sequence[WaitingCallBack]:
    """Return the requests whose turn it is, the oldest first."""
    statement = (
        select(_consumer.c.mobile, _consumer.c.language, *_listed)
        .join(_consumer, _consumer.c.id == _call_back.c.consumer_id)
        .where(_call_back.c.due_at <= at, _call_back.c.expires_at > at, _is_whole(at), *_is_free(at))
        .order_by(_call_back.c.asked_at, _call_back.c.id)
        .limit(SHOWN)
    )
    rows: Any = core().execute(statement)
    return [WaitingCallBack(masked_mobile(row[0]), *row[1:]) for row in rows]


def claim_call_back(call_back_id: int, employee_id: str, until: datetime, at: datetime) -> int:
    """Give a waiting request to one employee; return 1, or 0 where another was faster or nothing waits."""
    statement = update(_call_back).where(
        _call_back.c.id == call_back_id,
        _call_back.c.due_at <= at,
        _call_back.c.expires_at > at,
        _is_whole(at),
        *_is_free(at),
    )
    return execute_count(statement.values(leased_until=until, employee_id=employee_id, call_id=None))


def has_call_back(call_back_id: int) -> bool:
    """Return whether there is, or was, such a request."""
    return core().execute(select(_call_back.c.id).where(_call_back.c.id == call_back_id)).first() is not None


def claimed_call_back(call_back_id: int) -> CallBackOfCall:
    """Return a request that has just been claimed."""
    statement = select(*_of_call).join(_consumer, _consumer.c.id == _call_back.c.consumer_id)
    row: Any = core().execute(statement.where(_call_back.c.id == call_back_id)).one()
    return CallBackOfCall(*row)


def set_call_of(call_back_id: int, call_id: int) -> None:
    """Store the call on which the employee calls."""
    core().execute(update(_call_back).where(_call_back.c.id == call_back_id).values(call_id=call_id))


def call_taken_by(employee_id: str, at: datetime) -> int | None:
    """Return the call of the request that an employee has taken and not settled, while the call lasts."""
    statement = (
        select(_call.c.id)
        .join(_call_back, _call_back.c.call_id == _call.c.id)
        .where(_call_back.c.employee_id == employee_id, _call_back.c.leased_until > at)
        .where(_call_back.c.ended_at.is_(None), _call.c.ended_at.is_(None))
        .where(_call.c.last_at > at - IDLE, _call.c.began_at > at - LIFE)
    )
    return core().execute(statement.limit(1)).scalar()


def call_back_of_call(call_id: int, at: datetime) -> CallBackOfCall | None:
    """Return the request that is being called about on a call, until its result is recorded or it is cancelled."""
    statement = (
        select(*_of_call)
        .join(_consumer, _consumer.c.id == _call_back.c.consumer_id)
        .where(_call_back.c.call_id == call_id, _call_back.c.leased_until > at)
        .where(_call_back.c.ended_at.is_(None), _is_whole(at))
    )
    row: Any = core().execute(statement).first()
    return CallBackOfCall(*row) if row is not None else None


def settle_attempt(call_id: int, next_due: datetime, at: datetime, *, is_reached: bool) -> str | None:
    """Count the attempt of a call. The request ends when it reached the consumer, or with the last attempt.

    Return the outcome, empty while another attempt follows; None where the request was over already.
    """
    is_last = _call_back.c.attempts + 1 >= ATTEMPTS
    ended: dict[str, Any] = {"ended_at": at, "outcome": CallBackOutcome.REACHED.value}
    if not is_reached:
        ended = {"ended_at": case((is_last, at)), "outcome": case((is_last, CallBackOutcome.UNREACHED.value))}
    statement = (
        update(_call_back)
        .where(
            _call_back.c.call_id == call_id, _call_back.c.leased_until > at, _call_back.c.ended_at.is_(None)
        )
        .values(attempts=_call_back.c.attempts + 1, leased_until=None, due_at=next_due, **ended)
        .returning(_call_back.c.outcome)
    )
    settled = core().execute(statement).first()
    return None if settled is None else settled[0] or ""


def call_back_figures(begins: datetime, ends: datetime, at: datetime) -> CallBackFigures:
    """Return the length of the queue now, and what became of the requests of a day."""
    waits = select(func.count(), func.min(_call_back.c.asked_at)).where(
        _call_back.c.ended_at.is_(None), _call_back.c.expires_at > at, _is_whole(at)
    )
    waiting, oldest_at = core().execute(waits).one()
    of_day = (
        select(_call_back.c.outcome, func.count())
        .where(_call_back.c.asked_at >= begins, _call_back.c.asked_at < ends)
        .group_by(_call_back.c.outcome)
    )
    counts = {row[0]: row[1] for row in core().execute(of_day)}
    asked = sum(counts.values())
    counts.pop(None, None)
    return CallBackFigures(waiting, oldest_at, asked, counts)


def _is_free(at: datetime) -> tuple[Any, ...]:
    """Return the condition of open requests that no employee has now. It is about the row alone: PostgreSQL checks
    it again on the changed row when another transaction was faster."""
    return _call_back.c.ended_at.is_(None), or_(
        _call_back.c.leased_until.is_(None), _call_back.c.leased_until <= at
    )


def _is_whole(at: datetime) -> Any:
    """Return the condition that the consumer has a verified mobile, and still has the connection."""
    return and_(
        exists().where(_owner.c.id == _call_back.c.consumer_id, _owner.c.mobile.is_not(None)),
        Ownership.is_whose(_call_back.c.account_no, _call_back.c.consumer_id, at),
    )
