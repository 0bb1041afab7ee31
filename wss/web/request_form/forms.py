"""The request form: it has the fields that the catalogue names for the kind, each with its own parser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import MultipleFileField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.form import BaseForm

from wss.domain import identifiers
from wss.domain.catalogue import (
    BILLS_AT_MOST,
    FIELDS,
    ParseContext,
    RequestField,
    RequestKind,
    Widget,
    kept_as,
)
from wss.domain.errors import Malformed
from wss.queries.bills import OpenDispute
from wss.web.filters import kilowatts
from wss.web.labels.form_fields import FIELD_TEXTS, OFFICE_WRONG, WRONG

BILL_TYPED = "bill_no_typed"
BILL_NAMES = (RequestField.BILL_NO.value, BILL_TYPED)
_NONE_CHOSEN = ""
# [own] A larger load was most likely typed in watts.
_MOST_TIMES_THE_LOAD = 100
_FIELD_CLASSES = {
    Widget.LINE: StringField,
    Widget.TEXT: TextAreaField,
    Widget.FILES: MultipleFileField,
}


@dataclass(frozen=True, slots=True)
class FormContext:
    """The facts about the connection and the day that a form needs."""

    kind: RequestKind
    billing_unit: str
    today: date
    bills: Sequence[tuple[str, tuple[str, str]]]
    # What each list offers: code and words.
    options: Mapping[RequestField, Sequence[tuple[str, str]]]
    find_bills: Callable[[list[str]], dict[str, str]]
    replaced_bills: Callable[[Sequence[str]], dict[str, str]] = lambda _numbers: {}
    # Whether an employee fills in the form for a caller, so that the consumer is not "you".
    is_for_caller: bool = False
    # The load of the connection in watts; None where nothing of the connection may be shown.
    load_w: int | None = None


class RequestForm(BaseForm):
    """The form of a kind; `validate` fills `answers` with the parsed values."""

    def __init__(self, asked: FormContext, typed: MultiDict[str, str] | None) -> None:
        self.asked = asked
        self.answers: dict[str, Any] = {}
        self.disputes: list[OpenDispute] = []
        names = asked.kind.fields_for(asked.billing_unit)
        super().__init__(
            {name: field for one in names for name, field in _wtforms_fields(one, asked).items()}
        )
        self.process(typed)

    def validate(self, extra_validators: Any = None) -> bool:
        """Parse every field; return whether all are valid. Errors are added to the fields."""
        for field in self.asked.kind.fields_for(self.asked.billing_unit):
            if field is RequestField.BILL_NO:
                self._read_bills()
            elif field is not RequestField.DOCUMENTS:
                self._read(field)
        return not any(each.errors for each in self)

    def _read(self, field: RequestField) -> None:
        entry = self[field.value]
        text = (entry.data or "").strip()
        if not text:
            if FIELDS[field].is_required:
                texts = FIELD_TEXTS[field]
                _complain(entry, (self.asked.is_for_caller and texts.office_missing) or texts.missing or "")
            return
        context = ParseContext(self.asked.today, dict(self.asked.options.get(field, ())))
        try:
            value = FIELDS[field].parse(text, context)
            if field is RequestField.NEW_LOAD_KW and self.asked.load_w:
                _check_load(entry, value, self.asked.load_w)
            self.answers[kept_as(field)] = value
        except Malformed as malformed:
            words = OFFICE_WRONG if self.asked.is_for_caller else WRONG
            _complain(entry, words[malformed.code])

    def _read_bills(self) -> None:
        """Parse the chosen and the typed bills, which must be the connection's own."""
        chosen, typed = self[RequestField.BILL_NO.value], self[BILL_TYPED]
        try:
            extra = [identifiers.bill_no(typed.data)] if (typed.data or "").strip() else []
        except Malformed as malformed:
            _complain(typed, WRONG[malformed.code])
            return
        wanted = list(dict.fromkeys([*(str(number) for number in chosen.data or []), *extra]))
        found = self.asked.find_bills(wanted[:BILLS_AT_MOST])
        unknown = [number for number in wanted if number not in found]
        if unknown:
            _complain(
                typed if unknown[0] in extra else chosen,
                _("We cannot find this bill for this connection. Check the number on the bill."),
            )
        elif not found:
            if self.asked.bills:
                _complain(chosen, FIELD_TEXTS[RequestField.BILL_NO].missing or "")
            else:
                _complain(typed, _("Enter the number of the bill that is wrong"))
        elif replaced := self.asked.replaced_bills(list(found.values())):
            number = next(number for number in wanted if found[number] in replaced)
            _complain(typed if number in extra else chosen, replaced_words(number, replaced[found[number]]))
        else:
            self.answers[RequestField.BILL_NO.value] = sorted(set(found.values()))


def replaced_words(before: str, after: str) -> str:
    """What is said of a bill that a revised bill has replaced."""
    return _("Bill %(bill)s has been revised. Choose the revised bill %(now)s.", bill=before, now=after)


def _wtforms_fields(field: RequestField, asked: FormContext) -> dict[str, Any]:
    """Return the WTForms fields of a field of the catalogue, by name."""
    texts, widget = FIELD_TEXTS[field], FIELDS[field].widget
    label = (asked.is_for_caller and texts.office_label) or texts.label
    if widget is Widget.CHECKBOXES:
        bills = [SelectChoice(*bill) for bill in asked.bills]
        another, any_one = (
            _l("Another bill: bill number or SBM bill number"),
            _l("Bill number or SBM bill number"),
        )
        return {
            field.value: SelectMultipleField(label, choices=bills, validate_choice=False),
            BILL_TYPED: StringField(another if asked.bills else any_one),
        }
    if widget is Widget.SELECT:
        choices = [SelectChoice(*choice) for choice in ((_NONE_CHOSEN, _("Choose")), *asked.options[field])]
        return {field.value: SelectField(label, choices=choices, validate_choice=False)}
    return {field.value: _FIELD_CLASSES[widget](label)}


def _check_load(entry: Any, value: int, present: int) -> None:
    """Add an error to a new load that is the present one, or that was most likely typed in watts."""
    if value == present:
        _complain(entry, _("The connection already has this load. Enter another one."))
    elif value > _MOST_TIMES_THE_LOAD * present:
        _complain(
            entry,
            _(
                "This is more than 100 times the present load (%(load)s). Enter the load in kW, not in watts.",
                load=kilowatts(present),
            ),
        )


def drawing(name: str, *, has_bills: bool = True, load_w: int | None = None) -> dict[str, Any]:
    """Return how a field is rendered: by which macro, with which hint, and whether it may be empty.

    `load_w` is the present load of the connection, where it may be shown.
    """
    if name == BILL_TYPED:
        return {"macro": "field", "hint": None, "optional": has_bills, "inputmode": None, "length": 24}
    spec, hint = FIELDS[RequestField(name)], FIELD_TEXTS[RequestField(name)].hint
    if name == RequestField.NEW_LOAD_KW and load_w:
        hint = _("It is %(load)s now. For example 7.5", load=kilowatts(load_w))
    return {
        "macro": spec.widget.value,
        "hint": hint,
        "optional": not spec.is_required,
        "inputmode": spec.inputmode,
        "length": spec.max_length,
    }


def _complain(entry: Any, message: LazyString | str) -> None:
    entry.errors = [*entry.errors, str(message)]
