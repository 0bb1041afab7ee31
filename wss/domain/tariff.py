"""The charges of a bill by the tariff: fixed charge by load, energy by slabs, duty on both, in whole paise.

The formulae, for the rows in force of one category (rates in paise, load in watts, months exact fractions):

    fixed  = half_up(sum over fixed rows of rate * load_w * months / 1000)
    energy = half_up(sum over energy rows of rate * max(0, min(units, slab_to * months) - slab_from * months))
    duty   = half_up(sum of duty rows' basis points * (fixed + energy) / 10000)

`months` is that of the row's own proration (see proration.py); an open slab has no end. Each component is rounded
once, half up, to the paisa; `charge_lines` shares the same sums out to the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from wss.domain.errors import RuleBroken
from wss.domain.proration import Period, Proration

WATTS_PER_KW = 1000
BASIS_POINTS = 10_000


class Component(StrEnum):
    """The parts of a bill that a tariff sets."""

    FIXED = "fixed"
    ENERGY = "energy"
    DUTY = "duty"


# By what rate times quantity is divided, to give paise.
_DIVISORS = {Component.FIXED: WATTS_PER_KW, Component.ENERGY: 1, Component.DUTY: BASIS_POINTS}
# Each component has exactly one unit, and the extract has to name it.
UNITS = {
    Component.FIXED: "per kW per month",
    Component.ENERGY: "per unit",
    Component.DUTY: "basis points of fixed and energy",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """One row of a tariff; slabs are units per month, an open slab has no end."""

    category: str
    effective_from: date
    component: Component
    rate_paise: int
    slab_from: int = 0
    slab_to: int | None = None
    proration: Proration = Proration.WHOLE_MONTH


@dataclass(frozen=True, slots=True)
class Charges:
    """What the tariff charges for a bill, in paise."""

    fixed: int
    energy: int
    duty: int

    @property
    def total(self) -> int:
        """Return the bill without other charges and arrears."""
        return self.fixed + self.energy + self.duty


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """What one row of the tariff charges: its quantity (watts, units, or paise for the duty), months and paise."""

    rate: Rate
    quantity: int | Fraction
    months: int | Fraction
    paise: int


def rates_on(rates: Iterable[Rate], category: str, day: date) -> list[Rate]:
    """Return the rows in force for a category on a day: of each component the newest set that has begun."""
    begun = [rate for rate in rates if rate.category == category and rate.effective_from <= day]
    newest: dict[Component, date] = {}
    for rate in begun:
        newest[rate.component] = max(rate.effective_from, newest.get(rate.component, rate.effective_from))
    return [rate for rate in begun if rate.effective_from == newest[rate.component]]


def charge(rates: Sequence[Rate], units: int, load_w: int, months: int | Period = 1) -> Charges:
    """Return the charges for so many units over so many months or a period, by the rows in force for one category."""
    if units < 0 or load_w < 0 or (isinstance(months, int) and months < 1):
        raise RuleBroken("not_chargeable")
    if not rates:
        raise RuleBroken("no_tariff")
    fixed = fixed_charge(rates, load_w, months)
    energy = _half_up(
        sum(
            _units_within(rate, units, months_of(rate, months)) * rate.rate_paise
            for rate in rates
            if rate.component is Component.ENERGY
        ),
        1,
    )
    return Charges(fixed, energy, duty_on(rates, fixed + energy))


def charge_lines(
    rates: Sequence[Rate], units: int, load_w: int, months: int | Period = 1
) -> list[ChargeLine]:
    """Return what `charge` charges, row by row: fixed charge, energy by slabs, duty.

    The lines of a component sum to it exactly: each is the rounded sum so far less that of the rows before it.
    """
    charges = charge(rates, units, load_w, months)
    charged = charges.fixed + charges.energy
    lines = []
    for component, divisor in _DIVISORS.items():
        exact, rounded = Fraction(0), 0
        rows = (rate for rate in rates if rate.component is component)
        for rate in sorted(rows, key=lambda row: row.slab_from):
            counted = months_of(rate, months)
            quantity, times = {
                Component.FIXED: (load_w, counted),
                Component.ENERGY: (_units_within(rate, units, counted), 1),
                Component.DUTY: (charged, 1),
            }[component]
            exact += quantity * times * rate.rate_paise
            paise = _half_up(exact, divisor) - rounded
            rounded += paise
            lines.append(ChargeLine(rate, quantity, counted, paise))
    return lines


def fixed_charge(rates: Sequence[Rate], load_w: int, months: int | Period = 1) -> int:
    """Return the fixed charge for a load, in paise."""
    return _half_up(
        sum(
            rate.rate_paise * load_w * months_of(rate, months)
            for rate in rates
            if rate.component is Component.FIXED
        ),
        WATTS_PER_KW,
    )


def duty_on(rates: Sequence[Rate], charged_paise: int) -> int:
    """Return the electricity duty on the sum of fixed and energy charge, in paise."""
    points = sum(rate.rate_paise for rate in rates if rate.component is Component.DUTY)
    return _half_up(points * charged_paise, BASIS_POINTS)


def months_of(rate: Rate, months: int | Period) -> int | Fraction:
    """Return the number of months for which a row of the tariff counts."""
    return months.months(rate.proration) if isinstance(months, Period) else months


def _units_within(rate: Rate, units: int, months: int | Fraction) -> int | Fraction:
    """Return the units within a slab; a bill for two months has slabs twice as wide."""
    end = units if rate.slab_to is None else min(units, rate.slab_to * months)
    return max(0, end - rate.slab_from * months)


def _half_up(amount: int | Fraction, divisor: int) -> int:
    return (2 * amount + divisor) // (2 * divisor)
