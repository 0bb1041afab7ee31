"""What time it is: the only place that asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from wss.domain.calendar import IST

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)
_shifted = timedelta()


def now() -> datetime:
    """The present moment in UTC."""
    return _standing.get() or datetime.now(UTC) + _shifted


def to_local(moment: datetime) -> datetime:
    """The same moment on the clocks of Uttar Pradesh (IST has no summer time)."""
    return moment.astimezone(IST)


def local_date(moment: datetime) -> date:
    """The day a moment falls on in Uttar Pradesh."""
    return to_local(moment).date()


def day_began(moment: datetime) -> datetime:
    """When the day of a moment began in Uttar Pradesh."""
    return to_local(moment).replace(hour=0, minute=0, second=0, microsecond=0)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Within this block and thread the clock stands still; for demo data and tests, never for the site."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


@contextmanager
def shifted_by(span: timedelta) -> Iterator[None]:
    """Within this block every thread's clock goes by so much ahead; for tests with a served site."""
    global _shifted
    before, _shifted = _shifted, span
    try:
        yield
    finally:
        _shifted = before
