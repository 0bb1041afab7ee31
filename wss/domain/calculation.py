"""The inputs of the computation of one revised bill: stored and shown with it, and part of what is approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from wss.domain.billed import BillInput, EffectiveBill, FactSource, as_issued, facts_of
from wss.domain.consumption import MonthlyUnits, UnitsBasis
from wss.domain.proration import Period, Proration, months_between
from wss.domain.tariff import Component, Rate, months_of

AVERAGE_OVER = 3
# A consumption of so many times the usual, in tenths, or more needs a confirmation.
UNUSUAL_TENTHS = 100


@dataclass(frozen=True, slots=True)
class TariffBasis:
    """The basis of a connection's revisions: the tariff, and its months."""

    rates: Sequence[Rate]
    used: Sequence[MonthlyUnits] = ()


@dataclass(frozen=True, slots=True)
class Calculation:
    """The inputs of a computation. Plain values only, as it is stored as JSON: a fraction is text such as "23/15".

    `recomputed`: the names of the lines that were computed; all others are as issued. `periods`: component,
    proration and months of fixed and energy charge. `rates`: component, day from which it is in force, slab from,
    slab to, rate in paise of each row. `sources`: where each fact comes from. `usual`: units and whole months on
    which an average, or a comparison with the usual, is based; `times_usual_tenths`: the units in tenths of the
    usual. `doubts`: codes of what the officer was asked about and confirmed.
    """

    days: int
    recomputed: Sequence[str]
    periods: Sequence[Sequence[str]]
    rates: Sequence[Sequence[Any]]
    sources: Sequence[Sequence[str]]
    meter_no: str = ""
    usual: Sequence[int] | None = None
    times_usual_tenths: int | None = None
    doubts: Sequence[str] = ()

    @property
    def months(self) -> list[tuple[str, Fraction]]:
        """Return the proration and the months of the period: once, if fixed and energy charge have the same."""
        return list(dict.fromkeys((rule, Fraction(months)) for _, rule, months in self.periods))

    @property
    def is_unusual(self) -> bool:
        """Return whether the units are ten times the usual or more."""
        return self.times_usual_tenths is not None and self.times_usual_tenths >= UNUSUAL_TENTHS


def calculation_of(
    bill: EffectiveBill,
    put: BillInput,
    in_force: Sequence[Rate],
    units: int,
    recomputed: Sequence[str],
    tariff_basis: TariffBasis,
) -> Calculation:
    """Return the inputs of the computation of one bill, by the rows of the tariff that are in force for it."""
    used, rates = tariff_basis.used, tariff_basis.rates
    usual = usual_for(used, bill.period_from) or usual_for(used, None, bill.bill_no)
    return Calculation(
        bill.period.days,
        list(recomputed),
        _periods(in_force, bill.period),
        [_row(rate) for rate in in_force],
        _sources(bill, put, rates),
        facts_of(bill, rates).meter_no,
        list(usual) if usual else None,
        _times(units, bill, usual),
    )


def usual_for(
    used: Sequence[MonthlyUnits], before: date | None, apart_from: str = ""
) -> tuple[int, int] | None:
    """Return units and whole months of the last three bills that are based on a reading; None without any.

    Only bills before a day, or other than one bill, count.
    """
    read = [
        one
        for one in used
        if one.units_basis is UnitsBasis.READING
        and one.bill_no != apart_from
        and (before is None or one.period_to < before)
    ]
    last = sorted(read, key=lambda one: one.period_to)[-AVERAGE_OVER:]
    return (sum(one.units for one in last), sum(one.months for one in last)) if last else None


def months_of_energy(rates: Sequence[Rate], period: Period) -> Fraction:
    """Return the months of a period by the proration of a tariff's energy rows; whole months without any."""
    rows = [rate for rate in rates if rate.component is Component.ENERGY]
    return Fraction(months_of(rows[0], period)) if rows else period.months(Proration.WHOLE_MONTH)


def _periods(rates: Sequence[Rate], period: Period) -> list[list[str]]:
    found = {
        (rate.component.value, rate.proration.value): str(Fraction(months_of(rate, period)))
        for rate in rates
        if rate.component is not Component.DUTY
    }
    return [[component, rule, months] for (component, rule), months in found.items()]


def _row(rate: Rate) -> list[Any]:
    return [
        rate.component.value,
        rate.effective_from.isoformat(),
        rate.slab_from,
        rate.slab_to,
        rate.rate_paise,
    ]


def _sources(bill: EffectiveBill, put: BillInput, rates: Sequence[Rate]) -> list[list[str]]:
    """Return the source of each fact; the officer where the input differs."""
    issued, sources = as_issued(bill, rates), facts_of(bill, rates).sources
    fields = {
        "multiplying_factor": put.multiplying_factor_milli != issued.multiplying_factor_milli,
        "load_kw": put.load_w != issued.load_w,
        "category": put.category != issued.category,
        "register_digits": put.register_digits != issued.register_digits,
    }
    typed = {name: FactSource.OFFICER for name, is_typed in fields.items() if is_typed}
    return [[name, source.value] for name, source in sorted((dict(sources) | typed).items())]


def _times(units: int, bill: EffectiveBill, usual: tuple[int, int] | None) -> int | None:
    """Return the units as a multiple of the usual of a month, in tenths, rounded down."""
    if usual is None or usual[0] <= 0:
        return None
    return units * 10 * usual[1] // (usual[0] * months_between(bill.period_from, bill.period_to))
