"""A bill as it should have been: units from the readings, charges by the tariff, and what differs from before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from wss.domain.consumption import AVERAGES, WITHOUT_METER, Rests, Used, months_between
from wss.domain.errors import RuleBroken
from wss.domain.extracts.values import MOST_PAISE, MOST_UNITS
from wss.domain.tariff import Rate, charge, rates_on

MILLI = 1000
AVERAGE_OVER = 3
# Not from the order itself: to be checked against the Supply Code in force, as the tariff's own rows are.
AVERAGE_SOURCE = (
    "placeholder: average of the last 3 months that were read, while a meter is defective or not read"
)


# How long a revised bill may be paid. Placeholder, to be checked against the Supply Code in force.
DAYS_TO_PAY = 15


class OwnReason(StrEnum):
    """Why an office revises a bill that nobody complained about."""

    METER_REPLACEMENT = "meter_replacement"
    BILL_ON_HOLD = "bill_on_hold"
    METER_READ = "meter_read"
    WRONG_MASTER_DATA = "wrong_master_data"
    ORDER_OF_FORUM = "order_of_forum"
    OWN_CHECK = "own_check"


class Line(StrEnum):
    """The lines of a bill in their order; those before the charges are counted, the others are paise."""

    PREVIOUS_READING = "previous_reading"
    CURRENT_READING = "current_reading"
    UNITS = "units"
    FIXED_CHARGE = "fixed_charge"
    ENERGY_CHARGE = "energy_charge"
    ELECTRICITY_DUTY = "electricity_duty"
    OTHER_CHARGE = "other_charge"
    ARREARS = "arrears"
    AMOUNT = "amount"


COUNTED = frozenset({Line.PREVIOUS_READING, Line.CURRENT_READING, Line.UNITS})


@dataclass(frozen=True, slots=True)
class Billed:
    """A bill as it stands: as issued, or as last revised. `charged_on` is the day whose tariff it goes by: when the
    first of its revisions was issued."""

    bill_no: str
    bill_month: str
    period_from: date
    period_to: date
    charged_on: date
    previous_reading: int
    current_reading: int
    units: int
    bill_basis: str
    fixed_charge_paise: int
    energy_charge_paise: int
    electricity_duty_paise: int
    other_charge_paise: int
    arrears_paise: int
    amount_paise: int
    paid_amount_paise: int | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """What an officer puts in for one bill; the two readings of a replaced meter come together or not at all."""

    previous_reading: int
    current_reading: int
    basis: str
    load_w: int
    category: str
    old_meter_reading: int | None = None
    new_meter_initial: int | None = None

    @property
    def is_replacement(self) -> bool:
        """Whether two meters counted in this period."""
        return self.old_meter_reading is not None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a connection's revisions rest on: tariff, its months, thousandths of a unit that its meter counts."""

    rates: Sequence[Rate]
    factor_milli: int = MILLI
    used: Sequence[Used] = ()


@dataclass(frozen=True, slots=True)
class Revised:
    """One bill as revised: what was put in, and what it comes to."""

    bill_no: str
    put: Put
    units: int
    fixed_charge_paise: int
    energy_charge_paise: int
    electricity_duty_paise: int
    other_charge_paise: int
    arrears_paise: int
    amount_paise: int

    @property
    def previous_reading(self) -> int:
        """Where the meter stood before."""
        return self.put.previous_reading

    @property
    def current_reading(self) -> int:
        """Where it stood at the end."""
        return self.put.current_reading


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of a bill, as issued and as revised."""

    line: Line
    issued: int
    revised: int

    @property
    def difference(self) -> int:
        """What the revision adds; negative is less."""
        return self.revised - self.issued


class Wrong(RuleBroken):
    """Something put in cannot be: `code` says why, `field` where."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field


def as_issued(bill: Billed, load_w: int, category: str) -> Put:
    """What to begin with: the bill's own readings and basis, the connection's load and category."""
    return Put(bill.previous_reading, bill.current_reading, bill.bill_basis, load_w, category)


