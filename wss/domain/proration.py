"""The number of months of a billing period, by the rule that a row of the tariff names."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor

_DAYS_OF_A_MONTH = Fraction(304, 10)
_THIRTY = 30
_HALF = Fraction(1, 2)


class Proration(StrEnum):
    """The rules that a tariff row can name. A placeholder until the order in force has been checked."""

    WHOLE_MONTH = "whole_month"
    DAYS_30 = "days_30"
    BY_DAYS = "by_days"


@dataclass(frozen=True, slots=True)
class Period:
    """A billing period; both days belong to it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.last - self.first).days + 1

    def months(self, rule: Proration) -> Fraction:
        """Return the months of the period, exactly.

        whole_month: days / 30.4 rounded to the nearest whole number, a half up, at least 1.
        days_30: days / 30.
        by_days: each day counts for 1 / (days of its calendar month), so that 1 to 31 October is exactly one.
        """
        if rule is Proration.WHOLE_MONTH:
            return Fraction(months_between(self.first, self.last))
        if rule is Proration.DAYS_30:
            return Fraction(self.days, _THIRTY)
        return _by_days(self.first, self.last)


def months_between(first: date, last: date) -> int:
    """Return the number of whole months of a billing period, at least one."""
    return max(1, floor(((last - first).days + 1) / _DAYS_OF_A_MONTH + _HALF))


def _by_days(first: date, last: date) -> Fraction:
    """Return the months, with whole calendar months counted as one each and the ends by their days."""
    total, at = Fraction(0), first
    while at <= last:
        length = monthrange(at.year, at.month)[1]
        end = min(last, at.replace(day=length))
        total += Fraction((end - at).days + 1, length)
        at = date(end.year + end.month // 12, end.month % 12 + 1, 1)
    return total
