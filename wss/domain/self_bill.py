"""Self bill generation: who may use it, and the provisional bill that a consumer's own reading gives.

The computation, for checks by hand:

1. Period: from the day after the last bill until the day of the reading. Its month is that of the day half a month
   before its end, so that a reading of 3 December for 1 November to 3 December is November's.
2. Units: half_up(steps * factor / 1000), steps as in meter_units.py, from the last reading of the last bill.
3. Charges by tariff.py, by the rows in force on the day of the reading, for the present load and category.
4. Arrears: the last bill less what is paid on it. Amount = charges + arrears. A surcharge and other charges are not
   known before the real bill.

Who may is configured for each discom (`SelfBillRule`), with its source; without a row nothing is offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from wss.domain.billed import EffectiveBill
from wss.domain.calculation import TariffBasis, usual_for
from wss.domain.delivery import DeliveryState
from wss.domain.errors import RuleBroken
from wss.domain.extracts.values import MOST_UNITS
from wss.domain.meter_units import REGISTER_DIGITS, counted_units
from wss.domain.proration import Period, months_between
from wss.domain.self_check import SelfCheckSupply, is_too_much
from wss.domain.tariff import Component, Rate, charge, months_of, rates_on

ACTIVE = "active"
_DAY = timedelta(days=1)
_HALF_A_MONTH = timedelta(days=15)


class SelfBillObstacle(StrEnum):
    """Why a connection cannot generate a bill now."""

    OFF = "off"
    NOT_ACTIVE = "not_active"
    UNIT = "unit"
    CATEGORY = "category"
    LOAD = "load"
    NO_BILL = "no_bill"
    NOT_READ = "not_read"
    METER_REPLACED = "meter_replaced"
    NO_TARIFF = "no_tariff"
    TOO_EARLY = "too_early"


class SelfBillDoubt(StrEnum):
    """What a consumer is asked to be sure of before a bill is generated."""

    OVER_THE_END = "over_the_end"
    FAR_ABOVE = "far_above"


class SelfBillState(StrEnum):
    """Where a generated bill is; `replaced`: the real bill of its period has arrived."""

    WAITING = "waiting"
    UNANSWERED = "unanswered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class SelfBillRule:
    """The rule of an office: who may generate a bill, how long after the last one, and what counts as unusual."""

    office_code: str
    switched_on: bool
    max_load_w: int
    billing_units: str
    categories: str
    bill_bases: str
    least_days: int
    unusual_times: int
    source_note: str


@dataclass(frozen=True, slots=True)
class SelfBillSupply:
    """The present facts of a connection."""

    status: str
    billing_unit: str
    category: str
    load_w: int
    meter_no: str
    multiplying_factor_milli: int


@dataclass(frozen=True, slots=True)
class SelfBill:
    """A provisional bill. `steps`: component, quantity, rate in paise and months of each row of the tariff."""

    bill_month: str
    period_from: date
    period_to: date
    previous_reading: int
    current_reading: int
    register_digits: int | None
    units: int
    multiplying_factor_milli: int
    load_w: int
    category: str
    meter_no: str
    fixed_charge_paise: int
    energy_charge_paise: int
    electricity_duty_paise: int
    arrears_paise: int
    amount_paise: int
    steps: list[Any]
    doubts: list[str]
    usual: int | None = None


class ReadingRefused(RuleBroken):
    """A reading that gives no bill; `code` says why, `previous` is the reading of the last bill."""

    def __init__(self, code: str, previous: int) -> None:
        super().__init__(code)
        self.previous = previous


def obstacle_of(
    rule: SelfBillRule | None,
    supply: SelfBillSupply,
    last: EffectiveBill | None,
    rates: Sequence[Rate],
    today: date,
) -> SelfBillObstacle | None:
    """Return why no bill can be generated today; None if it can."""
    if rule is None or not rule.switched_on:
        return SelfBillObstacle.OFF
    checks = (
        (supply.status != ACTIVE, SelfBillObstacle.NOT_ACTIVE),
        (supply.billing_unit not in rule.billing_units.split(), SelfBillObstacle.UNIT),
        (supply.category not in rule.categories.split(), SelfBillObstacle.CATEGORY),
        (supply.load_w > rule.max_load_w, SelfBillObstacle.LOAD),
        (not rates_on(rates, supply.category, today), SelfBillObstacle.NO_TARIFF),
    )
    found = next((obstacle for holds, obstacle in checks if holds), None)
    return found or _obstacle_of_last(rule, supply, last, today)


def first_day(rule: SelfBillRule, last: EffectiveBill) -> date:
    """Return the day from which the next bill can be generated."""
    return last.period_to + timedelta(days=rule.least_days)


def self_bill(
    rule: SelfBillRule,
    supply: SelfBillSupply,
    last: EffectiveBill,
    tariff_basis: TariffBasis,
    reading: int,
    today: date,
) -> SelfBill:
    """Return the bill that a reading of today gives. Raises ReadingRefused."""
    period = Period(last.period_to + _DAY, today)
    months = months_between(period.first, period.last)
    units, digits = _counted(supply, last.current_reading, reading, months)
    rates = rates_on(tariff_basis.rates, supply.category, today)
    charges = charge(rates, units, supply.load_w, period)
    arrears = last.amount_paise - (last.paid_amount_paise or 0)
    usual = _usual(tariff_basis)
    doubts = [SelfBillDoubt.OVER_THE_END] if digits else []
    if usual and units >= rule.unusual_times * usual * months:
        doubts.append(SelfBillDoubt.FAR_ABOVE)
    return SelfBill(
        bill_month=f"{max(period.first, today - _HALF_A_MONTH):%Y-%m}",
        period_from=period.first,
        period_to=today,
        previous_reading=last.current_reading,
        current_reading=reading,
        register_digits=digits,
        units=units,
        multiplying_factor_milli=supply.multiplying_factor_milli,
        load_w=supply.load_w,
        category=supply.category,
        meter_no=supply.meter_no,
        fixed_charge_paise=charges.fixed,
        energy_charge_paise=charges.energy,
        electricity_duty_paise=charges.duty,
        arrears_paise=arrears,
        amount_paise=charges.total + arrears,
        steps=_steps(rates, units, supply.load_w, period),
        doubts=[doubt.value for doubt in doubts],
        usual=usual,
    )


def state_of(post_state: str, attempts: int, replaced_by: str | None) -> SelfBillState:
    """Return where a generated bill is, by its post to the billing system and the bill that has replaced it."""
    if replaced_by is not None or post_state == DeliveryState.EXPIRED:
        return SelfBillState.REPLACED
    if post_state == DeliveryState.DELIVERED:
        return SelfBillState.ACCEPTED
    if post_state == DeliveryState.DEAD:
        return SelfBillState.REFUSED
    return SelfBillState.UNANSWERED if attempts else SelfBillState.WAITING


def _obstacle_of_last(
    rule: SelfBillRule, supply: SelfBillSupply, last: EffectiveBill | None, today: date
) -> SelfBillObstacle | None:
    if last is None:
        return SelfBillObstacle.NO_BILL
    meter_no = last.meter_no or last.at_import_meter_no
    if meter_no and supply.meter_no and meter_no != supply.meter_no:
        return SelfBillObstacle.METER_REPLACED
    if last.bill_basis not in rule.bill_bases.split():
        return SelfBillObstacle.NOT_READ
    return SelfBillObstacle.TOO_EARLY if today < first_day(rule, last) else None


def _counted(supply: SelfBillSupply, previous: int, reading: int, months: int) -> tuple[int, int | None]:
    """Return the units, and the digits of the register if it has passed its end. Raises ReadingRefused."""
    digits = _register_digits(previous, reading)
    if reading < previous and digits is None:
        raise ReadingRefused("below_last", previous)
    steps = reading - previous + (10**digits if digits else 0)
    units = counted_units(steps, supply.multiplying_factor_milli)
    if units > MOST_UNITS or is_too_much(units, SelfCheckSupply(supply.load_w), months):
        raise ReadingRefused("below_last" if digits else "too_much", previous)
    return units, digits


def _register_digits(previous: int, reading: int) -> int | None:
    """Return the digits of a register that has passed its end: the last reading was within a tenth of it."""
    digits = max(REGISTER_DIGITS[0], len(str(previous)))
    near_end = previous >= 10**digits - 10 ** (digits - 1)
    return digits if reading < previous and near_end and digits in REGISTER_DIGITS else None


def _usual(tariff_basis: TariffBasis) -> int | None:
    """Return the usual units of a month: the average of the last three bills that were read."""
    found = usual_for(tariff_basis.used, None)
    return round(found[0] / found[1]) if found else None


def _steps(rates: Sequence[Rate], units: int, load_w: int, period: Period) -> list[Any]:
    """Return the rows of the tariff that count, each with its quantity: watts, units within the slab, or nothing."""
    steps: list[Any] = []
    for rate in rates:
        quantity = load_w
        if rate.component is Component.ENERGY:
            # The units within the slab are what a rate of one paisa charges.
            quantity = charge([replace(rate, rate_paise=1)], units, load_w, period).energy
        elif rate.component is Component.DUTY:
            quantity = 0
        if quantity or rate.component is Component.DUTY:
            steps.append([rate.component.value, quantity, rate.rate_paise, str(months_of(rate, period))])
    return steps
