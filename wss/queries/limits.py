"""Counters of rate limits, each changed by one atomic statement: concurrent requests cannot exceed a limit."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, delete, func, or_, select, update

from wss.db import core, execute_count, insert, run
from wss.models import LimitCount
from wss.prepared_statements import PreparedStatement, StatementCall
from wss.queries._fragments import delete_some

# Built once: every form of a visitor consumes several limits.
_limit = cast(Table, LimitCount.__table__)
_own = _limit.c.key == bindparam("limit")
_is_any = _limit.c.key.in_(bindparam("any_of", expanding=True))
_counted = select(func.sum(_limit.c.count), func.max(_limit.c.ends_at)).where(
    _is_any, _limit.c.ends_at > bindparam("at")
)
_give_back = update(_limit).where(_own, _limit.c.count > 0).values(count=_limit.c.count - 1)
_clear = delete(_limit).where(_is_any)
_take = delete(_limit).where(_own, _limit.c.ends_at > bindparam("at"))


def _consume_statement() -> Any:
    """Return the statement that counts one more."""
    at, times = bindparam("at", type_=_limit.c.ends_at.type), bindparam("times", type_=_limit.c.count.type)
    ends_at = bindparam("window_ends_at", type_=_limit.c.ends_at.type)
    is_ended = _limit.c.ends_at <= at
    return (
        insert(_limit)
        .values(key=bindparam("limit"), count=1, ends_at=ends_at)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((is_ended, 1), else_=_limit.c.count + 1),
                "ends_at": case((is_ended, ends_at), else_=_limit.c.ends_at),
            },
            where=or_(is_ended, _limit.c.count < times),
        )
        .returning(_limit.c.count)
    )


_consume = PreparedStatement(_consume_statement)


def attempt(key: str, times: int, within: timedelta, at: datetime) -> StatementCall:
    """Return what consumes one attempt, and finds the count so far, or None when the window's limit is reached."""
    return StatementCall(_consume, {"limit": key, "times": times, "at": at, "window_ends_at": at + within})


def consume(one: StatementCall) -> int | None:
    """Consume an attempt; return the count so far, or None when the limit of this window is already reached."""
    [count] = run(one)
    return count


def move(former: str, key: str, at: datetime) -> None:
    """Move the count of the current window to another key, and add it to what is counted there."""
    taken = _take.returning(_limit.c.count, _limit.c.ends_at)
    for count, ends_at in core().execute(taken, {"limit": former, "at": at}).all():
        added = insert(_limit).values(key=key, count=count, ends_at=ends_at)
        is_ended, is_earlier = _limit.c.ends_at <= at, _limit.c.ends_at < ends_at
        both = {
            "count": case((is_ended, count), else_=_limit.c.count + count),
            "ends_at": case((is_earlier, ends_at), else_=_limit.c.ends_at),
        }
        core().execute(added.on_conflict_do_update(index_elements=["key"], set_=both))


def counted(keys: list[str], at: datetime) -> tuple[int, datetime | None]:
    """Return the count of these keys in the current window, and when it ends; (0, None) without one."""
    found: Any = core().execute(_counted, {"any_of": keys, "at": at}).one()
    return found[0] or 0, found[1]


def release(key: str) -> None:
    """Count one less."""
    core().execute(_give_back, {"limit": key})


def clear(keys: list[str]) -> None:
    """Delete a counter, under whichever of these keys it is."""
    core().execute(_clear, {"any_of": keys})


def delete_expired_limits(at: datetime, how_many: int) -> int:
    """Delete expired windows, at most so many."""
    return execute_count(delete_some(LimitCount, how_many, LimitCount.ends_at <= at))
