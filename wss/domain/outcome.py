"""The effect of a decision on the consumer's bills: amounts before and after, and what is to be paid or credited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wss.domain.lifecycle import Resolution


@dataclass(frozen=True, slots=True)
class BillOutcome:
    """One bill of a decision, in paise; before and after are equal if it was not revised."""

    bill_no: str
    bill_month: str
    issued_paise: int
    revised_paise: int
    arrears_paise: int
    paid_paise: int
    due_on: date | None = None

    @property
    def unpaid_paise(self) -> int:
        """Return the unpaid amount; negative if more was paid than the bill amounts to."""
        return self.revised_paise - self.paid_paise


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """What was decided about a request. `bills` run from the oldest month; `is_taken` says whether the billing system
    has every revised bill, `is_as_decided` whether the bills still are what was decided: they are given as they are
    now."""

    resolution: Resolution
    notes: Sequence[str] = ()
    bills: Sequence[BillOutcome] = ()
    is_taken: bool = True
    is_as_decided: bool = True

    @property
    def is_revised(self) -> bool:
        """Return whether any bill has new figures."""
        return self.resolution is Resolution.REVISED and bool(self.bills)

    @property
    def issued_paise(self) -> int:
        """Return the total of the bills before."""
        return sum(bill.issued_paise for bill in self.bills)

    @property
    def revised_paise(self) -> int:
        """Return the total of the bills now."""
        return sum(bill.revised_paise for bill in self.bills)

    @property
    def difference_paise(self) -> int:
        """Return the change of the total; negative is less."""
        return self.revised_paise - self.issued_paise

    @property
    def balance_paise(self) -> int:
        """Return the amount to be paid after payments so far; a negative amount is credited to the consumer.

        Arrears of the bill before that a later bill carries forward are not counted a second time.
        """
        total, before = 0, 0
        for bill in self.bills:
            total += bill.unpaid_paise - _common(bill.arrears_paise, before)
            before = bill.unpaid_paise
        return total

    @property
    def due_on(self) -> date | None:
        """Return the day by which it is to be paid: the earliest due date of an unpaid bill."""
        return min(
            (bill.due_on for bill in self.bills if bill.due_on and bill.unpaid_paise > 0), default=None
        )


def _common(one: int, other: int) -> int:
    """Return the part that two amounts have in common; zero if one is owed and the other a credit."""
    if one > 0 and other > 0:
        return min(one, other)
    return max(one, other) if one < 0 and other < 0 else 0
