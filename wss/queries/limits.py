"""Counts of what is limited, each moved by one statement, so that no crowd slips through."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, or_, select, update

from wss.db import affected, insert, session
from wss.models import LimitCount


def spend(key: str, times: int, within: timedelta, at: datetime) -> int | None:
    """Count one more; the count so far, or None when the limit of this window is reached already."""
    row = LimitCount.__table__.c
    over = row.ends_at <= at
    statement = (
        insert(LimitCount)
        .values(key=key, count=1, ends_at=at + within)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((over, 1), else_=row.count + 1),
                "ends_at": case((over, at + within), else_=row.ends_at),
            },
            where=or_(over, row.count < times),
        )
        .returning(row.count)
    )
    return session().execute(statement).scalar()


def counted(key: str, at: datetime) -> tuple[int, datetime | None]:
    """How often in the running window, and when it ends; (0, None) without one."""
    statement = select(LimitCount.count.label("times"), LimitCount.ends_at).where(
        LimitCount.key == key, LimitCount.ends_at > at
    )
    found = session().execute(statement).first()
    return (found.times, found.ends_at) if found else (0, None)


def give_back(key: str) -> None:
    """Count one less."""
    session().execute(
        update(LimitCount)
        .where(LimitCount.key == key, LimitCount.count > 0)
        .values(count=LimitCount.count - 1)
        .execution_options(synchronize_session=False)
    )


def clear(key: str) -> None:
    """Forget a count."""
    session().execute(delete(LimitCount).where(LimitCount.key == key))


def delete_expired_limits(at: datetime) -> int:
    """Drop the windows that are over."""
    return affected(delete(LimitCount).where(LimitCount.ends_at <= at))
