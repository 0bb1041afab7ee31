"""The comparison of the bill with the meter before a complaint is sent; codes, the web layer finds the texts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wss.domain.consumption import AVERAGES, WITHOUT_METER, MonthlyUnits, UnitsBasis
from wss.domain.proration import months_between

# Source: the billing system's own ceiling, above which it flags a bill as CEIL or CDF, as the meter-reading agencies
# of Uttar Pradesh describe it: 800 units for a kW and month.
CEILING_UNITS_PER_KW = 800
# A reading that needs more than this many times the ceiling was probably copied wrongly.
FAR_ABOVE_CEILING = 3


class SelfCheckCode(StrEnum):
    """The findings of the self-check."""

    READING_BELOW_BILL = "reading_below_bill"
    READING_ABOVE_BILL = "reading_above_bill"
    READING_AS_BILLED = "reading_as_billed"
    MOVED_SINCE_READING = "moved_since_reading"
    READING_DOUBTFUL = "reading_doubtful"
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
class LastReading:
    """The last actual reading of the meter, the months since, and the months and units billed by average since."""

    bill_month: str
    reading: int
    months: int
    average_months: tuple[str, ...] = ()
    average_units: int = 0


@dataclass(frozen=True, slots=True)
class SelfCheckFinding:
    """A finding: its code, bill and units, and the last actual reading where the meter is compared with that."""

    sight: SelfCheckCode
    bill_no: str
    billed: int = 0
    units: int = 0
    since: LastReading | None = None


def last_reading(used: Sequence[MonthlyUnits], disputed_month: str, on: date) -> LastReading | None:
    """Return the last actual reading until a day, out of the bills (oldest first).

    None if there is none, or if the meter was read after the disputed month: then the reading of today says
    nothing about the disputed bill.
    """
    until = [one for one in used if one.period_to <= on]
    read = [number for number, one in enumerate(until) if one.units_basis is UnitsBasis.READING]
    if not read or until[read[-1]].bill_month > disputed_month:
        return None
    last, averages = until[read[-1]], until[read[-1] + 1 :]
    return LastReading(
        last.bill_month,
        last.current_reading,
        months_between(last.period_to, on),
        tuple(one.bill_month for one in averages),
        sum(one.units for one in averages),
    )


def self_check(
    bills: Sequence[SelfCheckBill],
    reading_now: int | None,
    supply: SelfCheckSupply,
    since: LastReading | None = None,
) -> list[SelfCheckFinding]:
    """Return the findings on the disputed bills, oldest first; the reading is compared with the newest of them.

    A bill by average has no reading of its own: the reading is compared with the last actual one, if it is known.
    """
    seen = [each for bill in bills for each in _of_bill(bill, bill.supply or supply)]
    if bills and reading_now is not None:
        # With a reading given, the consumer is not asked for it.
        seen = [
            each
            for each in seen
            if (each.sight, each.bill_no) != (SelfCheckCode.METER_READ, bills[-1].bill_no)
        ]
        if compared := _compared(bills[-1], reading_now, bills[-1].supply or supply, since):
            seen.insert(0, compared)
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


def is_too_much(units: int, supply: SelfCheckSupply, months: int) -> bool:
    """Return whether the load cannot have used so many units in so many months."""
    ceiling = CEILING_UNITS_PER_KW * max(supply.load_w, 1000) * months
    return units * 1000 > FAR_ABOVE_CEILING * ceiling


def _of_bill(bill: SelfCheckBill, supply: SelfCheckSupply) -> list[SelfCheckFinding]:
    sight = OF_BASIS.get(bill.bill_basis)
    if sight in (SelfCheckCode.METER_READ, None) and is_over_ceiling(bill, supply):
        sight = SelfCheckCode.OVER_CEILING
    return [SelfCheckFinding(sight, bill.bill_no, bill.current_reading, bill.units)] if sight else []


def _compared(
    newest: SelfCheckBill, reading_now: int, supply: SelfCheckSupply, since: LastReading | None
) -> SelfCheckFinding | None:
    """Return the comparison of the meter with the newest bill; None where nothing true can be said."""
    is_read = newest.bill_basis not in AVERAGES | WITHOUT_METER
    if not is_read and (since is None or newest.bill_basis in WITHOUT_METER):
        return None
    before = newest.current_reading if is_read or since is None else since.reading
    units = abs(reading_now - before) * supply.factor_milli // 1000
    if (not is_read and reading_now < before) or (
        reading_now > before and since is not None and is_too_much(units, supply, since.months)
    ):
        return SelfCheckFinding(SelfCheckCode.READING_DOUBTFUL, newest.bill_no, before)
    if not is_read:
        return SelfCheckFinding(SelfCheckCode.MOVED_SINCE_READING, newest.bill_no, before, units, since)
    sight = SelfCheckCode.READING_BELOW_BILL if reading_now < before else SelfCheckCode.READING_ABOVE_BILL
    if reading_now == before:
        sight = SelfCheckCode.READING_AS_BILLED
    return SelfCheckFinding(sight, newest.bill_no, before, units)
