"""The clock: the only place that reads the current time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from wss.domain.calendar import IST

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_shifted = timedelta()


def now() -> datetime:
    """Return the present moment in UTC."""
    return _frozen.get() or datetime.now(UTC) + _shifted


def to_local(moment: datetime) -> datetime:
    """Return the same moment in the local time of Uttar Pradesh (IST has no summer time)."""
    return moment.astimezone(IST)


def local_date(moment: datetime) -> date:
    """Return the date of a moment in Uttar Pradesh."""
    return to_local(moment).date()


def day_began(moment: datetime) -> datetime:
    """Return the moment at which the day of a moment began in Uttar Pradesh."""
    return to_local(moment).replace(hour=0, minute=0, second=0, microsecond=0)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Freeze the clock of this thread within the block; for demo data and tests, never for the site."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def move_ahead(span: timedelta) -> None:
    """Set by how much the clock of this process is ahead of the real one; only for sites with demo data."""
    global _shifted
    _shifted = span


@contextmanager
def shifted_by(span: timedelta) -> Iterator[None]:
    """Move the clock of every thread ahead by a time span within the block; for tests with a running server."""
    global _shifted
    before, _shifted = _shifted, span
    try:
        yield
    finally:
        _shifted = before
