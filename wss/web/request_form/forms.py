"""The request form: its fields are those that the catalogue names for the kind, each read by its own rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

from wss.domain import answers, identifiers
from wss.domain.answers import kept_as
from wss.domain.catalogue import REQUIRED, RequestField, RequestKind
from wss.domain.errors import Malformed
from wss.queries.bills import OpenDispute
from wss.web.labels.form_fields import HINTS, LABELS, MISSING, NUMERIC, WRONG

BILL_TYPED = "bill_no_typed"
_NONE_CHOSEN = ""


@dataclass(frozen=True, slots=True)
class FormContext:
    """What a form needs to know of the connection and the day."""

    kind: RequestKind
    billing_unit: str
    today: date
    bills: Sequence[tuple[str, tuple[str, str]]]
    reasons: Sequence[tuple[str, str]]
    categories: Sequence[tuple[str, str]]
    find_bills: Callable[[list[str]], dict[str, str]]
    replaced_bills: Callable[[Sequence[str]], dict[str, str]] = lambda _numbers: {}


class RequestForm(BaseForm):
    """One kind's form; `answers` holds what was typed, read by the rules, once `validate` has been asked."""

    def __init__(self, asked: FormContext, typed: MultiDict[str, str] | None) -> None:
        self.asked = asked
        self.answers: dict[str, Any] = {}
        self.disputes: list[OpenDispute] = []
        names = asked.kind.fields_for(asked.billing_unit)
        super().__init__({name: field for one in names for name, field in _drawn(one, asked).items()})
        self.process(typed)

    def validate(self, extra_validators: Any = None) -> bool:
        """Read every field; whether all of them are in order. Messages stand at the fields."""
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
            if field in REQUIRED:
                _complain(entry, MISSING[field])
            return
        try:
            value = _read_as(field, text, self.asked)
        except Malformed as malformed:
            _complain(entry, WRONG[malformed.code])
            return
        self.answers[kept_as(field)] = value

    def _read_bills(self) -> None:
        """Chosen and typed bills must be the connection's own, and those that count now."""
        chosen, typed = self[RequestField.BILL_NO.value], self[BILL_TYPED]
        try:
            extra = [identifiers.bill_no(typed.data)] if (typed.data or "").strip() else []
        except Malformed as malformed:
            _complain(typed, WRONG[malformed.code])
            return
        wanted = list(dict.fromkeys([*(str(number) for number in chosen.data or []), *extra]))
        found = self.asked.find_bills(wanted[: answers.BILLS_AT_MOST])
        unknown = [number for number in wanted if number not in found]
        if unknown:
            _complain(
                typed if unknown[0] in extra else chosen,
                _("This bill is not among the bills of this connection"),
            )
        elif not found:
            _complain(chosen if self.asked.bills else typed, MISSING[RequestField.BILL_NO])
        elif replaced := self.asked.replaced_bills(list(found.values())):
            number = next(number for number in wanted if found[number] in replaced)
            _complain(typed if number in extra else chosen, replaced_words(number, replaced[found[number]]))
        else:
            self.answers[RequestField.BILL_NO.value] = sorted(set(found.values()))


def replaced_words(before: str, after: str) -> str:
    """What is said of a bill that a revised bill has replaced."""
    return _("Bill %(bill)s was revised. The bill now is %(now)s: choose that one", bill=before, now=after)


def _read_as(field: RequestField, text: str, asked: FormContext) -> Any:
    """The answer to a field in the form in which it is kept."""
    if field is RequestField.PAID_ON:
        return answers.past_day(text, asked.today).isoformat()
    if field in (RequestField.REASON, RequestField.NEW_CATEGORY):
        offered = asked.reasons if field is RequestField.REASON else asked.categories
        if text not in dict(offered):
            raise Malformed("not_offered")
        return text
    return _RULES[field](text)


_RULES: dict[RequestField, Callable[[str], Any]] = {
    RequestField.READING_KWH: answers.reading,
    RequestField.READING_KVAH: answers.reading,
    RequestField.DEMAND_KVA: answers.demand,
    RequestField.PAID_AMOUNT: answers.amount,
    RequestField.NEW_NAME: lambda text: answers.line(text, answers.NAME_LENGTH),
    RequestField.NEW_ADDRESS: lambda text: answers.line(text, answers.ADDRESS_LENGTH),
    RequestField.PINCODE: identifiers.pincode,
    RequestField.NEW_LOAD_KW: answers.load,
    RequestField.REMARKS: answers.remarks,
}


def _drawn(field: RequestField, asked: FormContext) -> dict[str, Any]:
    """The WTForms fields of a field of the vocabulary, by name."""
    label = LABELS[field]
    if field is RequestField.BILL_NO:
        shown: dict[str, Any] = {
            field.value: SelectMultipleField(
                label, choices=[SelectChoice(*bill) for bill in asked.bills], validate_choice=False
            )
        }
        another, any_one = (
            _l("Another bill: bill number or SBM bill number"),
            _l("Bill number or SBM bill number"),
        )
        return shown | {BILL_TYPED: StringField(another if asked.bills else any_one)}
    if field in (RequestField.REASON, RequestField.NEW_CATEGORY):
        offered = asked.reasons if field is RequestField.REASON else asked.categories
        choices = [SelectChoice(*choice) for choice in ((_NONE_CHOSEN, _("Choose")), *offered)]
        return {field.value: SelectField(label, choices=choices, validate_choice=False)}
    if field is RequestField.DOCUMENTS:
        return {field.value: MultipleFileField(label)}
    kind = TextAreaField if field in (RequestField.REMARKS, RequestField.NEW_ADDRESS) else StringField
    return {field.value: kind(label)}


def drawing(name: str, *, has_bills: bool = True) -> dict[str, Any]:
    """How a field is drawn: by which macro, with which hint, and whether it may stay empty."""
    if name == BILL_TYPED:
        return {"macro": "field", "hint": None, "optional": has_bills, "inputmode": None, "length": 24}
    field = RequestField(name)
    macros = {
        RequestField.BILL_NO: "choices",
        RequestField.REASON: "select",
        RequestField.NEW_CATEGORY: "select",
        RequestField.REMARKS: "textarea",
        RequestField.NEW_ADDRESS: "textarea",
        RequestField.DOCUMENTS: "files",
    }
    return {
        "macro": macros.get(field, "field"),
        "hint": HINTS.get(field),
        "optional": field not in REQUIRED,
        "inputmode": NUMERIC.get(field),
        "length": answers.ADDRESS_LENGTH if field is RequestField.NEW_ADDRESS else answers.REMARKS_LENGTH,
    }


def _complain(entry: Any, message: LazyString | str) -> None:
    entry.errors = [*entry.errors, str(message)]
