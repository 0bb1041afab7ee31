"""What a bill comes to: fixed charge by load, energy by slabs, duty on both, in whole paise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wss.domain.errors import RuleBroken

WATTS_PER_KW = 1000
BASIS_POINTS = 10_000


class Component(StrEnum):
    """The parts of a bill that a tariff sets."""

    FIXED = "fixed"
    ENERGY = "energy"
    DUTY = "duty"


# Each component is reckoned in one way only, and the extract has to name it.
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


@dataclass(frozen=True, slots=True)
class Charges:
    """What the tariff charges for a bill, in paise."""

    fixed: int
    energy: int
    duty: int

    @property
    def total(self) -> int:
        """The bill without other charges and arrears."""
        return self.fixed + self.energy + self.duty


def rates_on(rates: Iterable[Rate], category: str, day: date) -> list[Rate]:
    """The rows in force for a category on a day: of each component the newest set that has begun."""
    begun = [rate for rate in rates if rate.category == category and rate.effective_from <= day]
    newest: dict[Component, date] = {}
    for rate in begun:
        newest[rate.component] = max(rate.effective_from, newest.get(rate.component, rate.effective_from))
    return [rate for rate in begun if rate.effective_from == newest[rate.component]]


def charge(rates: Sequence[Rate], units: int, load_w: int, months: int = 1) -> Charges:
    """The charges for so many units over so many months, by the rows in force for one category."""
    if units < 0 or load_w < 0 or months < 1:
        raise RuleBroken("not_chargeable")
    if not rates:
        raise RuleBroken("no_tariff")
    fixed = _half_up(sum(_of(rates, Component.FIXED)) * load_w * months, WATTS_PER_KW)
    energy = sum(
        _units_within(rate, units, months) * rate.rate_paise
        for rate in rates
        if rate.component is Component.ENERGY
    )
    duty = _half_up(sum(_of(rates, Component.DUTY)) * (fixed + energy), BASIS_POINTS)
    return Charges(fixed, energy, duty)


def _of(rates: Sequence[Rate], component: Component) -> list[int]:
    return [rate.rate_paise for rate in rates if rate.component is component]


# A bill for two months has slabs twice as wide.
def _units_within(rate: Rate, units: int, months: int) -> int:
    end = units if rate.slab_to is None else min(units, rate.slab_to * months)
    return max(0, end - rate.slab_from * months)


def _half_up(amount: int, divisor: int) -> int:
    return (2 * amount + divisor) // (2 * divisor)
