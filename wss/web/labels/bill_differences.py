"""The difference of a bill from an earlier one in words: each factor with its share in rupees, then the other lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.bill_explanation import (
    AS_BILLED,
    BillDifference,
    ChargedInput,
    DifferenceFactor,
    ExplainedLine,
    difference,
)
from wss.domain.bill_lines import BillComponent
from wss.domain.billed import EffectiveBill
from wss.domain.consumption import AVERAGES
from wss.domain.tariff import Rate
from wss.web.filters import day, kilowatts, month_of, rupees
from wss.web.labels.bills import LINES, basis_name

FACTORS: dict[DifferenceFactor, LazyString] = {
    DifferenceFactor.TARIFF: _l("Tariff"),
    DifferenceFactor.LOAD: _l("Load"),
    DifferenceFactor.CATEGORY: _l("Category"),
    DifferenceFactor.PERIOD: _l("Days"),
    DifferenceFactor.UNITS: _l("Units"),
}


class TextLine(NamedTuple):
    """A line of an explanation: what it is for, how it is computed, and the amount."""

    label: str
    how: str
    amount: str


@dataclass(frozen=True, slots=True)
class DifferenceText:
    """The difference from one earlier bill, with its number and month."""

    heading: str
    bill_no: str
    month: str
    lines: Sequence[TextLine]
    notes: Sequence[str]


def differences_text(
    bill: EffectiveBill, earlier: Mapping[str, EffectiveBill], rates: Sequence[Rate]
) -> list[DifferenceText]:
    """Return the difference from the bill before, and from that of the same month a year ago, where these exist."""
    return [
        _text(bill, difference(bill, before, rates), rates)
        for _month, before in sorted(earlier.items(), reverse=True)
    ]


def _text(bill: EffectiveBill, found: BillDifference, rates: Sequence[Rate]) -> DifferenceText:
    lines = [
        TextLine(str(FACTORS[one.factor]), _change(found, one.factor, rates), _signed(one.paise))
        for one in found.factors
    ]
    lines += [_other_line(bill, found, one) for one in found.others]
    return DifferenceText(
        _heading(found), found.before.bill_no, month_of(found.before.bill_month), lines, _notes(found)
    )


def _heading(found: BillDifference) -> str:
    month, amount = month_of(found.before.bill_month), rupees(abs(found.paise))
    if not found.paise:
        return _("As much as in %(month)s", month=month)
    if found.paise > 0:
        return _("%(amount)s more than in %(month)s", amount=amount, month=month)
    return _("%(amount)s less than in %(month)s", amount=amount, month=month)


def _change(found: BillDifference, factor: DifferenceFactor, rates: Sequence[Rate]) -> str:
    was, now = (_value(one, found.was.category, factor, rates) for one in (found.was, found.now))
    return _("%(now)s instead of %(before)s", now=now, before=was) if was != now else now


def _value(put: ChargedInput, category: str, factor: DifferenceFactor, rates: Sequence[Rate]) -> str:
    if factor is DifferenceFactor.TARIFF:
        # Of the earlier bill's category: another category is a factor of its own.
        rows = ChargedInput(put.tariff, put.load, category, put.period, put.units).rates(rates)
        return _("rates since %(day)s", day=day(max(row.effective_from for row in rows)))
    return {
        DifferenceFactor.LOAD: kilowatts(put.load),
        DifferenceFactor.CATEGORY: put.category,
        DifferenceFactor.PERIOD: str(put.period.days),
        DifferenceFactor.UNITS: str(put.units),
    }[factor]


def _other_line(bill: EffectiveBill, found: BillDifference, one: ExplainedLine) -> TextLine:
    if one.line is BillComponent.AMOUNT:
        return TextLine(_("In no line of the bill"), "", _signed(one.paise))
    if found.has_tariff and one.line not in AS_BILLED:
        return TextLine(_("%(line)s: not explained", line=LINES[one.line]), "", _signed(one.paise))
    amounts = (rupees(getattr(each, f"{one.line}_paise") or 0) for each in (found.before, bill))
    was, now = (amount.replace(" ", "\u00a0") for amount in amounts)
    how = _("%(now)s instead of %(before)s", now=now, before=was)
    return TextLine(str(LINES[one.line]), how, _signed(one.paise))


def _notes(found: BillDifference) -> list[str]:
    notes = []
    if found.has_tariff:
        changed = {one.factor for one in found.factors}
        same = [str(words) for factor, words in FACTORS.items() if factor not in changed]
        if same:
            notes.append(_("The same in both: %(factors)s.", factors=", ".join(same)))
    else:
        notes.append(
            _("The shares of tariff, load and units cannot be computed: no tariff is stored for both bills.")
        )
    if found.before.bill_basis in AVERAGES:
        month, basis = month_of(found.before.bill_month), basis_name(found.before.bill_basis)
        notes.append(
            _("In %(month)s the units were an average, not a reading (%(basis)s).", month=month, basis=basis)
        )
    return notes


def _signed(paise: int) -> str:
    return f"+{rupees(paise)}" if paise > 0 else rupees(paise)
