"""The inputs of a revised bill in words: months, factor, register, tariff, sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from flask import Flask
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.bill_lines import BillComponent
from wss.domain.billed import FactSource
from wss.domain.calculation import Calculation
from wss.domain.proration import Proration
from wss.domain.revision import RecomputeReason, Revised, UnitsFrom
from wss.domain.revision_doubts import RevisionDoubt
from wss.domain.tariff import Component
from wss.queries.revisions import revised_as
from wss.web.filters import day, kilowatts, rupees
from wss.web.labels.bills import LINES

SOURCES: dict[str, LazyString] = {
    FactSource.EXTRACT: _l("from the billing system, for this bill"),
    FactSource.REVISION: _l("from the revision before this one"),
    FactSource.IMPORT: _l("as on record when the bill came in"),
    FactSource.DERIVED: _l("calculated from the issued bill"),
    FactSource.OFFICER: _l("entered by the officer"),
    FactSource.UNKNOWN: _l("not on record"),
}
RECOMPUTE_REASONS: dict[str, LazyString] = {
    RecomputeReason.TARIFF_CORRECTED: _l("The bill was charged at rates that are not in the tariff"),
    RecomputeReason.PERIOD_CORRECTED: _l("The bill was charged for months outside its period"),
    RecomputeReason.CHARGES_WRONG: _l("Fixed charge, energy charge or duty was billed wrongly"),
    RecomputeReason.ORDER_OF_FORUM: _l("Order of a forum, the Ombudsman or a court"),
}
_CHARGES = (BillComponent.FIXED_CHARGE, BillComponent.ENERGY_CHARGE, BillComponent.ELECTRICITY_DUTY)


def init_app(app: Flask) -> None:
    """Register the template filters."""
    for made in (calculation_lines, doubt_lines, factor, source_name):
        app.add_template_filter(made)


def calculation_lines(revised: Revised | None) -> list[tuple[str, str]]:
    """Return label and text of all inputs of a computation; empty for one older than the stored inputs."""
    if revised is None or revised.calculation is None:
        return []
    used, put = revised.calculation, revised.put
    sources = {name: SOURCES[source] for name, source in used.sources}
    lines = [
        (_("Units"), _units(revised, used)),
        (_("Months"), "; ".join(_months(used.days, rule, months) for rule, months in used.months)),
        (
            _("Multiplying factor"),
            _sourced(factor(put.multiplying_factor_milli), sources.get("multiplying_factor")),
        ),
        (_("Load in kW"), _sourced(kilowatts(put.load_w), sources.get("load_kw"))),
        (_("Category"), _sourced(put.category, sources.get("category"))),
        (_("Meter number"), _sourced(used.meter_no, sources.get("meter_no")) if used.meter_no else ""),
        (_("Digits on the meter"), _register(put.register_digits)),
        (_("Tariff"), "; ".join(_tariff(used.rates))),
        (_("Charges as issued"), ", ".join(_as_issued(used))),
        (_("All charges recalculated"), str(RECOMPUTE_REASONS.get(put.recompute_reason, ""))),
    ]
    return [(label, words) for label, words in lines if words]


def doubt_lines(revised: Revised | None) -> list[str]:
    """What is odd about the figures and was confirmed by the officer, a sentence each."""
    used = revised.calculation if revised else None
    if used is None or revised is None:
        return []
    times = (used.times_usual_tenths or 0) // 10
    sentences = {
        RevisionDoubt.TEN_TIMES: _("The units are %(times)s times as many as usual.", times=times),
        RevisionDoubt.TENTH: _("The units are one tenth of the usual or less."),
        RevisionDoubt.NO_UNITS: _("The units come to zero."),
        RevisionDoubt.READING_BEFORE: _(
            "The bill starts from %(reading)s, but the previous month ends with another reading.",
            reading=revised.previous_reading,
        ),
    }
    return [sentences[RevisionDoubt(code)] for code in used.doubts]


def computations(bill_nos: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the inputs of revised bills, by bill number."""
    found = revised_as(bill_nos) if bill_nos else {}
    return {number: calculation_lines(found.get(number)) for number in bill_nos}


def factor(milli: int) -> str:
    """Return a multiplying factor: 1.5."""
    return f"{milli // 1000}.{milli % 1000:03d}".rstrip("0").rstrip(".")


def decimal(number: int | Fraction) -> str:
    """Return a number with at most three decimal places: 1.033."""
    return f"{float(number):.3f}".rstrip("0").rstrip(".")


def source_name(code: str) -> LazyString | str:
    """Return the source of a fact in words."""
    return SOURCES.get(code, "")


def _sourced(words: str, source: LazyString | None) -> str:
    return f"{words} ({source})" if source else words


def _units(revised: Revised, used: Calculation) -> str:
    words = {
        UnitsFrom.READINGS: _("from the readings"),
        UnitsFrom.ISSUED: _("as issued"),
    }.get(UnitsFrom(revised.units_from), "")
    if revised.units_from == UnitsFrom.AVERAGE and used.usual:
        words = _(
            "average: %(units)s units in %(months)s months with readings",
            units=used.usual[0],
            months=used.usual[1],
        )
    if used.is_unusual and revised.units_from != UnitsFrom.ISSUED:
        times = _(
            "%(times)s times as many as usual",
            times=(used.times_usual_tenths or 0) // 10,
        )
        return f"{words}; {times}"
    return str(words)


def _months(days: int, rule: str, months: Fraction) -> str:
    rounding = {
        Proration.WHOLE_MONTH: _("%(days)s days, rounded to whole months", days=days),
        Proration.DAYS_30: _("%(days)s days ÷ 30", days=days),
        Proration.BY_DAYS: _("%(days)s days, each as a part of its month", days=days),
    }[Proration(rule)]
    return f"{decimal(months)} ({rounding})"


def _register(digits: int | None) -> str:
    return _("%(digits)s digits: the meter started again at zero", digits=digits) if digits else ""


def _tariff(rates: Sequence[Sequence[Any]]) -> Iterable[str]:
    """Yield each component once, with the day from which its rows are in force."""
    for component, begun in dict.fromkeys((row[0], row[1]) for row in rates):
        rows = [row for row in rates if (row[0], row[1]) == (component, begun)]
        name = {
            Component.FIXED: _("fixed charge per kW and month"),
            Component.ENERGY: _("energy per unit"),
            Component.DUTY: _("duty"),
        }[Component(component)]
        since = _("since %(day)s", day=day(date.fromisoformat(begun)))
        yield f"{name}: {', '.join(_rate(row) for row in rows)} ({since})"


def _rate(row: Sequence[Any]) -> str:
    component, _begun, slab_from, slab_to, paise = row
    if component == Component.DUTY:
        return f"{paise / 100:g} %"
    if component != Component.ENERGY or (not slab_from and slab_to is None):
        return rupees(paise)
    return (
        f"{slab_from}–{slab_to} {rupees(paise)}" if slab_to is not None else f"{slab_from}+ {rupees(paise)}"
    )


def _as_issued(used: Calculation) -> list[str]:
    return [str(LINES[line]) for line in _CHARGES if line.value not in used.recomputed]
