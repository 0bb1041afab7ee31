"""How long requests take to be resolved: a count of each number of days, kept per month, and its median."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

# The measure of a month is this and the month. Its day is not a date: it is this day and as many more as it took.
TOOK = "took:"
NO_DAYS = date(2000, 1, 1)


def took(registered_on: date, resolved_on: date) -> tuple[str, date]:
    """Return the measure and day under which a resolution counts: calendar days since the registration."""
    return took_measure(resolved_on), NO_DAYS + (resolved_on - registered_on)


def took_measure(of: date) -> str:
    """Return the measure of the resolutions of the month of a day."""
    return f"{TOOK}{of:%Y-%m}"


def days_of(day: date) -> int:
    """Return the number of days that the day of such a measure means."""
    return (day - NO_DAYS).days


def median(counted: Mapping[int, int]) -> float | None:
    """Return the median of values of which each was counted so often; the mean of the middle two if there are two."""
    total, before = sum(counted.values()), 0
    middle: list[int] = []
    for value, n in sorted(counted.items()):
        middle += [value for place in ((total - 1) // 2, total // 2) if before <= place < before + n]
        before += n
    return sum(middle) / 2 if middle else None


def added(histograms: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """Return the sum of several counts of days."""
    total: dict[int, int] = {}
    for one in histograms:
        for value, n in one.items():
            total[value] = total.get(value, 0) + n
    return total


def months_between(first: date, last: date) -> list[date]:
    """Return the first days of the months that a period touches."""
    months, month = [], first.replace(day=1)
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return months
