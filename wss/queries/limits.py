"""Counters of rate limits, each changed by one atomic statement: concurrent requests cannot exceed a limit."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, delete, or_, select, update

from wss.db import core, database, execute_count, insert
from wss.models import LimitCount
from wss.queries._fragments import delete_some

# Built once, as _spend is: every form of a visitor consumes several limits.
_limit = cast(Table, LimitCount.__table__)
_own = _limit.c.key == bindparam("limit")
_counted = select(_limit.c.count, _limit.c.ends_at).where(_own, _limit.c.ends_at > bindparam("at"))
_give_back = update(_limit).where(_own, _limit.c.count > 0).values(count=_limit.c.count - 1)
_clear = delete(_limit).where(_own)


@cache
def _consume(_is_sqlite: bool) -> Any:
    """Return the statement that counts one more.

    Cached for each kind of database: building it again would add 12 % to the processor time of registering a
    request, which consumes several limits, and 8 % to that of /track.
    """
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


def consume(key: str, times: int, within: timedelta, at: datetime) -> int | None:
    """Consume one attempt; return the count so far, or None when the limit of this window is already reached."""
    asked = {"limit": key, "times": times, "at": at, "window_ends_at": at + within}
    count: int | None = core().execute(_consume(database().is_sqlite), asked).scalar()
    return count


def counted(key: str, at: datetime) -> tuple[int, datetime | None]:
    """Return the count in the current window, and when it ends; (0, None) without one."""
    found: Any = core().execute(_counted, {"limit": key, "at": at}).first()
    return (found[0], found[1]) if found else (0, None)


def release(key: str) -> None:
    """Count one less."""
    core().execute(_give_back, {"limit": key})


def clear(key: str) -> None:
    """Delete a counter."""
    core().execute(_clear, {"limit": key})


def delete_expired_limits(at: datetime, how_many: int) -> int:
    """Delete expired windows, at most so many."""
    return execute_count(delete_some(LimitCount, how_many, LimitCount.ends_at <= at))
