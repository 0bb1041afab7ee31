"""The parts of a consumer's form, which a small screen shows one after the other: bill and reading, then the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wss.domain.catalogue import RequestField
from wss.web.request_form.forms import BILL_NAMES, RequestForm

_READINGS = (RequestField.READING_KWH, RequestField.READING_KVAH, RequestField.DEMAND_KVA)


@dataclass(frozen=True, slots=True)
class FormParts:
    """The fields in the order in which they are shown, and the last one of the first part; empty for one part.

    `is_folded`: only the chosen bills are visible at first.
    """

    fields: list[Any]
    last_of_first: str
    is_folded: bool


def parts_of(form: RequestForm) -> FormParts:
    """Return the parts; the help-desk reads the fields out in the order of the catalogue."""
    fields = list(form)
    if form.asked.is_for_caller or BILL_NAMES[0] not in form:
        return FormParts(fields, "", is_folded=False)
    bills = [form[name] for name in BILL_NAMES]
    chosen = {number for number, _words in form.asked.bills} & set(bills[0].data or [])
    is_folded = bool(chosen) and not bills[1].data and not any(bill.errors for bill in bills)
    readings = [form[name.value] for name in _READINGS if name.value in form]
    if not readings:
        return FormParts(fields, "", is_folded=is_folded)
    first = [*bills, *readings]
    return FormParts(
        first + [each for each in fields if each not in first], readings[-1].name, is_folded=is_folded
    )
