"""The sum that a discom accepts for disputed bills while the complaint is open, by the rule that it has configured.

Both rules: the average of the months before the first disputed bill, times the months of the disputed bills, at most
what these bills claim; rounded half up to a rupee. What is already paid on the bills is taken off. They differ in what
is averaged: the charges of the bills (amount less arrears), or the payments of them.

Background: Electricity Act 2003, section 56(1), proviso (six months, payments); to be checked by the discom, which is
why rule, months and source are a row of configuration and off until it switches them on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from wss.domain.meter_units import half_up
from wss.domain.proration import months_between

PAISE = 100


class InterimRule(StrEnum):
    """What is averaged."""

    AVERAGE_CHARGED = "average_charged"
    AVERAGE_PAID = "average_paid"


@dataclass(frozen=True, slots=True)
class ChargedBill:
    """A bill in force with its amounts, in paise."""

    bill_no: str
    period_from: date
    period_to: date
    amount_paise: int
    arrears_paise: int
    paid_amount_paise: int | None

    @property
    def months(self) -> int:
        """Return the whole months of the bill."""
        return months_between(self.period_from, self.period_to)

    @property
    def paid_paise(self) -> int:
        """Return what was paid on the bill."""
        return self.paid_amount_paise or 0


@dataclass(frozen=True, slots=True)
class InterimSum:
    """The sum, and what it is from: the claim, and the average of a month before; what is paid already and is left."""

    claimed_paise: int
    monthly_paise: int
    sum_paise: int
    paid_paise: int

    @property
    def to_pay_paise(self) -> int:
        """Return what is left to pay of the sum."""
        return max(0, self.sum_paise - self.paid_paise)

    @property
    def is_less(self) -> bool:
        """Return whether the sum is less than the bills claim."""
        return self.sum_paise < self.claimed_paise


def interim_sum(
    rule: InterimRule, months: int, disputed: Sequence[ChargedBill], earlier: Sequence[ChargedBill]
) -> InterimSum | None:
    """Return the sum for disputed bills; None where the bills before them cover fewer months than the rule averages.

    `earlier`: the bills before them, newest first.
    """
    claimed = sum(max(0, bill.amount_paise) for bill in disputed)
    counted, covered = [], 0
    for bill in earlier:
        if covered >= months:
            break
        counted.append(bill)
        covered += bill.months
    if not disputed or covered < months:
        return None
    total = sum(_averaged(rule, bill) for bill in counted)
    if total <= 0:
        return None
    monthly = Fraction(total, covered)
    average = monthly * sum(bill.months for bill in disputed)
    return InterimSum(
        claimed, _rupees(monthly), min(claimed, _rupees(average)), sum(bill.paid_paise for bill in disputed)
    )


def _averaged(rule: InterimRule, bill: ChargedBill) -> int:
    if rule is InterimRule.AVERAGE_PAID:
        return bill.paid_paise
    return max(0, bill.amount_paise - bill.arrears_paise)


def _rupees(paise: Fraction) -> int:
    return half_up(paise.numerator, paise.denominator * PAISE) * PAISE
