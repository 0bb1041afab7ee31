"""The projection of the next bill from a reading in the middle of its period, with a range.

The computation, for checks by hand:

1. The last bill ended on day D0 with reading R0; the consumer reads R1 on day D1. Used so far: U = (R1 - R0) * factor,
   in n = D1 - D0 days. The period is taken to be as long as a month of the last bill, N days, at least n.
2. Two rates per day: the present one, U / n, and the usual one of these days, as in suggestion/daily_use.py; without
   enough bills the present one only. The rest of the period is N - n days.
3. units = U + rest * mean of the rates; low = U + rest * lower rate * 4/5; high = U + rest * higher rate * 6/5: the
   use of some days differs from the rates by a fifth [own]. Rounded half up, low down, high up.
4. Rupees: the tariff's charges for these units over the period D0 + 1 to D0 + N, by the rows in force on D1 and the
   load and category of the last bill; without arrears and other charges. Where the rows do not give the charges of
   the last bill as issued, there are units only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from wss.domain.alerts import month_after
from wss.domain.billed import EffectiveBill, facts_of
from wss.domain.calculation import TariffBasis
from wss.domain.consumption import AVERAGES, WITHOUT_METER
from wss.domain.errors import RuleBroken
from wss.domain.meter_units import counted_units
from wss.domain.proration import Period, months_between
from wss.domain.revision import table_difference
from wss.domain.self_check import SelfCheckSupply, is_too_much
from wss.domain.suggestion.daily_use import MeterReading, read_until, usual_units
from wss.domain.tariff import Rate, charge, rates_on

# After so many days the next bill should be here, and the reading belongs to two periods.
LONGEST_DAYS = 62
_SPREAD = Fraction(1, 5)


class ProjectionObstacle(StrEnum):
    """Why nothing can be projected: the first two are about the reading, the others about the bills."""

    BELOW_LAST = "below_last"
    DOUBTFUL = "doubtful"
    NO_BILL = "no_bill"
    NOT_READ = "not_read"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


OF_READING = frozenset({ProjectionObstacle.BELOW_LAST, ProjectionObstacle.DOUBTFUL})


@dataclass(frozen=True, slots=True)
class ProjectedBill:
    """Units and charges of a bill, in paise; None where the tariff is not known."""

    units: int
    paise: int | None


@dataclass(frozen=True, slots=True)
class Projection:
    """The next bill as projected, its range, and what it is from."""

    bill_month: str
    given: MeterReading
    used: int
    days: int
    days_left: int
    expected: ProjectedBill
    low: ProjectedBill
    high: ProjectedBill


def obstacle_of_bill(bill: EffectiveBill | None, today: date) -> ProjectionObstacle | None:
    """Return why a reading of today cannot be used, whatever it is."""
    if bill is None:
        return ProjectionObstacle.NO_BILL
    if bill.bill_basis in AVERAGES | WITHOUT_METER:
        return ProjectionObstacle.NOT_READ
    days = (today - bill.period_to).days
    if days < 1:
        return ProjectionObstacle.TOO_EARLY
    return ProjectionObstacle.TOO_LATE if days > LONGEST_DAYS else None


def project(bill: EffectiveBill, basis: TariffBasis, given: MeterReading) -> Projection | ProjectionObstacle:
    """Return the next bill as projected from a reading, or why that is not possible. `bill` is the newest one."""
    if obstacle := obstacle_of_bill(bill, given.on):
        return obstacle
    facts = facts_of(bill, basis.rates)
    days = (given.on - bill.period_to).days
    if given.reading < bill.current_reading:
        return ProjectionObstacle.BELOW_LAST
    used = counted_units(given.reading - bill.current_reading, facts.multiplying_factor_milli)
    if is_too_much(used, SelfCheckSupply(facts.load_w), months_between(bill.period_to, given.on)):
        return ProjectionObstacle.DOUBTFUL
    whole = max(days, _days_of_month(bill))
    left = whole - days
    rates = _daily_rates(basis, bill.period_to, whole, Fraction(used, days))
    period = Period(bill.period_to + timedelta(days=1), bill.period_to + timedelta(days=whole))
    in_force = _tariff_for(bill, basis, given.on)

    def billed(units: int) -> ProjectedBill:
        return ProjectedBill(units, charge(in_force, units, facts.load_w, period).total if in_force else None)

    return Projection(
        month_after(bill.bill_month),
        given,
        used,
        days,
        left,
        billed(floor(used + left * sum(rates) / len(rates) + Fraction(1, 2))),
        billed(floor(used + left * min(rates) * (1 - _SPREAD))),
        billed(ceil(used + left * max(rates) * (1 + _SPREAD))),
    )


def _days_of_month(bill: EffectiveBill) -> int:
    """Return the days of one month of a bill, which may cover several."""
    return round(Fraction(bill.period.days, months_between(bill.period_from, bill.period_to)))


def _daily_rates(basis: TariffBasis, first: date, days: int, present: Fraction) -> list[Fraction]:
    usual = usual_units(read_until(basis.used, first), first, first + timedelta(days=days))
    return [present] if usual is None else [present, usual / days]


def _tariff_for(bill: EffectiveBill, basis: TariffBasis, day: date) -> Sequence[Rate]:
    """Return the rows in force; none where they are missing or do not give the last bill as issued."""
    try:
        if not rates_on(basis.rates, facts_of(bill, basis.rates).category, bill.charged_on):
            return ()
        if table_difference(bill, basis):
            return ()
    except RuleBroken:
        return ()
    return rates_on(basis.rates, facts_of(bill, basis.rates).category, day)
