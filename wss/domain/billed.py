"""A bill in its current version, the officer's input for it, and the facts of the bill's own time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wss.domain.meter_units import METERED, MILLI, REGISTER_DIGITS, counted_units
from wss.domain.proration import Period
from wss.domain.tariff import WATTS_PER_KW, Component, Rate, charge, months_of, rates_on

# A factor that is computed from a bill's units must be at least 1 and exact in tenths: the possible ratios of
# current transformers. Otherwise the units of the bill do not follow from its readings.
_TENTH = MILLI // 10


class FactSource(StrEnum):
    """The sources of a fact about a bill."""

    EXTRACT = "extract"
    REVISION = "revision"
    IMPORT = "import"
    DERIVED = "derived"
    OFFICER = "officer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class EffectiveBill:
    """A bill as issued, or as last revised. `charged_on` is the day whose tariff applies: when the first of its
    revisions was issued.

    Factor, load, category and meter are the bill's own where its extract (or its revision) has them; `at_import_…`
    are those of the connection when the bill was imported. `changed_paise` is the sum of all changes by revisions
    since the first issue, each counted without its sign.
    """

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
    surcharge_paise: int | None = None
    multiplying_factor_milli: int | None = None
    load_w: int | None = None
    category: str | None = None
    meter_no: str | None = None
    at_import_factor_milli: int | None = None
    at_import_load_w: int | None = None
    at_import_category: str | None = None
    at_import_meter_no: str | None = None
    revises: str | None = None
    old_meter_reading: int | None = None
    new_meter_initial: int | None = None
    register_digits: int | None = None
    changed_paise: int = 0

    @property
    def period(self) -> Period:
        """Return the billing period."""
        return Period(self.period_from, self.period_to)


@dataclass(frozen=True, slots=True)
class BillInput:
    """An officer's input for one bill; the two readings of a replaced meter are given together or not at all.

    `register_digits` only where the register passed its end; `recompute_reason` where unchanged lines are
    recomputed too.
    """

    previous_reading: int
    current_reading: int
    basis: str
    load_w: int
    category: str
    old_meter_reading: int | None = None
    new_meter_initial: int | None = None
    multiplying_factor_milli: int = MILLI
    register_digits: int | None = None
    recompute_reason: str = ""

    @property
    def is_replacement(self) -> bool:
        """Return whether the meter was replaced in this period."""
        return self.old_meter_reading is not None


@dataclass(frozen=True, slots=True)
class BillFacts:
    """Factor, load, category, meter and register at the time of the bill, and the source of each."""

    multiplying_factor_milli: int
    load_w: int
    category: str
    meter_no: str
    register_digits: int | None
    sources: Mapping[str, FactSource]


def facts_of(bill: EffectiveBill, rates: Sequence[Rate]) -> BillFacts:
    """Return the facts at the time of the bill; later imports do not change them.

    Factor: the bill's own column; else that of the connection at the import of the bill, if the bill's units
    follow from its readings with it (on every basis other than MU without this check); else units / steps, if that
    is at least 1 and exact in tenths; else that of the connection.

    Register: the revision's own; else, for an MU bill whose readings go backwards, the fewest digits with which
    the bill's units follow from its readings.

    Load and category: the bill's own columns; else the connection's at the import of the bill, if they give the
    issued charges to the paisa; else the load that the fixed charge was for, and the one category, that do; else
    the connection's.
    """
    own = FactSource.REVISION if bill.revises else FactSource.EXTRACT
    factor, factor_from = _factor(bill, own)
    digits = bill.register_digits
    digits_from = own
    if digits is None:
        digits, digits_from = _digits(bill, factor), FactSource.DERIVED
    load, category, supply_from = _supply(bill, rates, own)
    meter_no = bill.meter_no or bill.at_import_meter_no or ""
    sources = {
        "multiplying_factor": factor_from,
        "load_kw": own if bill.load_w is not None else supply_from,
        "category": own if bill.category is not None else supply_from,
        "meter_no": own if bill.meter_no else FactSource.IMPORT,
    }
    if digits is not None:
        sources["register_digits"] = digits_from
    return BillFacts(factor, load, category, meter_no, digits, sources)


def as_issued(bill: EffectiveBill, rates: Sequence[Rate]) -> BillInput:
    """Return the initial input: the bill's own readings, basis and facts."""
    facts = facts_of(bill, rates)
    return BillInput(
        bill.previous_reading,
        bill.current_reading,
        bill.bill_basis,
        facts.load_w,
        facts.category,
        bill.old_meter_reading,
        bill.new_meter_initial,
        facts.multiplying_factor_milli,
        facts.register_digits,
    )


