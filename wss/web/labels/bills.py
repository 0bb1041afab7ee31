"""Words of bills: their lines, the bases of their units, tariff categories, and differences written out in words."""

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
_BASIS = {
    "MU": (
        _l("Meter reading"),
        _l("The meter was read. The units are the difference between the two readings."),
    ),
    "MIN": (
        _l("Minimum charge"),
        _l("This is the minimum charge for your load, even if you use few or no units."),
    ),
    "UM": (_l("Without a meter"), _l("Charged by load because no meter is recorded for this connection.")),
    "ASS": (
        _l("Average"),
        _l("The meter is not working, so the units are an average of earlier months, not a reading."),
    ),
    "CEIL": (
        _l("Above the consumption limit"),
        _l("The units are unusually high for your load. The reading or the load may be wrong."),
    ),
    "CDF": (
        _l("Above the consumption limit, marked defective"),
        _l("The units are unusually high for your load. The reading or the load may be wrong."),
    ),
    "NA": (
        _l("Meter not accessible"),
        _l("The reader could not get to the meter, so the units are an average and not a reading."),
    ),
    "NR": (_l("Not read"), _l("The meter was not read, so the units are an average and not a reading.")),
    "PROV": (
        _l("Provisional"),
        _l("The meter was not read, so the units are an average. The next reading will correct this."),
    ),
    "IDF": (
        _l("Meter found defective"),
        _l(
            "The reader found the meter without display or burnt; the units are an average and not a reading."
        ),
    ),
    "RDF": (
        _l("Reading inconsistent"),
        _l("The reading was below the earlier one, so the units are an average and not a reading."),
    ),
    "ADF": (
        _l("Meter seems defective"),
        _l("The reading has not changed since the last bill, so the units are an average and not a reading."),
    ),
}
_CATEGORY = {
    "LMV-1U": _l("domestic, urban"),
    "LMV-1R": _l("domestic, rural"),
    "LMV-2": _l("shop or office (commercial)"),
    "LMV-6": _l("small industry"),
}
_NETWORK = {"urban": _l("urban"), "rural": _l("rural")}


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


def basis_name(code: str) -> LazyString | str:
    """Return the basis of a bill's units in a word or two."""
    return _BASIS[code][0] if code in _BASIS else code


def basis_meaning(code: str) -> LazyString | str:
    """Return the same in a sentence; empty for an unknown code."""
    return _BASIS[code][1] if code in _BASIS else ""


def category_name(code: str) -> str:
    """Return a tariff category with its meaning, if it is known."""
    return f"{code}, {_CATEGORY[code]}" if code in _CATEGORY else code


def network_name(network: str) -> LazyString | str:
    """Return urban or rural in words."""
    return _NETWORK.get(network, network)
