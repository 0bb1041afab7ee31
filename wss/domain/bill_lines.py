"""The lines of a bill in their order, and a comparison of two bills line by line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BillComponent(StrEnum):
    """The lines of a bill in their order; those before the charges are counts, the others are paise."""

    PREVIOUS_READING = "previous_reading"
    CURRENT_READING = "current_reading"
    UNITS = "units"
    FIXED_CHARGE = "fixed_charge"
    ENERGY_CHARGE = "energy_charge"
    ELECTRICITY_DUTY = "electricity_duty"
    OTHER_CHARGE = "other_charge"
    SURCHARGE = "surcharge"
    ARREARS = "arrears"
    AMOUNT = "amount"


COUNTED = frozenset({BillComponent.PREVIOUS_READING, BillComponent.CURRENT_READING, BillComponent.UNITS})


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line of a bill, as issued and as revised."""

    line: BillComponent
    issued: int
    revised: int

    @property
    def difference(self) -> int:
        """Return the amount that the revision adds; negative is less."""
        return self.revised - self.issued


def compare_bills(before: object, after: object) -> list[ComparedLine]:
    """Compare two bills line by line, each an EffectiveBill, a Revised or a row of the bill table.

    All of them have the same field names. A late payment surcharge is left out where neither bill has one.
    """
    lines = [ComparedLine(line, _figure(before, line), _figure(after, line)) for line in BillComponent]
    return [one for one in lines if one.line is not BillComponent.SURCHARGE or one.issued or one.revised]


def _figure(bill: object, line: BillComponent) -> int:
    figure: int | None = getattr(bill, line if line in COUNTED else f"{line}_paise")
    return figure or 0