def _factor(bill: EffectiveBill, own: FactSource) -> tuple[int, FactSource]:
    if bill.multiplying_factor_milli is not None:
        return bill.multiplying_factor_milli, own
    known = bill.at_import_factor_milli
    steps = bill.current_reading - bill.previous_reading
    if (
        bill.bill_basis == METERED
        and steps > 0
        and (known is None or counted_units(steps, known) != bill.units)
    ):
        tenths, rest = divmod(bill.units * 10, steps)
        if not rest and tenths >= MILLI // _TENTH:
            return tenths * _TENTH, FactSource.DERIVED
    return (known, FactSource.IMPORT) if known is not None else (MILLI, FactSource.UNKNOWN)


def _digits(bill: EffectiveBill, factor_milli: int) -> int | None:
    """Return the digits of a register that passed its end in this bill."""
    back = bill.previous_reading - bill.current_reading
    if bill.bill_basis != METERED or back <= 0 or bill.old_meter_reading is not None:
        return None
    matching = (
        digits
        for digits in REGISTER_DIGITS
        if bill.previous_reading < 10**digits and counted_units(10**digits - back, factor_milli) == bill.units
    )
    return next(matching, None)


def _supply(bill: EffectiveBill, rates: Sequence[Rate], own: FactSource) -> tuple[int, str, FactSource]:
    """Return load and category, and the source of whichever of them the bill has no column for."""
    known_load = bill.load_w if bill.load_w is not None else bill.at_import_load_w
    known_category = bill.category if bill.category is not None else bill.at_import_category
    known = (known_load or 0, known_category or "")
    if bill.load_w is not None and bill.category is not None:
        return *known, own
    source = FactSource.UNKNOWN if known_load is None or known_category is None else FactSource.IMPORT
    if source is FactSource.IMPORT and _gives_charges(bill, rates, *known):
        return *known, source
    matching = _matching_loads(bill, rates, known[1]) if known_category is not None else []
    if not matching and bill.category is None:
        others = {rate.category for rate in rates} - {known[1]}
        matching = [found for category in sorted(others) for found in _matching_loads(bill, rates, category)]
    return (*matching[0], FactSource.DERIVED) if len(matching) == 1 else (*known, source)


def _matching_loads(bill: EffectiveBill, rates: Sequence[Rate], category: str) -> list[tuple[int, str]]:
    """Return the loads with which a category gives the issued charges.

    They are the known load, else that of the fixed charge.
    """
    loads = (
        [bill.load_w] if bill.load_w is not None else [bill.at_import_load_w, _load(bill, rates, category)]
    )
    found = ((load, category) for load in loads if load is not None)
    return [one for one in found if _gives_charges(bill, rates, *one)][:1]


def _load(bill: EffectiveBill, rates: Iterable[Rate], category: str) -> int | None:
    """Return the load that the fixed charge was for, if it is a whole number of watts."""
    fixed = [rate for rate in rates_on(rates, category, bill.charged_on) if rate.component is Component.FIXED]
    per_kw = sum(rate.rate_paise * months_of(rate, bill.period) for rate in fixed)
    if not per_kw or not bill.fixed_charge_paise:
        return None
    load, rest = divmod(bill.fixed_charge_paise * WATTS_PER_KW, per_kw)
    return None if rest else int(load)


def _gives_charges(bill: EffectiveBill, rates: Sequence[Rate], load_w: int, category: str) -> bool:
    in_force = rates_on(rates, category, bill.charged_on)
    if not in_force:
        return False
    charges = charge(in_force, bill.units, load_w, bill.period)
    issued = (bill.fixed_charge_paise, bill.energy_charge_paise, bill.electricity_duty_paise)
    return (charges.fixed, charges.energy, charges.duty) == issued
