"""Tips that follow from the bills of a connection, each with what these bills would have been lower by.

Only the bills of the last twelve that are based on a reading count; with fewer than six there are no tips. All
amounts are by the tariff in force today: the difference of `charge` for a bill's period, with its units and with less.

    standing load  the lowest use of a day is 50 W day and night or more, and half of the average use of a day or more
    season         a day of April to September takes 1.5 times a day of November to February or more, or the reverse;
                   two bills of each
    slab           a bill is above the border of a slab by a tenth of that border or less
    sanctioned load  2 kW or more, and the highest bill of eleven or more takes half an hour of full load a day or less

Of the standing load, and of what a season takes more, a fifth is taken as saved; of a slab all that is above the
border; of the sanctioned load 1 kW. A high bill says nothing about the sanctioned load, as the demand is not known.
These numbers are choices of this project (docs/specification.md#saving-tips).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from wss.domain.appliance_use import HOURS_A_DAY, MINUTES_AN_HOUR, MONTHS_A_YEAR, WATTS_PER_KW, half_up
from wss.domain.consumption import MonthlyUnits, UnitsBasis
from wss.domain.proration import Period
from wss.domain.tariff import Component, Rate, charge, months_of

BILLS_NEEDED, BILLS_FOR_LOAD, BILLS_OF_SEASON = 6, 11, 2
LEAST_STANDING_W, STANDING_SHARE = 50, Fraction(1, 2)
SEASON_TIMES = Fraction(3, 2)
SLAB_SHARE = Fraction(1, 10)
LEAST_LOAD_W, FULL_LOAD_MINUTES = 2000, 30
SAVED_SHARE = Fraction(1, 5)
SUMMER, WINTER = frozenset({4, 5, 6, 7, 8, 9}), frozenset({11, 12, 1, 2})


class TipCode(StrEnum):
    """The kinds of tips."""

    STANDING_LOAD = "standing_load"
    SUMMER = "summer"
    WINTER = "winter"
    SLAB = "slab"
    SANCTIONED_LOAD = "sanctioned_load"


@dataclass(frozen=True, slots=True)
class SavingTip:
    """A tip: its figures, and by how many paise the bills would have been lower.

    `bill_month`: the bill that it is about. `figure`: watts of the standing load, tenths of the times of a season,
    units above the border, or minutes of full load. `other`: units of a month of the standing load, of the season; the
    border; or the load in watts. `bills`: the number of bills that are above a border, or in the season.
    """

    code: TipCode
    paise: int
    bill_month: str
    figure: int
    other: int
    bills: int = 0


@dataclass(frozen=True, slots=True)
class TipBasis:
    """What the tips follow from: the bills with a reading, oldest first, the tariff and the load of today."""

    read: tuple[MonthlyUnits, ...]
    rates: tuple[Rate, ...]
    load_w: int

    @property
    def is_enough(self) -> bool:
        """Return whether there are enough bills, and rows of the tariff."""
        return len(self.read) >= BILLS_NEEDED and bool(self.rates)

    def saved(self, bills: Sequence[MonthlyUnits], less: Callable[[MonthlyUnits], int]) -> int:
        """Return by how much these bills would have been lower with so many units less each."""
        return sum(
            self._total(one, one.units) - self._total(one, max(0, one.units - less(one))) for one in bills
        )

    def saved_by_load(self, less_w: int) -> int:
        """Return by how much all bills would have been lower with so many watts of sanctioned load less."""
        lower = TipBasis(self.read, self.rates, self.load_w - less_w)
        return sum(self._total(one, one.units) - lower._total(one, one.units) for one in self.read)

    def _total(self, one: MonthlyUnits, units: int) -> int:
        return charge(self.rates, units, self.load_w, _period(one)).total


def tip_basis(used: Sequence[MonthlyUnits], in_force: Sequence[Rate], load_w: int) -> TipBasis:
    """Return what the tips follow from. `used`: all bills in force, oldest first."""
    read = [one for one in used[-MONTHS_A_YEAR:] if one.units_basis is UnitsBasis.READING]
    return TipBasis(tuple(read), tuple(in_force), load_w)


def saving_tips(basis: TipBasis) -> list[SavingTip]:
    """Return the tips that follow, the largest saving first; empty if none does."""
    if not basis.is_enough:
        return []
    found = (_standing_load(basis), _season(basis), _slab(basis), _sanctioned_load(basis))
    tips = [tip for tip in found if tip is not None and tip.paise > 0]
    return sorted(tips, key=lambda tip: -tip.paise)


def _standing_load(basis: TipBasis) -> SavingTip | None:
    lowest = min(basis.read, key=_a_day)
    base = _a_day(lowest)
    watts = half_up(base * WATTS_PER_KW / HOURS_A_DAY)
    if watts < LEAST_STANDING_W or base < STANDING_SHARE * _average_day(basis.read):
        return None
    paise = basis.saved(basis.read, lambda one: half_up(base * _period(one).days * SAVED_SHARE))
    return SavingTip(TipCode.STANDING_LOAD, paise, lowest.bill_month, watts, half_up(base * 30))


def _season(basis: TipBasis) -> SavingTip | None:
    seasons = {
        TipCode.SUMMER: [one for one in basis.read if _middle(one).month in SUMMER],
        TipCode.WINTER: [one for one in basis.read if _middle(one).month in WINTER],
    }
    if min(len(bills) for bills in seasons.values()) < BILLS_OF_SEASON:
        return None
    low, high = sorted(seasons, key=lambda code: _average_day(seasons[code]))
    lower, higher = _average_day(seasons[low]), _average_day(seasons[high])
    if not lower or higher < SEASON_TIMES * lower:
        return None
    more = (higher - lower) * SAVED_SHARE
    paise = basis.saved(seasons[high], lambda one: half_up(more * _period(one).days))
    last = seasons[high][-1].bill_month
    return SavingTip(
        high, paise, last, half_up(higher * 10 / lower), half_up(higher * 30), len(seasons[high])
    )


def _slab(basis: TipBasis) -> SavingTip | None:
    passed = [(one, border) for one in basis.read if (border := _border_just_passed(one, basis.rates))]
    if not passed:
        return None
    borders = {one.bill_no: border for one, border in passed}
    paise = basis.saved([one for one, _border in passed], lambda one: one.units - borders[one.bill_no])
    newest, border = passed[-1]
    return SavingTip(TipCode.SLAB, paise, newest.bill_month, newest.units - border, border, len(passed))


def _border_just_passed(one: MonthlyUnits, rates: Sequence[Rate]) -> int:
    """Return the highest border of a slab that a bill is above by a tenth or less, in whole units; 0 without any."""
    borders = [
        int(rate.slab_from * months_of(rate, _period(one)))
        for rate in rates
        if rate.component is Component.ENERGY and rate.slab_from
    ]
    return max((border for border in borders if border < one.units <= border * (1 + SLAB_SHARE)), default=0)


def _sanctioned_load(basis: TipBasis) -> SavingTip | None:
    highest = max(basis.read, key=_a_day)
    if len(basis.read) < BILLS_FOR_LOAD or basis.load_w < LEAST_LOAD_W:
        return None
    minutes = half_up(_a_day(highest) * WATTS_PER_KW * MINUTES_AN_HOUR / basis.load_w)
    if minutes > FULL_LOAD_MINUTES:
        return None
    paise = basis.saved_by_load(WATTS_PER_KW)
    return SavingTip(TipCode.SANCTIONED_LOAD, paise, highest.bill_month, minutes, basis.load_w)


def _period(one: MonthlyUnits) -> Period:
    return Period(one.period_from, one.period_to)


def _a_day(one: MonthlyUnits) -> Fraction:
    return Fraction(one.units, max(1, _period(one).days))


def _average_day(bills: Sequence[MonthlyUnits]) -> Fraction:
    return Fraction(sum(one.units for one in bills), max(1, sum(_period(one).days for one in bills)))


def _middle(one: MonthlyUnits) -> date:
    return one.period_from + timedelta(days=_period(one).days // 2)