def revise(bill: Billed, put: Put, ground: Ground) -> Revised:
    """The bill recomputed by the tariff of its day; other charges and arrears stay. Raises Wrong."""
    rates = rates_on(ground.rates, put.category, bill.charged_on)
    if not rates:
        raise Wrong("category", "no_tariff")
    units = _units(bill, put, ground)
    charges = charge(rates, units, put.load_w, months_between(bill.period_from, bill.period_to))
    amount = charges.total + bill.other_charge_paise + bill.arrears_paise
    if units > MOST_UNITS or abs(amount) > MOST_PAISE:
        raise Wrong("current_reading", "beyond_reason")
    return Revised(
        bill.bill_no,
        put,
        units,
        charges.fixed,
        charges.energy,
        charges.duty,
        bill.other_charge_paise,
        bill.arrears_paise,
        amount,
    )


def usual_a_month(used: Sequence[Used], before: date) -> tuple[int, int] | None:
    """Units and months of the last bills before a day that rest on a reading, for their average; None without any."""
    read = [one for one in used if one.rests_on is Rests.READING and one.period_to < before]
    last = sorted(read, key=lambda one: one.period_to)[-AVERAGE_OVER:]
    return (sum(one.units for one in last), sum(one.months for one in last)) if last else None


def compared(before: object, after: object) -> list[Compared]:
    """Two bills line by line, each a Billed, a Revised or a row of the bill table: they name their figures alike."""
    return [Compared(line, _figure(before, line), _figure(after, line)) for line in Line]


def change(bills: Mapping[str, Billed], revised: Sequence[Revised]) -> int:
    """By how much the bills change, in either direction; what the limits of a post are about.

    Each bill counts by itself: one that rises must not hide one that falls.
    """
    return sum(abs(one.amount_paise - bills[one.bill_no].amount_paise) for one in revised)


def figures_hash(bills: Mapping[str, Billed], revised: Sequence[Revised]) -> str:
    """SHA-256 of every figure of every bill, as issued and as revised: an approval is for exactly these."""
    figures = [
        [_canonical(bills[one.bill_no]), asdict(one)] for one in sorted(revised, key=lambda one: one.bill_no)
    ]
    text = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _canonical(bill: Billed) -> list[object]:
    dates = (bill.period_from, bill.period_to, bill.charged_on)
    readings = (bill.previous_reading, bill.current_reading, bill.units)
    return [bill.bill_no, bill.bill_basis, *readings, *_money(bill), *(day.isoformat() for day in dates)]


def _figure(bill: object, line: Line) -> int:
    figure: int = getattr(bill, line if line in COUNTED else f"{line}_paise")
    return figure


def _money(of: Billed | Revised) -> tuple[int, ...]:
    return (
        of.fixed_charge_paise,
        of.energy_charge_paise,
        of.electricity_duty_paise,
        of.other_charge_paise,
        of.arrears_paise,
        of.amount_paise,
    )


def _units(bill: Billed, put: Put, ground: Ground) -> int:
    """From the readings, from the months before, or, where nothing about the meter was changed, as billed."""
    if put.basis in WITHOUT_METER:
        return bill.units
    is_untouched = not put.is_replacement and (
        (put.previous_reading, put.current_reading, put.basis)
        == (bill.previous_reading, bill.current_reading, bill.bill_basis)
    )
    if put.basis in AVERAGES:
        return bill.units if is_untouched else _average(bill, ground)
    # A bill above the ceiling was cut down to it, and is as long as nobody reads the meter again.
    return bill.units if is_untouched and put.basis == "CEIL" else _counted(put, ground.factor_milli)


def _average(bill: Billed, ground: Ground) -> int:
    usual = usual_a_month(ground.used, bill.period_from)
    if usual is None:
        raise Wrong("basis", "no_average")
    units, months = usual
    return _half_up(units * months_between(bill.period_from, bill.period_to), months)


def _counted(put: Put, factor_milli: int) -> int:
    """What the meter counted; with a replacement what the old one did and the new one went on with."""
    if put.old_meter_reading is None or put.new_meter_initial is None:
        if put.current_reading < put.previous_reading:
            raise Wrong("current_reading", "reading_below_previous")
        steps = put.current_reading - put.previous_reading
    else:
        if put.old_meter_reading < put.previous_reading:
            raise Wrong("old_meter_reading", "reading_below_previous")
        if put.current_reading < put.new_meter_initial:
            raise Wrong("current_reading", "reading_below_initial")
        steps = put.old_meter_reading - put.previous_reading + put.current_reading - put.new_meter_initial
    return _half_up(steps * factor_milli, MILLI)


def _half_up(amount: int, divisor: int) -> int:
    return (2 * amount + divisor) // (2 * divisor)
