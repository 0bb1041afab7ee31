"""What a comparison of the bill with the meter shows before a complaint is sent; codes, the web finds the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

CEILING_UNITS_PER_KW = 800
NOT_READ = frozenset({"NA", "NR", "PROV"})
DEFECTIVE = frozenset({"IDF", "RDF", "ADF", "ASS"})
OVER_CEILING = frozenset({"CEIL", "CDF"})


class Sight(StrEnum):
    """What the self-check sees."""

    READING_BELOW_BILL = "reading_below_bill"
    READING_ABOVE_BILL = "reading_above_bill"
    NOT_READ = "not_read"
    DEFECTIVE = "defective"
    OVER_CEILING = "over_ceiling"


@dataclass(frozen=True, slots=True)
class Billed:
    """What matters of a bill for the self-check."""

    bill_no: str
    bill_basis: str
    current_reading: int
    units: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing seen, on which bill, by how many units."""

    sight: Sight
    bill_no: str
    billed: int = 0
    units: int = 0


def self_check(bills: Sequence[Billed], reading_now: int | None, load_w: int) -> list[Seen]:
    """What stands out on the disputed bills, oldest first; the reading is compared with the newest of them."""
    seen: list[Seen] = []
    for bill in bills:
        if bill.bill_basis in NOT_READ:
            seen.append(Seen(Sight.NOT_READ, bill.bill_no))
        elif bill.bill_basis in DEFECTIVE:
            seen.append(Seen(Sight.DEFECTIVE, bill.bill_no))
        # The ceiling is 800 units per kW and month: whole kW times 800, compared without division.
        elif bill.bill_basis in OVER_CEILING or bill.units * 1000 > CEILING_UNITS_PER_KW * max(load_w, 1000):
            seen.append(Seen(Sight.OVER_CEILING, bill.bill_no, units=bill.units))
    if bills and reading_now is not None:
        seen.insert(0, _compared(bills[-1], reading_now))
    return seen


def _compared(newest: Billed, reading_now: int) -> Seen:
    difference = newest.current_reading - reading_now
    sight = Sight.READING_BELOW_BILL if difference > 0 else Sight.READING_ABOVE_BILL
    return Seen(sight, newest.bill_no, newest.current_reading, abs(difference))
