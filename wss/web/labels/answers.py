"""The answers of a request in words, as everybody reads them who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _

from wss.domain.catalogue import RequestField, RequestKind, kept_as
from wss.models import Bill
from wss.queries.reference import Reference
from wss.web import filters
from wss.web.labels.form_fields import LABELS, SHORT
from wss.web.labels.requests import category_name, named


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer in words: the field, its label, and one or more lines."""

    field: str
    label: LazyString | str
    lines: list[str]


def answer_lines(
    kind: RequestKind, answers: dict[str, Any], bills: list[Bill], tables: Reference
) -> list[AnswerText]:
    """The answers of a request in words, in the order of its form."""
    return [
        AnswerText(
            field.value,
            SHORT.get(field, LABELS[field]),
            _words(field, answers[kept_as(field)], bills, tables),
        )
        for field in kind.fields
        if field is not RequestField.DOCUMENTS and kept_as(field) in answers
    ]


def _words(field: RequestField, value: Any, bills: list[Bill], tables: Reference) -> list[str]:
    if field is RequestField.BILL_NO:
        return [words_of_disputed(bill) for bill in bills]
    if field is RequestField.REASON:
        return [named(tables.reasons[value]) if value in tables.reasons else value]
    if field is RequestField.NEW_CATEGORY:
        return [category_name(value)]
    if field is RequestField.PAID_AMOUNT:
        return [filters.rupees(value)]
    if field is RequestField.PAID_ON:
        return [filters.day(date.fromisoformat(value))]
    if field is RequestField.NEW_LOAD_KW:
        return [filters.kilowatts(value)]
    if field is RequestField.DEMAND_KVA:
        return [f"{value / 1000:g} kVA"]
    if field in (RequestField.READING_KWH, RequestField.READING_KVAH):
        return [f"{value} {'kWh' if field is RequestField.READING_KWH else 'kVAh'}"]
    return str(value).split("\n")


def words_of_disputed(bill: Bill) -> str:
    """A disputed bill in a line: month, amount, number."""
    return _(
        "%(month)s, %(amount)s, bill %(bill)s",
        month=filters.month_of(bill.bill_month),
        # The sign stays with its figure, however narrow the screen.
        amount=filters.rupees(bill.amount_paise).replace(" ", "\u00a0"),
        bill=bill.bill_no,
    )
