"""An estimate of disputed bills from the meter's reading of today: units by even use per day, amounts by the tariff.

The computation, for checks by hand:

1. The first reading. A bill with a reading of its own: its previous reading, on the day of the last bill that ended
   with it, else on the day before the bill. Any other bill: the last actual reading before the bill.
2. The reading at the beginning and at the end of each bill, between the first reading and that of today, as in
   suggestion/daily_use.py (even use per day); a bill with a reading of its own begins with its previous reading.
3. Units, charges and amount as in revision.py, with these readings and the basis MU: the tariff of the bill's own day;
   arrears, surcharge and other charges as on the bill.

Without rows of the tariff, or where these do not give the charges of the bill as issued, there are units only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from wss.domain.billed import BillInput, EffectiveBill, as_issued, facts_of
from wss.domain.calculation import TariffBasis
from wss.domain.consumption import WITHOUT_METER, MonthlyUnits, UnitsBasis
from wss.domain.errors import RuleBroken
from wss.domain.meter_units import METERED, counted_units, needs_reading
from wss.domain.proration import months_between
from wss.domain.revision import revise, table_difference
from wss.domain.self_check import SelfCheckSupply, is_too_much
from wss.domain.suggestion.daily_use import MeterReading, interpolate
from wss.domain.suggestion.suggest import LATEST_DAYS

# On these bases the meter is taken to be defective: its reading gives no units.
DEFECTIVE = frozenset({"ASS", "IDF", "ADF"})
MINIMUM = "MIN"
_DAY = timedelta(days=1)


class EstimateCode(StrEnum):
    """The results of an estimate; those from CONFIRMED on say why there are no figures."""

    COMPUTED = "computed"
    UNITS_ONLY = "units_only"
    CONFIRMED = "confirmed"
    WITHOUT_METER = "without_meter"
    DEFECTIVE = "defective"
    MINIMUM_CHARGE = "minimum_charge"
    METER_REPLACED = "meter_replaced"
    NO_EARLIER_READING = "no_earlier_reading"
    READ_SINCE = "read_since"
    BELOW_EARLIER = "below_earlier"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class EstimatedBill:
    """The units and the amount of one bill, as billed and as estimated; `paise` is None without a tariff for it."""

    bill_no: str
    bill_month: str
    billed_units: int
    billed_paise: int
    units: int
    paise: int | None


@dataclass(frozen=True, slots=True)
class BillEstimate:
    """The estimate of the bills of one complaint, and the readings that it is from."""

    code: EstimateCode
    reading: int
    read_on: date
    first: MeterReading | None = None
    bills: tuple[EstimatedBill, ...] = ()

    @property
    def billed_units(self) -> int:
        """Return the units of all bills as billed."""
        return sum(one.billed_units for one in self.bills)

    @property
    def units(self) -> int:
        """Return the estimated units of all bills."""
        return sum(one.units for one in self.bills)

    @property
    def billed_paise(self) -> int:
        """Return the amount of all bills as billed."""
        return sum(one.billed_paise for one in self.bills)

    @property
    def paise(self) -> int:
        """Return the estimated amount of all bills."""
        return sum(one.paise or 0 for one in self.bills)

    def as_stored(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "code": self.code.value,
            "reading": self.reading,
            "read_on": self.read_on.isoformat(),
            "first": [self.first.on.isoformat(), self.first.reading] if self.first else None,
            "bills": [
                [one.bill_no, one.bill_month, one.billed_units, one.billed_paise, one.units, one.paise]
                for one in self.bills
            ],
        }


def stored_estimate(stored: Mapping[str, Any]) -> BillEstimate:
    """Return the estimate that was stored with a complaint."""
    first = stored["first"]
    return BillEstimate(
        EstimateCode(stored["code"]),
        stored["reading"],
        date.fromisoformat(stored["read_on"]),
        MeterReading(date.fromisoformat(first[0]), first[1]) if first else None,
        tuple(EstimatedBill(*one) for one in stored["bills"]),
    )


def estimate(
    bills: Sequence[EffectiveBill], tariff_basis: TariffBasis, given: MeterReading, meter_no: str = ""
) -> BillEstimate:
    """Return the estimate of bills (oldest first, at least one) from the reading of the connection's meter."""
    first = _first_reading(bills[0], tariff_basis.used)
    obstacle = _obstacle_of_bills(bills, tariff_basis, meter_no) or _obstacle_of_reading(
        bills, tariff_basis, first, given
    )
    if obstacle or first is None:
        code = obstacle or EstimateCode.NO_EARLIER_READING
        return BillEstimate(code, given.reading, given.on, first)
    found = tuple(_estimated(bill, tariff_basis, first, given) for bill in bills)
    is_priced = all(one.paise is not None for one in found)
    code = EstimateCode.COMPUTED if is_priced else EstimateCode.UNITS_ONLY
    return BillEstimate(code, given.reading, given.on, first, found)


