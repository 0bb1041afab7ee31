"""The usual use per day of a connection, and the reading on a day between two known ones.

Interpolation: between the last actual reading R0 on day D0 and the consumer's reading R1 on day D1, the meter showed
on day D: R0 + (R1 - R0) * (D - D0) / (D1 - D0), rounded half up. The tolerance is what this is wrong by if the use
per day before and after D differs by its average, so that one is three times the other:
(R1 - R0) * (D - D0) * (D1 - D) / (D1 - D0) ** 2, at least LEAST_TOLERANCE.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from wss.domain.consumption import MonthlyUnits, UnitsBasis
from wss.domain.meter_units import half_up

LEAST_TOLERANCE = 8
# A usual use needs so many bills with a reading; without the same season of last year it is that of the last ones.
READ_BILLS = 3
# On these bases the meter was read, and the billing system had no doubt about it.
TRUSTED = frozenset({"MU", "MIN"})
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class MeterReading:
    """A reading on a day."""

    on: date
    reading: int


@dataclass(frozen=True, slots=True)
class InterpolatedReading:
    """A reading between two known ones, and by how much it may be wrong."""

    reading: int
    tolerance: int


def interpolate(first: MeterReading, last: MeterReading, day: date) -> InterpolatedReading:
    """Return the reading at the end of a day from `first.on` to `last.on`, as described in the module."""
    steps, days, before = last.reading - first.reading, (last.on - first.on).days, (day - first.on).days
    if not days:
        return InterpolatedReading(first.reading, LEAST_TOLERANCE)
    after = days - before
    tolerance = -(-steps * before * after // (days * days))
    return InterpolatedReading(first.reading + half_up(steps * before, days), max(LEAST_TOLERANCE, tolerance))


def read_until(used: Sequence[MonthlyUnits], day: date) -> list[MonthlyUnits]:
    """Return the bills that ended by a day and whose units are those of one period between two readings.

    A bill after one without a reading has the units of both.
    """
    earlier = sorted((one for one in used if one.period_to <= day), key=lambda one: one.period_to)
    pairs = zip([None, *earlier], earlier, strict=False)
    return [
        one
        for before, one in pairs
        if one.bill_basis in TRUSTED and (before is None or before.units_basis is not UnitsBasis.AVERAGE)
    ]


def usual_units(read: Sequence[MonthlyUnits], first: date, last: date) -> Fraction | None:
    """Return the usual units from the day after `first` to `last`; None if fewer than three bills were read.

    They are those of the same days of the year before if bills cover at least half of them, else those of the last
    three bills; by days.
    """
    if len(read) < READ_BILLS:
        return None
    days = (last - first).days
    if days <= 0:
        return Fraction(0)
    shared = [(one, _common_days(one, first - _YEAR, last - _YEAR)) for one in read]
    covered = sum(common for _one, common in shared)
    if covered * 2 >= days:
        return sum((_per_day(one) * common for one, common in shared), Fraction(0)) * days / covered
    newest = read[-READ_BILLS:]
    return Fraction(sum(one.units for one in newest), sum(_days(one) for one in newest)) * days


def _common_days(one: MonthlyUnits, first: date, last: date) -> int:
    return max(0, (min(one.period_to, last) - max(one.period_from - timedelta(days=1), first)).days)


def _days(one: MonthlyUnits) -> int:
    return (one.period_to - one.period_from).days + 1


def _per_day(one: MonthlyUnits) -> Fraction:
    return Fraction(one.units, _days(one))
