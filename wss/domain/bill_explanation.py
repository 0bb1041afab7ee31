"""The explanation of a bill: its lines by the tariff, and its difference from an earlier bill, factor by factor.

Lines: the charges by the rows in force on `charged_on`, for the bill's own units, load, category and period, row by row
as in tariff.py; then of each of the three charges what these rows do not give; then other charges, surcharge and
arrears as billed; then what the amount has more than all lines of the bill. They sum to the amount.

Difference: the charges by the tariff of the earlier bill, in which one factor after the other is replaced by that of
this bill, in the order of `DifferenceFactor`; the share of a factor is the change in that step. All other lines
differ by their own amounts. Without rows of the tariff for each step there are no shares, and the charges differ as
billed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from wss.domain.bill_lines import BillComponent
from wss.domain.billed import BillFacts, EffectiveBill, facts_of
from wss.domain.errors import RuleBroken
from wss.domain.proration import Period
from wss.domain.tariff import ChargeLine, Charges, Component, Rate, charge, charge_lines, rates_on

COMPONENTS = {
    Component.FIXED: BillComponent.FIXED_CHARGE,
    Component.ENERGY: BillComponent.ENERGY_CHARGE,
    Component.DUTY: BillComponent.ELECTRICITY_DUTY,
}
AS_BILLED = (BillComponent.OTHER_CHARGE, BillComponent.SURCHARGE, BillComponent.ARREARS)
_NO_CHARGES = Charges(0, 0, 0)


class DifferenceFactor(StrEnum):
    """The factors of the charges, in the order in which they are replaced; the values name fields of ChargedInput."""

    TARIFF = "tariff"
    LOAD = "load"
    CATEGORY = "category"
    PERIOD = "period"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class ChargedInput:
    """What the charges of a bill follow from; `tariff` is the day whose rows apply."""

    tariff: date
    load: int
    category: str
    period: Period
    units: int

    def rates(self, rates: Sequence[Rate]) -> list[Rate]:
        """Return the rows in force."""
        return rates_on(rates, self.category, self.tariff)

    def charges(self, rates: Sequence[Rate]) -> Charges:
        """Return the charges. Raises RuleBroken without rows of the tariff."""
        return charge(self.rates(rates), self.units, self.load, self.period)


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """An amount and the line of the bill that it belongs to.

    `by_tariff`: the row that gives it. Without it the amount is as billed, or, of the three charges, what the tariff
    does not give; for `BillComponent.AMOUNT`, what no line of the bill has.
    """

    line: BillComponent
    paise: int
    by_tariff: ChargeLine | None = None


@dataclass(frozen=True, slots=True)
class BillExplanation:
    """The lines of a bill, which sum to its amount; `has_tariff` is False without rows of the tariff for it."""

    bill: EffectiveBill
    facts: BillFacts
    lines: tuple[ExplainedLine, ...]
    has_tariff: bool

    @property
    def months(self) -> Fraction | None:
        """Return the months of the period, if all rows count the same."""
        rows = [one.by_tariff for one in self.lines if one.by_tariff]
        counted = {Fraction(row.months) for row in rows if row.rate.component is not Component.DUTY}
        return counted.pop() if len(counted) == 1 else None

    @property
    def unexplained(self) -> tuple[ExplainedLine, ...]:
        """Return what the tariff and the lines of the bill do not give."""
        return tuple(one for one in self.lines if one.by_tariff is None and one.line not in AS_BILLED)

    def share(self, line: BillComponent) -> int:
        """Return the sum of one line of the bill."""
        return sum(one.paise for one in self.lines if one.line is line)


@dataclass(frozen=True, slots=True)
class FactorShare:
    """A factor that differs between two bills, and its share of the difference in paise."""

    factor: DifferenceFactor
    paise: int


@dataclass(frozen=True, slots=True)
class BillDifference:
    """The difference of a bill from an earlier one: shares of factors, and other lines; they sum to `paise`.

    `was` and `now` are the factors of both; `has_tariff` is False where no shares can be computed.
    """

    before: EffectiveBill
    paise: int
    was: ChargedInput
    now: ChargedInput
    factors: tuple[FactorShare, ...]
    others: tuple[ExplainedLine, ...]
    has_tariff: bool


def explain(bill: EffectiveBill, rates: Sequence[Rate]) -> BillExplanation:
    """Return the explanation of a bill."""
    facts = facts_of(bill, rates)
    own = _input_of(bill, rates)
    in_force = own.rates(rates)
    charged = charge_lines(in_force, own.units, own.load, own.period) if in_force else []
    lines = [
        ExplainedLine(COMPONENTS[line.rate.component], line.paise, line)
        for line in charged
        if line.quantity or not line.rate.slab_from
    ]
    lines += _remainders(bill, own.charges(rates) if in_force else _NO_CHARGES)
    return BillExplanation(bill, facts, tuple(lines), bool(in_force))


def difference(bill: EffectiveBill, before: EffectiveBill, rates: Sequence[Rate]) -> BillDifference:
    """Return the difference of a bill from an earlier one of the same connection."""
    was, now = _input_of(before, rates), _input_of(bill, rates)
    shares, ends = _shares(was, now, rates)
    first, last = ends or (_NO_CHARGES, _NO_CHARGES)
    earlier = {one.line: one.paise for one in _remainders(before, first)}
    later = {one.line: one.paise for one in _remainders(bill, last)}
    others = [
        ExplainedLine(line, later.get(line, 0) - earlier.get(line, 0))
        for line in (*COMPONENTS.values(), *AS_BILLED, BillComponent.AMOUNT)
    ]
    return BillDifference(
        before,
        bill.amount_paise - before.amount_paise,
        was,
        now,
        tuple(shares),
        tuple(one for one in others if one.paise),
        ends is not None,
    )


def _shares(
    was: ChargedInput, now: ChargedInput, rates: Sequence[Rate]
) -> tuple[list[FactorShare], tuple[Charges, Charges] | None]:
    """Return the share of each factor that differs, and the charges before the first and after the last step."""
    try:
        first = at = was.charges(rates)
        shares, step = [], was
        for factor in DifferenceFactor:
            rows = step.rates(rates)
            step = replace(step, **{factor.value: getattr(now, factor)})
            charges = step.charges(rates)
            share = charges.total - at.total
            if share or _differs(factor, was, now, has_other_rows=rows != step.rates(rates)):
                shares.append(FactorShare(factor, share))
            at = charges
    except RuleBroken:
        return [], None
    return shares, (first, at)


def _differs(factor: DifferenceFactor, was: ChargedInput, now: ChargedInput, *, has_other_rows: bool) -> bool:
    if factor is DifferenceFactor.TARIFF:
        return has_other_rows
    if factor is DifferenceFactor.PERIOD:
        return was.period.days != now.period.days
    return bool(getattr(was, factor) != getattr(now, factor))


def _remainders(bill: EffectiveBill, given: Charges) -> Iterator[ExplainedLine]:
    """Yield the amounts of a bill that these charges do not give."""
    charged = {
        BillComponent.FIXED_CHARGE: bill.fixed_charge_paise - given.fixed,
        BillComponent.ENERGY_CHARGE: bill.energy_charge_paise - given.energy,
        BillComponent.ELECTRICITY_DUTY: bill.electricity_duty_paise - given.duty,
        BillComponent.OTHER_CHARGE: bill.other_charge_paise,
        BillComponent.SURCHARGE: bill.surcharge_paise or 0,
        BillComponent.ARREARS: bill.arrears_paise,
    }
    charged[BillComponent.AMOUNT] = bill.amount_paise - given.total - sum(charged.values())
    yield from (ExplainedLine(line, paise) for line, paise in charged.items() if paise)


def _input_of(bill: EffectiveBill, rates: Sequence[Rate]) -> ChargedInput:
    facts = facts_of(bill, rates)
    return ChargedInput(bill.charged_on, facts.load_w, facts.category, bill.period, bill.units)