def _first_reading(bill: EffectiveBill, used: Sequence[MonthlyUnits]) -> MeterReading | None:
    read = [
        one
        for one in used
        if one.units_basis is UnitsBasis.READING
        and one.period_to <= bill.period_from
        and one.bill_no != bill.bill_no
    ]
    last = max(read, key=lambda one: one.period_to, default=None)
    if needs_reading(bill.bill_basis) and (last is None or last.current_reading != bill.previous_reading):
        return MeterReading(bill.period_from - _DAY, bill.previous_reading)
    return MeterReading(last.period_to, last.current_reading) if last else None


def _obstacle_of_bills(
    bills: Sequence[EffectiveBill], tariff_basis: TariffBasis, meter_no: str
) -> EstimateCode | None:
    bases = {bill.bill_basis for bill in bills}
    if bases & WITHOUT_METER:
        return EstimateCode.WITHOUT_METER
    if bases & DEFECTIVE:
        return EstimateCode.DEFECTIVE
    if MINIMUM in bases:
        return EstimateCode.MINIMUM_CHARGE
    meters = {facts_of(bill, tariff_basis.rates).meter_no for bill in bills} - {""}
    is_other = bool(meter_no) and bool(meters - {meter_no})
    if is_other or any(bill.old_meter_reading is not None for bill in bills):
        return EstimateCode.METER_REPLACED
    return None


def _obstacle_of_reading(
    bills: Sequence[EffectiveBill],
    tariff_basis: TariffBasis,
    first: MeterReading | None,
    given: MeterReading,
) -> EstimateCode | None:
    newest = bills[-1]
    if first is None:
        return EstimateCode.NO_EARLIER_READING
    if given.reading < first.reading:
        return EstimateCode.BELOW_EARLIER
    if given.on < newest.period_to:
        return EstimateCode.TOO_EARLY
    if (given.on - newest.period_to).days > LATEST_DAYS:
        return EstimateCode.TOO_LATE
    facts = facts_of(newest, tariff_basis.rates)
    units = counted_units(given.reading - first.reading, facts.multiplying_factor_milli)
    if is_too_much(units, SelfCheckSupply(facts.load_w), months_between(first.on, given.on)):
        return EstimateCode.DOUBTFUL
    if needs_reading(newest.bill_basis) and given.reading >= newest.current_reading:
        return EstimateCode.CONFIRMED
    # A later bill whose reading the meter has reached is better evidence than an even use until today.
    later = (
        one
        for one in tariff_basis.used
        if one.units_basis is UnitsBasis.READING and one.period_from > newest.period_to
    )
    return EstimateCode.READ_SINCE if any(one.current_reading <= given.reading for one in later) else None


def _estimated(
    bill: EffectiveBill, tariff_basis: TariffBasis, first: MeterReading, given: MeterReading
) -> EstimatedBill:
    def reading_on(day: date) -> int:
        return interpolate(first, given, max(first.on, day)).reading

    is_from_first = needs_reading(bill.bill_basis) and bill.previous_reading == first.reading
    begin = first.reading if is_from_first else reading_on(bill.period_from - _DAY)
    issued = as_issued(bill, tariff_basis.rates)
    put = replace(
        issued,
        previous_reading=begin,
        current_reading=reading_on(bill.period_to),
        basis=METERED,
        register_digits=None,
    )
    units = counted_units(put.current_reading - begin, put.multiplying_factor_milli)
    return EstimatedBill(
        bill.bill_no,
        bill.bill_month,
        bill.units,
        bill.amount_paise,
        units,
        _amount(bill, tariff_basis, put),
    )


def _amount(bill: EffectiveBill, tariff_basis: TariffBasis, put: BillInput) -> int | None:
    """Return the amount by the tariff; None where its rows are missing or do not give the bill as issued."""
    try:
        if table_difference(bill, tariff_basis):
            return None
        return revise(bill, put, tariff_basis).amount_paise
    except RuleBroken:
        return None
