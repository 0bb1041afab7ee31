"""The words of the request form: one row per field, and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.catalogue import RequestField
from wss.domain.identifiers import grouped_complaint_no
from wss.models import Bill
from wss.queries.reference import Reference
from wss.web import filters
from wss.web.fields import MESSAGES
from wss.web.labels.bills import category_name
from wss.web.labels.requests import localized_name


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What some answers need to be shown: the disputed bills, and the reference tables."""

    bills: Sequence[Bill]
    tables: Reference


def _text(value: Any, _context: AnswerContext) -> list[str]:
    return str(value).split("\n")


def _one_line(words: Callable[[Any], object]) -> Callable[[Any, AnswerContext], list[str]]:
    return lambda value, _context: [str(words(value))]


def _bills(_value: Any, context: AnswerContext) -> list[str]:
    return [disputed_bill_words(bill) for bill in context.bills]


def _reason(value: str, context: AnswerContext) -> list[str]:
    return [localized_name(context.tables.reasons[value]) if value in context.tables.reasons else value]


@dataclass(frozen=True, slots=True)
class FieldText:
    """The words of a field.

    `spoken` is the sentence in which the help-desk reads the answer back. `missing` is the error of a required
    field that is empty. `office_label` and `office_missing` are the same for an employee who fills in the form for a
    caller, where `label` and `missing` speak to the consumer. `short` is the label of an answer where `label` is a
    question. `options` are the words of a list that no reference table fills, by code. `show` turns a stored answer
    into lines of words.
    """

    label: LazyString
    spoken: LazyString | None = None
    hint: LazyString | None = None
    missing: LazyString | None = None
    office_label: LazyString | None = None
    office_missing: LazyString | None = None
    short: LazyString | None = None
    options: Mapping[str, LazyString] = field(default_factory=dict)
    show: Callable[[Any, AnswerContext], list[str]] = _text

    def shown(self, value: Any, context: AnswerContext) -> list[str]:
        """Return a stored answer in lines of words."""
        return [str(self.options.get(value, value))] if self.options else self.show(value, context)


FIELD_TEXTS: dict[RequestField, FieldText] = {
    RequestField.BILL_NO: FieldText(
        _l("Which bill is wrong?"),
        _l("It is about this bill: %(words)s."),
        hint=_l("Choose one or more"),
        missing=_l("Choose the bill that is wrong, or type its number"),
        short=_l("Bill"),
        show=_bills,
    ),
    RequestField.REASON: FieldText(
        _l("What is wrong?"),
        _l("The problem: %(words)s."),
        missing=_l("Select what is wrong with the bill"),
        show=_reason,
    ),
    RequestField.READING_KWH: FieldText(
        _l("Reading on the meter now (kWh)"),
        _l("The meter shows %(words)s now."),
        hint=_l(
            "Press the button on the meter until kWh shows. Enter all the digits before the decimal point."
        ),
        show=_one_line("{} kWh".format),
    ),
    RequestField.READING_KVAH: FieldText(
        _l("Reading on the meter now (kVAh)"),
        _l("The meter shows %(words)s now."),
        hint=_l(
            "Press the button on the meter until kVAh shows. Enter all the digits before the decimal point."
        ),
        show=_one_line("{} kVAh".format),
    ),
    RequestField.DEMAND_KVA: FieldText(
        _l("Demand on the meter now (kVA)"),
        _l("The meter shows a demand of %(words)s."),
        hint=_l("For example 12.5"),
        show=_one_line(lambda demand_va: f"{demand_va / 1000:g} kVA"),
    ),
    RequestField.PAID_AMOUNT: FieldText(
        _l("Amount paid (₹)"),
        _l("The amount paid is %(words)s."),
        hint=_l("For example 5740.35"),
        missing=_l("Enter the amount that you paid"),
        office_missing=_l("Enter the amount that was paid"),
        show=_one_line(filters.rupees),
    ),
    RequestField.PAID_ON: FieldText(
        _l("Paid on"),
        _l("It was paid on %(words)s."),
        hint=_l("For example 18-11-2026"),
        missing=_l("Enter the payment date"),
        show=_one_line(lambda day: filters.day(date.fromisoformat(day))),
    ),
    RequestField.NEW_NAME: FieldText(
        _l("New name"),
        _l("The new name should be %(words)s."),
        hint=_l("As it should appear on the bill"),
        missing=_l("Enter the new name"),
    ),
    RequestField.NEW_ADDRESS: FieldText(
        _l("New address"), _l("The new address is %(words)s."), missing=_l("Enter the new address")
    ),
    RequestField.PINCODE: FieldText(
        _l("PIN code"), _l("The PIN code is %(words)s."), missing=_l("Enter the PIN code")
    ),
    RequestField.NEW_LOAD_KW: FieldText(
        _l("Load wanted (kW)"),
        _l("The load should be %(words)s."),
        hint=_l("For example 4"),
        missing=_l("Enter the load you need"),
        office_missing=_l("Enter the load that the consumer needs"),
        show=_one_line(filters.kilowatts),
    ),
    RequestField.NEW_CATEGORY: FieldText(
        _l("Category wanted"),
        _l("The category should be %(words)s."),
        missing=_l("Choose the category you need"),
        office_missing=_l("Choose the category that the consumer needs"),
        show=_one_line(category_name),
    ),
    RequestField.LATE_COMPLAINT: FieldText(
        _l("Complaint number of what is late"),
        _l("It is about complaint number %(words)s."),
        hint=_l("11 digits, for example 100 0000 0016"),
        missing=_l("Enter the complaint number of what is late"),
        short=_l("Late reply to"),
        show=_one_line(grouped_complaint_no),
    ),
    RequestField.REMARKS: FieldText(
        _l("Anything else you want to tell us"),
        _l("You also said: “%(words)s”."),
        hint=_l("Up to 1,000 characters"),
        office_label=_l("Anything else the consumer wants to say"),
        short=_l("Remarks"),
    ),
    RequestField.DOCUMENTS: FieldText(_l("Photos or documents")),
}
# Words for every code of the parsers; they say what to do.
WRONG = {
    **MESSAGES,
    "reading_missing": _l("Enter the reading on the meter"),
    "reading_malformed": _l("Enter digits only, at most 9 of them"),
    "amount_malformed": _l("Enter an amount in rupees, such as 5740.35"),
    "load_malformed": _l("Enter a load in kW, such as 4 or 7.5"),
    "demand_malformed": _l("Enter a demand in kVA, such as 12.5"),
    "number_negative": _l("Enter a number without a minus sign"),
    "day_malformed": _l("Enter the date as DD-MM-YYYY, for example 18-11-2026"),
    "day_in_future": _l("Enter today's date or an earlier one"),
    "day_long_ago": _l("Enter a date in the last 10 years"),
    "text_missing": _l("Tell us what is wrong"),
    "text_malformed": _l("Enter at least one letter or number"),
    "text_too_long": _l("This is too long. Use fewer characters."),
    "not_offered": _l("Choose one from the list"),
}

OFFICE_WRONG = {**WRONG, "text_missing": _l("Enter what is wrong")}


def disputed_bill_words(bill: Bill) -> str:
    """Return a disputed bill in a line: month, amount, number."""
    return _(
        "%(month)s, %(amount)s, bill %(bill)s",
        month=filters.month_of(bill.bill_month),
        # The rupee sign remains on one line with its amount on a narrow screen.
        amount=filters.rupees(bill.amount_paise).replace(" ", "\u00a0"),
        bill=bill.bill_no,
    )
