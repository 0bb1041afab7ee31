"""Connection, bills and true readings of a written case, as rows of the extracts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from wss.demo.case_facts import DAYS_SINCE, ISSUED_AFTER, PAID_AFTER, CaseReadings, WrittenCase
from wss.demo.scenarios import moments
from wss.demo.synthetic import Row, SyntheticWorld, bill_no, connection, mobile_of, money_columns, rupees
from wss.domain.calendar import Calendar
from wss.domain.tariff import WATTS_PER_KW, charge, rates_on

# A suggestion compares with the same season of the year before.
MONTHS = 18
_MONTH_NAMES = (
    "जनवरी",
    "फ़रवरी",
    "मार्च",
    "अप्रैल",
    "मई",
    "जून",
    "जुलाई",
    "अगस्त",
    "सितंबर",
    "अक्टूबर",
    "नवंबर",
    "दिसंबर",
)


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """A written case at its place among the connections, with the day of its complaint."""

    world: SyntheticWorld
    case: WrittenCase
    index: int
    complaint_on: date

    @property
    def readings(self) -> CaseReadings:
        """Return the true readings."""
        newest = self.complaint_on - timedelta(days=DAYS_SINCE)
        return CaseReadings(self.case.meter, list(_ends(newest)), self.complaint_on)

    @property
    def connection(self) -> Row:
        """Return the connection as a row of connections.csv."""
        row, person = list(connection(self.world, self.index)), self.case.person
        row[2:9] = [
            self.world.subdivisions[0],
            person.name,
            person.address,
            person.pincode,
            mobile_of(self.world, self.index),
            "",
            self.case.category,
        ]
        row[9:12] = [str(person.load_kw), "kWh", self.case.meter.meter_no]
        row[13] = "active"
        return tuple(row)

    @property
    def disputed(self) -> list[str]:
        """Return the disputed bills, oldest first: the newest, with the others that follow no reading."""
        return [bill_no(end, self.index) for end in self.readings.ends[-self.how_many_disputed :]]

    @property
    def how_many_disputed(self) -> int:
        """Return how many bills are disputed."""
        return max(1, len(self.case.meter.unread))

    def values(self, from_newest: int = 0) -> dict[str, str]:
        """Return the values that texts and figures may name, for the newest bill or an earlier one."""
        readings, meter = self.readings, self.case.meter
        begin, end = readings.ends[-2 - from_newest], readings.ends[-1 - from_newest]
        billed = _billed(self.case, readings, len(readings.ends) - 2 - from_newest)
        old_last = readings.shown(readings.replaced_on)
        new_end = meter.used(readings.replaced_on, end)
        start, true = readings.shown(begin), readings.shown(end)
        return {
            "begin": str(start),
            "true": str(true),
            "billed": str(billed.current),
            "units": str(billed.units),
            "true_units": str(old_last - start + new_end if meter.old_meter_no else true - start),
            "month": f"{_MONTH_NAMES[end.month - 1]} {end.year}",
            "reading": str(readings.given),
            "meter": meter.meter_no,
            "old_meter": meter.old_meter_no or meter.other_meter_no,
            "old_last": str(old_last),
            "new_end": str(new_end),
        }

    def bills(self) -> Iterator[Row]:
        """Yield the bills as rows of bills.csv, oldest first; all but the newest are paid."""
        case, readings, account_no = self.case, self.readings, self.connection[0]
        last_amount = 0
        for place in range(MONTHS):
            begin, end = readings.ends[place : place + 2]
            is_newest = place == MONTHS - 1
            billed, facts = _billed(case, readings, place), _facts(case, is_newest=is_newest)
            issued = end + timedelta(days=ISSUED_AFTER)
            rates = rates_on(self.world.rates, facts.category, issued)
            charges = charge(rates, billed.units, facts.load_kw * WATTS_PER_KW)
            arrears = last_amount if is_newest and case.meter.is_payment_missing else 0
            amount = charges.total + arrears
            paid = (rupees(amount), (issued + timedelta(days=PAID_AFTER)).isoformat())
            yield (
                bill_no(end, self.index),
                f"S{place:02d}{self.index:08d}",
                account_no,
                f"{end:%Y-%m}",
                (begin + timedelta(days=1)).isoformat(),
                end.isoformat(),
                *map(str, billed),
                issued.isoformat(),
                (issued + timedelta(days=14)).isoformat(),
                *money_columns(charges, arrears),
                rupees(amount),
                *(("0.00", "") if is_newest else paid),
                *("", "", str(facts.load_kw), facts.category, facts.meter_no),
            )
            last_amount = amount


class _Billed(NamedTuple):
    """Readings, units and basis of a bill, in the order of the extract."""

    previous: int
    current: int
    units: int
    basis: str


@dataclass(frozen=True, slots=True)
class _BillFacts:
    load_kw: int
    category: str
    meter_no: str


def _billed(case: WrittenCase, readings: CaseReadings, place: int) -> _Billed:
    """Return what a bill says: the newest ones with the fault of the case."""
    meter, from_newest = case.meter, len(readings.ends) - 2 - place
    previous, current = (readings.shown(day) for day in readings.ends[place : place + 2])
    if from_newest < len(meter.unread):
        last_read = readings.shown(readings.ends[-1 - len(meter.unread)])
        basis = "PROV" if meter.provisional_units else "ASS"
        return _Billed(last_read, last_read, meter.unread[-1 - from_newest], basis)
    if not from_newest and meter.billed is not None:
        current = meter.billed
    return _Billed(previous, current, current - previous, "MU")


def _facts(case: WrittenCase, *, is_newest: bool) -> _BillFacts:
    meter, load_kw, category = case.meter, case.person.load_kw, case.category
    meter_no = meter.old_meter_no or meter.meter_no
    if not is_newest:
        return _BillFacts(load_kw, category, meter_no)
    return _BillFacts(
        meter.billed_load_kw or load_kw, meter.billed_category or category, meter.other_meter_no or meter_no
    )


def _ends(newest: date) -> Iterator[date]:
    """Yield the ends of the bills, oldest first, and before them the day on which the first begins."""
    day, number = min(newest.day, 28), newest.year * 12 + newest.month - 1
    for at in range(number - MONTHS, number):
        yield date(at // 12, at % 12 + 1, day)
    yield newest


def case_moments(case: WrittenCase, calendar: Calendar, today: date) -> list[datetime]:
    """Return when the complaint of a case was registered, and when each of its steps took place."""
    return moments(case.timetable, calendar, today, case.meter.at_end)


def placed_cases(
    world: SyntheticWorld, first_index: int, cases: Sequence[WrittenCase], calendar: Calendar
) -> list[PlacedCase]:
    """Return the cases with their connections: those with an even index are urban, the others rural."""
    first = first_index + first_index % 2
    return [
        PlacedCase(
            world,
            case,
            first + 2 * place + (case.person.network == "rural"),
            case_moments(case, calendar, world.today)[0].date(),
        )
        for place, case in enumerate(cases)
    ]
