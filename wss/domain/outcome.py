"""What a decision means for the consumer's bills: what they were, what they are, what is to be paid or comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wss.domain.lifecycle import Resolution


@dataclass(frozen=True, slots=True)
class BillOutcome:
    """One bill of a decision, in paise; one that was not revised is the same before and after."""

    bill_no: str
    bill_month: str
    issued_paise: int
    revised_paise: int
    arrears_paise: int
    paid_paise: int
    due_on: date | None = None

    @property
    def unpaid_paise(self) -> int:
        """What is still to be paid of it; below zero more was paid than it comes to."""
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
        """Whether bills have new figures."""
        return self.resolution is Resolution.REVISED and bool(self.bills)

    @property
    def issued_paise(self) -> int:
        """What the bills came to before."""
        return sum(bill.issued_paise for bill in self.bills)

    @property
    def revised_paise(self) -> int:
        """What they come to now."""
        return sum(bill.revised_paise for bill in self.bills)

    @property
    def difference_paise(self) -> int:
        """By how much they change; negative is less."""
        return self.revised_paise - self.issued_paise

    @property
    def balance_paise(self) -> int:
        """What is to be paid after what was paid already; below zero it comes back to the consumer.

        What a later bill carries along as arrears of the one before is not counted a second time.
        """
        total, before = 0, 0
        for bill in self.bills:
            total += bill.unpaid_paise - _common(bill.arrears_paise, before)
            before = bill.unpaid_paise
        return total

    @property
    def due_on(self) -> date | None:
        """By when it is to be paid: the earliest due date of what is not paid."""
        return min(
            (bill.due_on for bill in self.bills if bill.due_on and bill.unpaid_paise > 0), default=None
        )


def _common(one: int, other: int) -> int:
    """The part of an amount that the other one holds too; nothing where one is owed and the other a credit."""
    if one > 0 and other > 0:
        return min(one, other)
    return max(one, other) if one < 0 and other < 0 else 0
