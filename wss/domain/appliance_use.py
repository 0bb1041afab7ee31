"""The units of appliances in a month and a year, and what they cost by the tariff.

The formulae:

    units of an appliance = watts * hours a day * count * 30 days / 1000, exactly
    units of a month      = half_up(sum of the appliances)
    units of a year       = 12 * units of a month

The charges of a month are those of tariff.py for these units and one month; those of a year are twelve such bills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wss.domain.consumption import MonthlyUnits
from wss.domain.tariff import ChargeLine, Charges, Rate, charge, charge_lines, rates_on

DAYS_A_MONTH = 30
MONTHS_A_YEAR = 12
MINUTES_AN_HOUR = 60
HOURS_A_DAY = 24
WATTS_PER_KW = 1000
# Categories of one network end with its letter; all others are of both.
_NETWORK_LETTERS = {"U": "urban", "R": "rural"}


@dataclass(frozen=True, slots=True)
class ApplianceUse:
    """So many appliances of one kind, and the minutes for which each is on in a day."""

    code: str
    watts: int
    minutes_a_day: int
    count: int = 1

    @property
    def units(self) -> Fraction:
        """Return the units of a month, exactly."""
        watt_minutes = self.watts * self.minutes_a_day * self.count * DAYS_A_MONTH
        return Fraction(watt_minutes, MINUTES_AN_HOUR * WATTS_PER_KW)


@dataclass(frozen=True, slots=True)
class UsageEstimate:
    """The units of a month, and its charges line by line; without rows of the tariff there are units only."""

    uses: tuple[ApplianceUse, ...]
    units: int
    charges: Charges | None
    lines: tuple[ChargeLine, ...] = ()

    @property
    def units_a_year(self) -> int:
        """Return the units of twelve months."""
        return self.units * MONTHS_A_YEAR

    @property
    def paise_a_year(self) -> int:
        """Return the sum of twelve bills."""
        return self.charges.total * MONTHS_A_YEAR if self.charges else 0


@dataclass(frozen=True, slots=True)
class BilledUse:
    """The units and whole months of a connection's last bills, and what an average month of them costs today."""

    bills: int
    units: int
    months: int
    charges: Charges | None

    @property
    def units_a_month(self) -> int:
        """Return the average units of a month, rounded half up."""
        return half_up(Fraction(self.units, self.months))

    @property
    def units_a_year(self) -> int:
        """Return the average units of twelve months, rounded half up."""
        return half_up(Fraction(self.units * MONTHS_A_YEAR, self.months))


def category_network(category: str) -> str | None:
    """Return the network of a category; None if it is in both."""
    return _NETWORK_LETTERS.get(category[-1:])


def categories_on(rates: Sequence[Rate], day: date) -> list[str]:
    """Return the categories that have rows of the tariff in force on a day."""
    return sorted({rate.category for rate in rates if rate.effective_from <= day})


def estimate_use(uses: Sequence[ApplianceUse], in_force: Sequence[Rate], load_w: int) -> UsageEstimate:
    """Return units and charges of a month, by the rows of the tariff in force for one category."""
    units = half_up(sum((use.units for use in uses), Fraction(0)))
    if not in_force:
        return UsageEstimate(tuple(uses), units, None)
    lines = charge_lines(in_force, units, load_w)
    return UsageEstimate(tuple(uses), units, charge(in_force, units, load_w), tuple(lines))


def billed_use(
    used: Sequence[MonthlyUnits], rates: Sequence[Rate], category: str, load_w: int, today: date
) -> BilledUse | None:
    """Return the average of a connection's last twelve bills; None without bills. `used`: oldest first."""
    last = used[-MONTHS_A_YEAR:]
    if not last:
        return None
    units, months = sum(one.units for one in last), sum(one.months for one in last)
    in_force = rates_on(rates, category, today)
    average = half_up(Fraction(units, months))
    return BilledUse(len(last), units, months, charge(in_force, average, load_w) if in_force else None)


def half_up(number: Fraction) -> int:
    """Return a whole number, with halves rounded up."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)
