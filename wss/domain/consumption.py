"""Consumption month by month: which units were read, which are estimated, and which month is far above the usual."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from wss.domain.proration import months_between

# On these bases no meter was read: the units are an average, or follow from the load.
AVERAGES = frozenset({"ASS", "NA", "NR", "PROV", "IDF", "RDF", "ADF"})
WITHOUT_METER = frozenset({"UM"})

# A month with twice the usual or more is marked; the usual needs three other months that were read.
FAR_ABOVE = 2
MONTHS_TO_COMPARE = 3
# An unusual bill is pointed out on the consumer's first pages while it is one of so many newest ones.
RECENT_BILLS = 3


class UnitsBasis(StrEnum):
    """The basis of the units of a bill."""

    READING = "reading"
    AVERAGE = "average"
    LOAD = "load"


@dataclass(frozen=True, slots=True)
class MonthlyUnits:
    """The units of one bill, its period and basis."""

    bill_no: str
    bill_month: str
    period_from: date
    period_to: date
    current_reading: int
    units: int
    bill_basis: str

    @property
    def units_basis(self) -> UnitsBasis:
        """Return the basis of the units: a reading, an average, or the load."""
        if self.bill_basis in WITHOUT_METER:
            return UnitsBasis.LOAD
        return UnitsBasis.AVERAGE if self.bill_basis in AVERAGES else UnitsBasis.READING

    @property
    def months(self) -> int:
        """Return the number of months that the bill covers; after a long gap they are several."""
        return months_between(self.period_from, self.period_to)

    @property
    def a_month(self) -> float:
        """Return the units per month of the bill's period."""
        return self.units / self.months


@dataclass(frozen=True, slots=True)
class UnitsPeak:
    """A month far above the others: the multiple of the usual, in tenths."""

    used: MonthlyUnits
    usual: int
    tenths: int


def peaks(used: Sequence[MonthlyUnits]) -> list[UnitsPeak]:
    """Return the months at least twice as high as the usual (the median of the other months that were read)."""
    found = []
    for one in used:
        usual = usual_apart_from(one, used)
        if usual > 0 and one.a_month >= FAR_ABOVE * usual:
            found.append(UnitsPeak(one, round(usual), round(one.a_month * 10 / usual)))
    return found


def usual_apart_from(one: MonthlyUnits, used: Sequence[MonthlyUnits]) -> float:
    """Return the usual units of a month without one bill; 0 if too few other months were read."""
    others = [each.a_month for each in used if each is not one and each.units_basis is UnitsBasis.READING]
    return median(others) if len(others) >= MONTHS_TO_COMPARE else 0


def recent_peak(used: Sequence[MonthlyUnits]) -> UnitsPeak | None:
    """Return the newest unusual bill, if it is one of the last three. `used`: oldest first."""
    newest = {one.bill_no for one in used[-RECENT_BILLS:]}
    return next((peak for peak in peaks(used)[::-1] if peak.used.bill_no in newest), None)


def times_usual(used: Sequence[MonthlyUnits], bill_no: str) -> int | None:
    """Return the units of a bill as a multiple of the usual, in tenths; None if either is not known."""
    one = next((each for each in used if each.bill_no == bill_no), None)
    usual = usual_apart_from(one, used) if one else 0
    return round(one.a_month * 10 / usual) if one and usual > 0 else None


def most_unusual(used: Sequence[MonthlyUnits], left_out: Collection[str] = ()) -> MonthlyUnits | None:
    """Return the bill that differs most from the usual, of equals the newest; None if none does.

    `used`: oldest first. `left_out`: numbers of bills that are not returned.
    """
    found = [peak for peak in peaks(used)[::-1] if peak.used.bill_no not in left_out]
    highest = max(found, key=lambda peak: peak.tenths, default=None)
    return highest.used if highest else None
