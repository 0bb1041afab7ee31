"""Working days and working hours of the offices, and the promised day of a reply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

# India has one time zone and no summer time, so a fixed offset is exact.
IST = timezone(timedelta(hours=5, minutes=30), "IST")
_SUNDAY = 6
_ONE_DAY = timedelta(days=1)


class NoWorkingTime(ValueError):
    """Raised for a calendar without any working time, by which no day can be promised."""


@dataclass(frozen=True)
class Calendar:
    """The offices' calendar: Monday to Saturday between two times of day (IST), less the holidays."""

    holidays: frozenset[date] = frozenset()
    opens: time = time(10)
    closes: time = time(17)

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise NoWorkingTime

    def is_working_day(self, day: date) -> bool:
        """Return whether the offices are open on this day."""
        return day.weekday() != _SUNDAY and day not in self.holidays

    def working_day(self, after: date, number: int) -> date:
        """Return the n-th working day after a date; the first working day after it is day one."""
        day = after
        for _ in range(number):
            day = self._next_working_day(day + _ONE_DAY)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Return the number of working days after the first day, up to and including the last."""
        days = (first + timedelta(days=number + 1) for number in range((last - first).days))
        return sum(self.is_working_day(day) for day in days)

    def promised_on(self, registered_on: date, target_days: int) -> date:
        """Return the day by which a request registered on a date is to be settled."""
        return self.working_day(after=registered_on, number=target_days)

    def working_hours_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments; zero if the second is not later."""
        total = timedelta()
        if end <= start:
            return total
        for opens, closes in self._sessions_from(start):
            if opens >= end:
                return total
            total += min(closes, end) - max(opens, start)
        return total

    def add_working_time(self, start: datetime, left: timedelta) -> datetime:
        """Return the moment (UTC) at which so much working time has passed since a moment."""
        for opens, closes in self._sessions_from(start):
            begins = max(opens, start)
            if left <= closes - begins:
                return (begins + left).astimezone(UTC)
            left -= closes - begins
        raise NoWorkingTime

    def _next_working_day(self, day: date) -> date:
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def _sessions_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the periods in which the offices are open, starting with the one that has not ended at `moment`."""
        local = moment.astimezone(IST)
        day = local.date() if local.time() < self.closes else local.date() + _ONE_DAY
        while True:
            day = self._next_working_day(day)
            yield (
                datetime.combine(day, self.opens, IST),
                datetime.combine(day, self.closes, IST),
            )
            day += _ONE_DAY
