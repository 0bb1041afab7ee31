"""The comparison of the bill with the meter before a complaint is sent; codes, the web layer finds the texts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

# Source: the billing system's own ceiling, above which it flags a bill as CEIL or CDF, as the meter-reading agencies
# of Uttar Pradesh describe it: 800 units for a kW and month.
CEILING_UNITS_PER_KW = 800


class SelfCheckCode(StrEnum):
    """The findings of the self-check."""

    READING_BELOW_BILL = "reading_below_bill"
    READING_ABOVE_BILL = "reading_above_bill"
    READING_AS_BILLED = "reading_as_billed"
    METER_READ = "meter_read"
    MINIMUM_CHARGE = "minimum_charge"
    WITHOUT_METER = "without_meter"
    ASSESSED = "assessed"
    OVER_CEILING = "over_ceiling"
    NOT_REACHED = "not_reached"
    NOT_READ = "not_read"
    PROVISIONAL = "provisional"
    FOUND_DEFECTIVE = "found_defective"
    READING_DOES_NOT_FIT = "reading_does_not_fit"
    SEEMS_DEFECTIVE = "seems_defective"


# Every basis of a bill has an explanation for a consumer who disputes it.
OF_BASIS = {
    "MU": SelfCheckCode.METER_READ,
    "MIN": SelfCheckCode.MINIMUM_CHARGE,
    "UM": SelfCheckCode.WITHOUT_METER,
    "ASS": SelfCheckCode.ASSESSED,
    "CEIL": SelfCheckCode.OVER_CEILING,
    "CDF": SelfCheckCode.OVER_CEILING,
    "NA": SelfCheckCode.NOT_REACHED,
    "NR": SelfCheckCode.NOT_READ,
    "PROV": SelfCheckCode.PROVISIONAL,
    "IDF": SelfCheckCode.FOUND_DEFECTIVE,
    "RDF": SelfCheckCode.READING_DOES_NOT_FIT,
    "ADF": SelfCheckCode.SEEMS_DEFECTIVE,
}

# The reason of the catalogue that fits each finding, the most certain first. A finding that is not here may have
# many reasons.
REASON_BY_FINDING = {
    SelfCheckCode.READING_BELOW_BILL: "wrong_reading",
    SelfCheckCode.ASSESSED: "defective_meter",
    SelfCheckCode.FOUND_DEFECTIVE: "defective_meter",
    SelfCheckCode.SEEMS_DEFECTIVE: "defective_meter",
    SelfCheckCode.NOT_REACHED: "reading_not_taken",
    SelfCheckCode.NOT_READ: "reading_not_taken",
    SelfCheckCode.PROVISIONAL: "reading_not_taken",
    SelfCheckCode.READING_DOES_NOT_FIT: "wrong_reading",
    SelfCheckCode.OVER_CEILING: "wrong_reading",
}


@dataclass(frozen=True, slots=True)
class SelfCheckSupply:
    """The facts of a connection: its load in watts, and the factor of its meter in thousandths."""

    load_w: int
    factor_milli: int = 1000


@dataclass(frozen=True, slots=True)
class SelfCheckBill:
    """The facts of a bill; `supply` is the connection's at the time of the bill, if known."""

    bill_no: str
    bill_basis: str
    current_reading: int
    units: int
    months: int = 1
    supply: SelfCheckSupply | None = None


@dataclass(frozen=True, slots=True)
class SelfCheckFinding:
    """A finding: its code, bill and units."""

    sight: SelfCheckCode
    bill_no: str
    billed: int = 0
    units: int = 0


def self_check(
    bills: Sequence[SelfCheckBill], reading_now: int | None, supply: SelfCheckSupply
) -> list[SelfCheckFinding]:
    """Return the findings on the disputed bills, oldest first; the reading is compared with the newest of them."""
    seen = [each for bill in bills for each in _of_bill(bill, bill.supply or supply)]
    if bills and reading_now is not None:
        # With a reading given, the consumer is not asked for it.
        seen = [
            each
            for each in seen
            if (each.sight, each.bill_no) != (SelfCheckCode.METER_READ, bills[-1].bill_no)
        ]
        seen.insert(0, _compared(bills[-1], reading_now, bills[-1].supply or supply))
    return seen


def suggested_reason(seen: Sequence[SelfCheckFinding], offered: Collection[str]) -> str | None:
    """Return the preselected reason, out of those offered, if a finding has one; the consumer decides."""
    sights = {each.sight for each in seen}
    return next(
        (reason for sight, reason in REASON_BY_FINDING.items() if sight in sights and reason in offered), None
    )


def is_over_ceiling(bill: SelfCheckBill, supply: SelfCheckSupply) -> bool:
    """Return whether the units are more than the ceiling allows for the load (at least one kW) and the months."""
    # In watts and thousandths of units, so that nothing is rounded.
    return bill.units * 1000 > CEILING_UNITS_PER_KW * max(supply.load_w, 1000) * bill.months


def _of_bill(bill: SelfCheckBill, supply: SelfCheckSupply) -> list[SelfCheckFinding]:
    sight = OF_BASIS.get(bill.bill_basis)
    if sight in (SelfCheckCode.METER_READ, None) and is_over_ceiling(bill, supply):
        sight = SelfCheckCode.OVER_CEILING
    return [SelfCheckFinding(sight, bill.bill_no, bill.current_reading, bill.units)] if sight else []


def _compared(newest: SelfCheckBill, reading_now: int, supply: SelfCheckSupply) -> SelfCheckFinding:
    difference = newest.current_reading - reading_now
    sight = SelfCheckCode.READING_BELOW_BILL if difference > 0 else SelfCheckCode.READING_ABOVE_BILL
    if difference == 0:
        sight = SelfCheckCode.READING_AS_BILLED
    units = abs(difference) * supply.factor_milli // 1000
    return SelfCheckFinding(sight, newest.bill_no, newest.current_reading, units)
