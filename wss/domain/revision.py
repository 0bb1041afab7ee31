"""Revision of a bill: units from the readings, charges by the tariff, and the differences from the issued bill.

The computation of `revise(bill, put, tariff_basis)`, for checks by hand:

1. Units. As billed, while readings, replacement, register digits and basis are those of the bill and, on a basis with
   a reading, the factor too; as billed also on a basis without a meter (UM). On a basis with a reading
   (MU, MIN, CEIL, CDF): half_up(steps * factor / 1000), steps as in meter_units.py. On an average basis (ASS, NA, NR,
   PROV, IDF, RDF, ADF): half_up(U * m / M), where U and M are units and whole months of the last three bills before
   this one that are based on a reading, and m the months of this bill by the proration of its energy rows.
2. Charges, by the rows in force on `charged_on` for the category of the input, as in tariff.py. An unchanged line
   stays as issued: the fixed charge is recomputed when load or category differ from the bill's own, the
   energy charge when units or category do, the duty when category, fixed charge or energy charge do. With a
   `recompute_reason` all three are recomputed.
3. Other charges, surcharge and arrears stay. Amount = issued amount + the changes of fixed charge, energy charge and
   duty: all other parts of the issued amount stay unchanged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from fractions import Fraction

from wss.domain.bill_lines import BillComponent
from wss.domain.billed import BillInput, EffectiveBill, as_issued
from wss.domain.calculation import Calculation, TariffBasis, calculation_of, months_of_energy, usual_for
from wss.domain.consumption import AVERAGES
from wss.domain.extracts.values import MOST_PAISE, MOST_UNITS
from wss.domain.meter_units import (
    METERED,
    BillInputError,
    counted_steps,
    counted_units,
    needs_reading,
    readings_of,
)
from wss.domain.tariff import Charges, Rate, charge, duty_on, rates_on

# The days for paying a revised bill. Placeholder, to be checked against the Supply Code in force.
DAYS_TO_PAY = 15


class OwnReason(StrEnum):
    """The reasons for revising a bill without a complaint."""

    METER_REPLACEMENT = "meter_replacement"
    BILL_ON_HOLD = "bill_on_hold"
    METER_READ = "meter_read"
    WRONG_MASTER_DATA = "wrong_master_data"
    ORDER_OF_FORUM = "order_of_forum"
    OWN_CHECK = "own_check"


class RecomputeReason(StrEnum):
    """The reasons for recomputing unchanged lines by the tariff as well."""

    TARIFF_CORRECTED = "tariff_corrected"
    PERIOD_CORRECTED = "period_corrected"
    CHARGES_WRONG = "charges_wrong"
    ORDER_OF_FORUM = "order_of_forum"


class UnitsFrom(StrEnum):
    """The source of the units of a revised bill. `unchecked`: proposed before the source was stored."""

    READINGS = "readings"
    AVERAGE = "average"
    ISSUED = "issued"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Revised:
    """A revised bill: the input, the result, and the inputs of the computation."""

    bill_no: str
    put: BillInput
    units: int
    fixed_charge_paise: int
    energy_charge_paise: int
    electricity_duty_paise: int
    other_charge_paise: int
    arrears_paise: int
    amount_paise: int
    surcharge_paise: int | None = None
    units_from: str = UnitsFrom.UNCHECKED
    calculation: Calculation | None = None

    @property
    def previous_reading(self) -> int:
        """Return the reading at the start of the period."""
        return self.put.previous_reading

    @property
    def current_reading(self) -> int:
        """Return the reading at the end of the period."""
        return self.put.current_reading


def with_reading_basis(
    bill: EffectiveBill, put: BillInput, issued: BillInput, shown_basis: str = ""
) -> BillInput:
    """Return the input with the basis MU, if a reading was typed and no basis was chosen with it.

    A basis was chosen if it differs from the one that the form showed (without `shown_basis`: the bill's own).
    Raises BillInputError for a reading of a connection that is billed without a meter.
    """
    is_typed = readings_of(put) != readings_of(issued)
    if not is_typed or put.basis == METERED or put.basis != (shown_basis or bill.bill_basis):
        return put
    if not needs_reading(put.basis) and put.basis not in AVERAGES:
        changed = put.current_reading != issued.current_reading
        raise BillInputError("current_reading" if changed else "previous_reading", "reading_without_meter")
    return replace(put, basis=METERED)


def revise(bill: EffectiveBill, put: BillInput, tariff_basis: TariffBasis) -> Revised:
    """Return the bill recomputed by the tariff of its day, as described in the module. Raises BillInputError."""
    issued = as_issued(bill, tariff_basis.rates)
    rates = rates_on(tariff_basis.rates, put.category, bill.charged_on)
    units, units_from = _units(bill, put, issued, rates, tariff_basis)
    # Checked before anything is multiplied further: a slipped digit has no charges.
    if units > MOST_UNITS:
        raise BillInputError("current_reading", "beyond_reason")
    charges, recomputed = _charges(bill, put, issued, rates, units)
    was = bill.fixed_charge_paise + bill.energy_charge_paise + bill.electricity_duty_paise
    amount = bill.amount_paise + charges.total - was
    if abs(amount) > MOST_PAISE:
        raise BillInputError("current_reading", "beyond_reason")
    if units_from != UnitsFrom.ISSUED:
        recomputed = (BillComponent.UNITS.value, *recomputed)
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
        bill.surcharge_paise,
        units_from.value,
        calculation_of(bill, put, rates, units, recomputed, tariff_basis),
    )


def table_difference(bill: EffectiveBill, tariff_basis: TariffBasis) -> int:
    """Return by how many paise the tariff's charges for the facts as issued differ from the issued ones.

    0 if no tariff is known.
    """
    issued = as_issued(bill, tariff_basis.rates)
    rates = rates_on(tariff_basis.rates, issued.category, bill.charged_on)
    if not rates:
        return 0
    charges = charge(rates, bill.units, issued.load_w, bill.period)
    return charges.total - bill.fixed_charge_paise - bill.energy_charge_paise - bill.electricity_duty_paise


def disagreement(bill: EffectiveBill, revised: Revised) -> str | None:
    """Return why units, readings and basis of a revised bill do not match, as a code; None if they do."""
    put = revised.put
    are_as_issued = (put.previous_reading, put.current_reading) == (
        bill.previous_reading,
        bill.current_reading,
    ) and put.old_meter_reading == bill.old_meter_reading
    if not needs_reading(put.basis):
        return None if are_as_issued else "basis_without_reading"
    if are_as_issued and put.basis == bill.bill_basis and revised.units == bill.units:
        return None
    try:
        fits = counted_units(counted_steps(put), put.multiplying_factor_milli) == revised.units
    except BillInputError as error:
        return error.code
    return None if fits else "units_not_of_readings"


def change(bills: Mapping[str, EffectiveBill], revised: Sequence[Revised]) -> int:
    """By how much the bills change since they were first issued, in either direction; what the limits of a post are
    about.

    Each bill counts by itself: one that rises must not hide one that falls. Each revision of a bill counts too: several
    small ones are as much as one large one, and there and back is twice the way.
    """
    steps = sum(abs(one.amount_paise - bills[one.bill_no].amount_paise) for one in revised)
    return steps + earlier_change(bills, revised)


def earlier_change(bills: Mapping[str, EffectiveBill], revised: Sequence[Revised]) -> int:
    """What earlier revisions have already changed of those bills whose amount changes."""
    effective = [bills[one.bill_no] for one in revised if one.amount_paise != bills[one.bill_no].amount_paise]
    return sum(bill.changed_paise for bill in effective)


def figures_hash(bills: Mapping[str, EffectiveBill], revised: Sequence[Revised]) -> str:
    """Return the SHA-256 of every figure of every bill and of the inputs of the computation.

    The figures are those as issued and as revised; an approval is for exactly these.
    """
    figures = [_figures_of(bills[one.bill_no], one) for one in sorted(revised, key=lambda one: one.bill_no)]
    text = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


# Proposals made before the inputs of the computation were stored are hashed without these.
_LATER_FIGURES = ("surcharge_paise", "units_from", "calculation")
_LATER_PUT = ("multiplying_factor_milli", "register_digits", "recompute_reason")


def _figures_of(bill: EffectiveBill, one: Revised) -> list[object]:
    canonical, figures = _canonical(bill), asdict(one)
    used = figures["calculation"]
    if isinstance(used, dict) and not used["doubts"]:
        # As the figures were before doubts were kept.
        del used["doubts"]
    if one.units_from == UnitsFrom.UNCHECKED:
        put = {name: value for name, value in figures["put"].items() if name not in _LATER_PUT}
        return [canonical, {n: v for n, v in figures.items() if n not in _LATER_FIGURES} | {"put": put}]
    facts = (bill.surcharge_paise, bill.multiplying_factor_milli, bill.load_w, bill.category, bill.meter_no)
    replaced = (bill.old_meter_reading, bill.new_meter_initial, bill.register_digits)
    return [[*canonical, *facts, *replaced], figures]


def _canonical(bill: EffectiveBill) -> list[object]:
    dates = (bill.period_from, bill.period_to, bill.charged_on)
    readings = (bill.previous_reading, bill.current_reading, bill.units)
    money = (
        bill.fixed_charge_paise,
        bill.energy_charge_paise,
        bill.electricity_duty_paise,
        bill.other_charge_paise,
        bill.arrears_paise,
        bill.amount_paise,
    )
    return [bill.bill_no, bill.bill_basis, *readings, *money, *(day.isoformat() for day in dates)]


def _units(
    bill: EffectiveBill, put: BillInput, issued: BillInput, rates: Sequence[Rate], tariff_basis: TariffBasis
) -> tuple[int, UnitsFrom]:
    """Return the units: from the readings, from the months before, or as billed.

    They are as billed if nothing about the meter was changed.
    """
    are_as_issued = readings_of(put) == readings_of(issued)
    if not needs_reading(put.basis):
        if not are_as_issued:
            raise BillInputError("basis", "basis_without_reading")
        if put.basis not in AVERAGES or put.basis == bill.bill_basis:
            return bill.units, UnitsFrom.ISSUED
        return _average(bill, rates, tariff_basis), UnitsFrom.AVERAGE
    has_factor = put.multiplying_factor_milli == issued.multiplying_factor_milli
    # A bill above the ceiling was cut down to it, which applies as long as the meter is not read again.
    if are_as_issued and has_factor and put.basis == bill.bill_basis:
        return bill.units, UnitsFrom.ISSUED
    return counted_units(counted_steps(put), put.multiplying_factor_milli), UnitsFrom.READINGS


def _average(bill: EffectiveBill, rates: Sequence[Rate], tariff_basis: TariffBasis) -> int:
    usual = usual_for(tariff_basis.used, bill.period_from)
    if usual is None:
        raise BillInputError("basis", "no_average")
    units, months = usual
    total = Fraction(units) * months_of_energy(rates, bill.period) / months
    return (2 * total.numerator + total.denominator) // (2 * total.denominator)


def _charges(
    bill: EffectiveBill, put: BillInput, issued: BillInput, rates: Sequence[Rate], units: int
) -> tuple[Charges, tuple[str, ...]]:
    """Return the three charges, and which of them were recomputed."""
    is_all = bool(put.recompute_reason) or put.category != issued.category
    has_fixed, has_energy = is_all or put.load_w != issued.load_w, is_all or units != bill.units
    fixed, energy = bill.fixed_charge_paise, bill.energy_charge_paise
    if has_fixed or has_energy:
        if not rates:
            raise BillInputError("category", "no_tariff")
        by_table = charge(rates, units, put.load_w, bill.period)
        fixed = by_table.fixed if has_fixed else fixed
        energy = by_table.energy if has_energy else energy
    has_duty = is_all or (fixed, energy) != (bill.fixed_charge_paise, bill.energy_charge_paise)
    duty = duty_on(rates, fixed + energy) if has_duty else bill.electricity_duty_paise
    lines = (
        (has_fixed, BillComponent.FIXED_CHARGE),
        (has_energy, BillComponent.ENERGY_CHARGE),
        (has_duty, BillComponent.ELECTRICITY_DUTY),
    )
    return Charges(fixed, energy, duty), tuple(line.value for has, line in lines if has)
