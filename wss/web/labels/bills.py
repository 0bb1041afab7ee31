"""Names of the lines of a bill, and differences written out in words, so that they cannot be misread."""

from __future__ import annotations

from flask import Flask
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.bill_lines import COUNTED, BillComponent, ComparedLine, compare_bills
from wss.domain.number_words import rupees_in_words
from wss.web.filters import rupees
from wss.web.language import page_language

LINES: dict[BillComponent, LazyString] = {
    BillComponent.PREVIOUS_READING: _l("Previous reading"),
    BillComponent.CURRENT_READING: _l("Current reading"),
    BillComponent.UNITS: _l("Units"),
    BillComponent.FIXED_CHARGE: _l("Fixed charge"),
    BillComponent.ENERGY_CHARGE: _l("Energy charge"),
    BillComponent.ELECTRICITY_DUTY: _l("Electricity duty"),
    BillComponent.OTHER_CHARGE: _l("Other charges"),
    BillComponent.SURCHARGE: _l("Late payment surcharge (LPSC)"),
    BillComponent.ARREARS: _l("Arrears"),
    BillComponent.AMOUNT: _l("Total"),
}
_MINUS = "\u2212"


def init_app(app: Flask) -> None:
    """Register the filters; filters also work in macros that do not get the page's context."""
    for made in (line_name, issued_figure, revised_figure, difference, difference_in_words):
        app.add_template_filter(made)


def line_name(one: ComparedLine) -> LazyString:
    """Return the name of a line of a bill."""
    return LINES[one.line]


def issued_figure(one: ComparedLine) -> str:
    """Return the figure of a line as issued."""
    return figure(one.line, one.issued)


def revised_figure(one: ComparedLine) -> str:
    """Return the figure of a line as revised."""
    return figure(one.line, one.revised)


def money_lines(bill: object) -> list[tuple[str, int]]:
    """Return the money lines of a bill with their amounts in paise, the total last."""
    return [
        (str(LINES[one.line]), one.issued) for one in compare_bills(bill, bill) if one.line not in COUNTED
    ]


def figure(line: BillComponent, value: int) -> str:
    """Return the figure of a line: a count or money."""
    return str(value).replace("-", _MINUS) if line in COUNTED else rupees(value)


def difference(one: ComparedLine) -> str:
    """Return by how much a line differs; empty if it does not."""
    return figure(one.line, one.difference) if one.difference else ""


def difference_in_words(paise: int) -> str:
    """Return a difference in words: The bill is reduced by Rs four thousand forty-six and seventy paise."""
    if not paise:
        return _("The amount does not change.")
    amount = rupees_in_words(paise, page_language())
    return (
        _("The bill is reduced by %(amount)s.", amount=amount)
        if paise < 0
        else _("The bill is increased by %(amount)s.", amount=amount)
    )
