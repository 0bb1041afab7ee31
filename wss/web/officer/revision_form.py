"""What comes with the form of a bill revision, and what is told about it: faults at their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from wss.domain.answers import BILLS_AT_MOST
from wss.domain.revision import OwnReason
from wss.domain.revision_input import FIELDS
from wss.services.revising import Draft, Wish

# Codes of the rules, at the field or above the form.
FAULTS: dict[str, LazyString] = {
    "missing": _l("Fill this in"),
    "not_a_whole_number": _l("Digits only, without a fraction"),
    "not_a_number": _l("Enter a load in kW, such as 4 or 7.5"),
    "beyond_reason": _l("This is too large to be true"),
    "unknown_basis": _l("Choose a basis from the list"),
    "unknown_category": _l("Choose a category from the list"),
    "no_tariff": _l("No tariff is known for this category at the time of the bill"),
    "no_average": _l("No earlier month was read, so there is no average: enter the readings"),
    "reading_below_previous": _l(
        "This is below the previous reading. Was the meter replaced? Then fill that in"
    ),
    "reading_below_initial": _l("This is below the reading at which the new meter began"),
    "replacement_needs_both": _l("A replaced meter needs both readings: of the old and of the new meter"),
    "unknown_reason": _l("Choose a reason"),
    "note_missing": _l("Write a note: the consumer reads it"),
    "note_too_long": _l("1,000 characters at most: shorten it"),
    "no_bill": _l("Choose the bill to be revised"),
    "nothing_changed": _l("Nothing would change: no bill has other figures than before"),
    "bill_in_revision": _l("One of these bills is in another proposal already"),
}
OWN_REASONS: dict[str, LazyString] = {
    OwnReason.METER_REPLACEMENT: _l("The meter was replaced"),
    OwnReason.BILL_ON_HOLD: _l("The bill is on hold"),
    OwnReason.METER_READ: _l("The meter was read after provisional bills"),
    OwnReason.WRONG_MASTER_DATA: _l("Load, category or factor was entered wrongly"),
    OwnReason.ORDER_OF_FORUM: _l("Order of a forum, the Ombudsman or a court"),
    OwnReason.OWN_CHECK: _l("Found by the office's own check"),
}
_DIGITS = 9


def sent_wish() -> Wish:
    """The form as it came: only the fields of the contract, bill by bill."""
    form = request.form
    return Wish(
        sent_bills(form), form.get("reason", ""), form.get("note", ""), whole(form.get("version", ""))
    )


def sent_bills(form: MultiDict[str, str]) -> Sequence[Mapping[str, str]]:
    """The bills of the form, in the order of their suffixes."""
    bills = []
    for place in range(BILLS_AT_MOST + 1):
        if f"bill_no-{place}" not in form:
            break
        bills.append({name: form.get(f"{name}-{place}", "").strip() for name in ("bill_no", *FIELDS)})
    return bills


def whole(typed: str) -> int:
    """A version as a number; what is none is one that nothing ever had."""
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) <= _DIGITS else -1


def faults_of(draft: Draft) -> list[tuple[str, str]]:
    """Every fault with the id of its field, in the order of the page."""
    at_fields = [
        (f"{name}-{place}", str(FAULTS[sheet.wrong[name]]))
        for place, sheet in enumerate(draft.sheets)
        for name in FIELDS
        if name in sheet.wrong
    ]
    return at_fields + [
        ("" if name == "figures" else name, str(FAULTS[code])) for name, code in draft.wrong.items()
    ]
