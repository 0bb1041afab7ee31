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
        others = [each.a_month for each in used if each is not one and each.units_basis is UnitsBasis.READING]
        usual = median(others) if len(others) >= MONTHS_TO_COMPARE else 0
        if usual > 0 and one.a_month >= FAR_ABOVE * usual:
            found.append(UnitsPeak(one, round(usual), round(one.a_month * 10 / usual)))
    return found


def most_unusual(used: Sequence[MonthlyUnits], left_out: Collection[str] = ()) -> MonthlyUnits | None:
    """Return the bill that differs most from the usual, of equals the newest; None if none does.

    `used`: oldest first. `left_out`: numbers of bills that are not returned.
    """
    found = [peak for peak in peaks(used)[::-1] if peak.used.bill_no not in left_out]
    highest = max(found, key=lambda peak: peak.tenths, default=None)
    return highest.used if highest else None
