"""The explanation of a bill in words: its lines with their computation, the bar, the basis with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.bill_explanation import AS_BILLED, BillExplanation, ExplainedLine, explain
from wss.domain.bill_lines import BillComponent
from wss.domain.tariff import ChargeLine, Component
from wss.queries.bills import replaced_bills
from wss.queries.effective_bills import a_year_before, bill_as_billed, bills_to_compare
from wss.queries.reference import reference
from wss.web.filters import day, kilowatts, month_of, rupees
from wss.web.labels.bill_differences import DifferenceText, TextLine, differences_text
from wss.web.labels.bills import LINES, basis_meaning, basis_name
from wss.web.labels.calculations import decimal

_AVERAGE = _l(
    "Compare with your meter. If it shows less than the bill assumes, dispute the bill with the reading and a photo. "
    "Otherwise the next reading corrects the units."
)
_DEFECTIVE = _l(
    "Register a complaint about the meter, so that it is tested or replaced. Until then the bills are averages."
)
_UNLIKELY = _l(
    "Compare the reading with your meter, and the load with your connection. If one is wrong, dispute the bill."
)
_ADVICE: dict[str, LazyString] = {
    "MIN": _l("You need not do anything if the load is right. If it is too high, dispute the bill."),
    "UM": _l("If you have a meter, dispute the bill and send a photo of the meter with its number."),
    **dict.fromkeys(("NA", "NR", "PROV", "RDF"), _AVERAGE),
    **dict.fromkeys(("ASS", "IDF", "ADF"), _DEFECTIVE),
    **dict.fromkeys(("CEIL", "CDF"), _UNLIKELY),
}
# The parts of the bar in the order of the bill; CSS class (ink without one) and opacity.
_PARTS = (
    (BillComponent.FIXED_CHARGE, "bar", 1),
    (BillComponent.ENERGY_CHARGE, "bar", 0.6),
    (BillComponent.ELECTRICITY_DUTY, "", 1),
    (BillComponent.OTHER_CHARGE, "", 0.6),
    (BillComponent.SURCHARGE, "odd", 0.6),
    (BillComponent.ARREARS, "odd", 1),
)


@dataclass(frozen=True, slots=True)
class BarPart:
    """A part of the bar; position and width in per cent."""

    look: str
    opacity: float
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class ExplanationText:
    """The explanation of a bill in words; `replaced_by`: the bill in force, if a revision has replaced this one."""

    bill_no: str
    replaced_by: str | None
    month: str
    facts: Sequence[tuple[str, str]]
    lines: Sequence[TextLine]
    total: str
    paid: Sequence[TextLine]
    is_unexplained: bool
    bar: Sequence[BarPart]
    bar_words: str
    basis: str
    basis_words: Sequence[str]
    differences: Sequence[DifferenceText]
    missing: str


def explanation_text(account_no: str, bill_no: str) -> ExplanationText:
    """Return the explanation of a bill of a connection that the reader may see; raises NotFound for any other bill."""
    bill, rates = bill_as_billed(account_no, bill_no), reference().rates
    found, earlier = explain(bill, rates), bills_to_compare(account_no, bill.bill_month)
    year_ago = a_year_before(bill.bill_month)
    replaced_by = replaced_bills([bill.bill_no]).get(bill.bill_no)
    code = bill.bill_basis
    return ExplanationText(
        bill.bill_no,
        replaced_by,
        month_of(bill.bill_month),
        _facts(found),
        [_line(found, one) for one in found.lines],
        rupees(bill.amount_paise),
        [] if replaced_by else list(_paid(found)),
        bool(found.unexplained),
        _bar(found),
        _bar_words(found),
        f"{basis_name(code)} ({code})",
        [words for words in (str(basis_meaning(code)), _advice(found)) if words],
        differences_text(bill, earlier, rates),
        ""
        if year_ago in earlier
        else _("No bill for %(month)s is stored here to compare with.", month=month_of(year_ago)),
    )


def _facts(found: BillExplanation) -> list[tuple[str, str]]:
    bill = found.bill
    period = f"{day(bill.period_from)} – {day(bill.period_to)}"
    words = ngettext("%(num)s day", "%(num)s days", bill.period.days)
    if found.months is not None:
        words = _("%(days)s, counted as %(months)s", days=words, months=_months(found.months))
    begun = [one.by_tariff.rate.effective_from for one in found.lines if one.by_tariff]
    tariff = _tariff(bill.period_from, bill.charged_on, max(begun)) if begun else _("not stored here")
    return [(_("Period"), f"{period}: {words}"), (_("Tariff"), f"{found.facts.category}: {tariff}")]


def _tariff(first: date, charged_on: date, begun: date) -> str:
    if begun > first:
        return _(
            "rates since %(day)s. They are newer than the beginning of this period, and count for all of it.",
            day=day(begun),
        )
    return _(
        "rates since %(day)s, in force on the bill’s date %(issued)s", day=day(begun), issued=day(charged_on)
    )


def _months(months: int | Fraction) -> str:
    if Fraction(months).denominator == 1:
        return ngettext("%(num)s month", "%(num)s months", int(months))
    return _("%(months)s months", months=decimal(months))


def _line(found: BillExplanation, one: ExplainedLine) -> TextLine:
    amount, row = rupees(one.paise), one.by_tariff
    if row is not None:
        return TextLine(_label(row), _how(row), amount)
    if one.line is BillComponent.AMOUNT:
        return TextLine(
            _("In no line of the bill"), _("The total of the bill contains it; the lines do not."), amount
        )
    if one.line in AS_BILLED:
        return TextLine(str(LINES[one.line]), _as_billed(found, one), amount)
    if found.has_tariff:
        how = _("The stored tariff does not give this part of the bill.")
        return TextLine(_("%(line)s: not explained", line=LINES[one.line]), how, amount)
    how = _("As on the bill. It cannot be checked: no tariff for it is stored here.")
    return TextLine(str(LINES[one.line]), how, amount)


def _label(row: ChargeLine) -> str:
    rate = row.rate
    if rate.component is not Component.ENERGY:
        line = (
            BillComponent.FIXED_CHARGE
            if rate.component is Component.FIXED
            else BillComponent.ELECTRICITY_DUTY
        )
        return str(LINES[line])
    low = decimal(rate.slab_from * row.months)
    if rate.slab_to is None:
        return _("Units above %(low)s", low=low) if rate.slab_from else _("Units")
    high = decimal(rate.slab_to * row.months)
    if not rate.slab_from:
        return _("Units up to %(high)s", high=high)
    return _("Units above %(low)s, up to %(high)s", low=low, high=high)


def _how(row: ChargeLine) -> str:
    rate = _unbroken(row.rate.rate_paise)
    if row.rate.component is Component.FIXED:
        return f"{kilowatts(int(row.quantity))} × {rate} × {_months(row.months)}"
    if row.rate.component is Component.ENERGY:
        return _("%(units)s units", units=decimal(row.quantity)) + f" × {rate}"
    percent = f"{row.rate.rate_paise / 100:g}\u00a0%"
    return _(
        "%(percent)s tax on fixed charge and units: %(amount)s",
        percent=percent,
        amount=_unbroken(int(row.quantity)),
    )


def _unbroken(paise: int) -> str:
    """Return money that is not broken over two lines."""
    return rupees(paise).replace(" ", "\u00a0")


def _as_billed(found: BillExplanation, one: ExplainedLine) -> str:
    if one.line is BillComponent.ARREARS:
        return (
            _("Not paid from earlier bills") if one.paise > 0 else _("Paid too much earlier: it is taken off")
        )
    if one.line is BillComponent.OTHER_CHARGE and found.bill.surcharge_paise is None:
        return _("As on the bill. A late payment surcharge (LPSC) may be part of it.")
    return _("As on the bill.")


def _paid(found: BillExplanation) -> Iterator[TextLine]:
    """Yield what was paid, and what is left to pay."""
    bill = found.bill
    paid = bill.paid_amount_paise or 0
    if paid:
        on = _("on %(day)s", day=day(bill.paid_on)) if bill.paid_on else ""
        yield TextLine(_("Paid"), on, rupees(-paid))
    rest = bill.amount_paise - paid
    label = _("Paid too much") if rest < 0 else _("Left to pay")
    yield TextLine(label, "" if paid else _("No payment is recorded."), rupees(abs(rest)))


def _sums(found: BillExplanation) -> list[tuple[BillComponent, int]]:
    """Return the sum of each line of the bill; what is in no line is counted with the other charges."""
    sums = {line: found.share(line) for line, *_look in _PARTS}
    sums[BillComponent.OTHER_CHARGE] += found.share(BillComponent.AMOUNT)
    return list(sums.items())


def _bar(found: BillExplanation) -> list[BarPart]:
    whole = sum(paise for _line, paise in _sums(found) if paise > 0)
    parts, x = [], 0.0
    for (_component, paise), (_same, look, opacity) in zip(_sums(found), _PARTS, strict=True):
        if paise > 0:
            width = 100 * paise / whole
            # A narrow gap between parts that differ little in colour.
            parts.append(BarPart(look, opacity, round(x, 1), round(max(0.6, width - 0.6), 1)))
            x += width
    return parts


def _bar_words(found: BillExplanation) -> str:
    sums = _sums(found)
    whole = sum(paise for _line, paise in sums if paise > 0)
    added, before = [], 0
    for line, paise in sums:
        if paise > 0:
            # Of the sums so far, so that the parts are 100 % together.
            share = round(100 * (before + paise) / whole) - round(100 * before / whole)
            added.append(f"{LINES[line]} {share}\u00a0%")
            before += paise
    taken = [f"{LINES[line]} {_unbroken(-paise)}" for line, paise in sums if paise < 0]
    words = [_("From left to right: %(parts)s.", parts=", ".join(added))] if added else []
    if taken:
        words.append(_("Taken off: %(parts)s.", parts=", ".join(taken)))
    return " ".join(words)


def _advice(found: BillExplanation) -> str:
    bill = found.bill
    if bill.bill_basis == "MU":
        return _(
            "Look at your meter: if it was not replaced, it must show %(reading)s or more. "
            "If it shows less, dispute the bill.",
            reading=bill.current_reading,
        )
    return str(_ADVICE.get(bill.bill_basis, ""))
