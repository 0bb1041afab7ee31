"""The kinds of service request, and the fields that their forms can have."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from wss.domain import identifiers, typed_values
from wss.domain.errors import Malformed, RuleBroken


class RequestField(StrEnum):
    """The fields that a request form can have, by their names in the page and in the catalogue."""

    BILL_NO = "bill_no"
    REASON = "reason"
    READING_KWH = "reading_kwh"
    READING_KVAH = "reading_kvah"
    DEMAND_KVA = "demand_kva"
    PAID_AMOUNT = "paid_amount"
    PAID_ON = "paid_on"
    NEW_NAME = "new_name"
    NEW_ADDRESS = "new_address"
    PINCODE = "pincode"
    NEW_LOAD_KW = "new_load_kw"
    NEW_CATEGORY = "new_category"
    LATE_COMPLAINT = "late_complaint"
    REMARKS = "remarks"
    DOCUMENTS = "documents"


class Widget(StrEnum):
    """The widget of a field: a macro of templates/components/fields.html."""

    LINE = "field"
    TEXT = "textarea"
    SELECT = "select"
    CHECKBOXES = "choices"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class ParseContext:
    """The values that a parser needs besides the typed text: the day, and the codes that a list offers."""

    today: date
    offered: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """The input, parser and storage of a field; its texts are in wss/web/labels/form_fields.py.

    `parse` raises Malformed. `stored_as` is the name of the answer if its unit differs from the typed one.
    `is_kvah`: asked only for connections that are billed by kVAh.
    """

    parse: Callable[[str, ParseContext], Any]
    widget: Widget = Widget.LINE
    is_required: bool = False
    inputmode: str = ""
    max_length: int = typed_values.REMARKS_LENGTH
    stored_as: str = ""
    is_kvah: bool = False


def _plain(parse: Callable[[str], Any]) -> Callable[[str, ParseContext], Any]:
    return lambda text, _context: parse(text)


def _line(at_most: int) -> Callable[[str, ParseContext], str]:
    return lambda text, _context: typed_values.line(text, at_most)


def _past_day(text: str, context: ParseContext) -> str:
    return typed_values.past_day(text, context.today).isoformat()


def _offered(text: str, context: ParseContext) -> str:
    if text not in context.offered:
        raise Malformed("not_offered")
    return text


# One row per field. Bills and documents have rules of their own (wss/web/request_form/forms.py).
FIELDS: dict[RequestField, FieldSpec] = {
    RequestField.BILL_NO: FieldSpec(_plain(identifiers.bill_no), Widget.CHECKBOXES, is_required=True),
    RequestField.REASON: FieldSpec(_offered, Widget.SELECT, is_required=True),
    RequestField.READING_KWH: FieldSpec(_plain(typed_values.reading), inputmode="numeric"),
    RequestField.READING_KVAH: FieldSpec(_plain(typed_values.reading), inputmode="numeric", is_kvah=True),
    RequestField.DEMAND_KVA: FieldSpec(
        _plain(typed_values.demand), inputmode="decimal", stored_as="demand_va", is_kvah=True
    ),
    RequestField.PAID_AMOUNT: FieldSpec(
        _plain(typed_values.amount), is_required=True, inputmode="decimal", stored_as="paid_amount_paise"
    ),
    RequestField.PAID_ON: FieldSpec(_past_day, is_required=True, inputmode="numeric"),
    RequestField.NEW_NAME: FieldSpec(_line(typed_values.NAME_LENGTH), is_required=True),
    RequestField.NEW_ADDRESS: FieldSpec(
        _line(typed_values.ADDRESS_LENGTH),
        Widget.TEXT,
        is_required=True,
        max_length=typed_values.ADDRESS_LENGTH,
    ),
    RequestField.PINCODE: FieldSpec(_plain(identifiers.pincode), is_required=True, inputmode="numeric"),
    RequestField.NEW_LOAD_KW: FieldSpec(
        _plain(typed_values.load), is_required=True, inputmode="decimal", stored_as="new_load_w"
    ),
    RequestField.NEW_CATEGORY: FieldSpec(_offered, Widget.SELECT, is_required=True),
    RequestField.LATE_COMPLAINT: FieldSpec(
        _plain(identifiers.complaint_no), is_required=True, inputmode="numeric", max_length=16
    ),
    RequestField.REMARKS: FieldSpec(_plain(typed_values.remarks), Widget.TEXT),
    RequestField.DOCUMENTS: FieldSpec(_plain(str), Widget.FILES),
}
# The most bills that one request can dispute.
BILLS_AT_MOST = 12
# The consumer's reason for disputing a bill without knowing the cause; a revision has to name a cause.
CAUSE_UNKNOWN = "too_high"


def kept_as(field: RequestField) -> str:
    """Return the name under which the answer to a field is stored."""
    return FIELDS[field].stored_as or field.value


@dataclass(frozen=True, slots=True)
class RequestKind:
    """A kind of service request, a row of the catalogue.

    `is_request`: consumers read "request" of it; of any other, about a bill, a meter or a payment, "complaint".
    """

    code: str
    type: str
    type_hi: str
    name: str
    name_hi: str
    networks: frozenset[str]
    fields: tuple[RequestField, ...]
    reasons: tuple[str, ...]
    target_days: int
    route_role: str
    route_level: str
    documents_help: str = ""
    documents_help_hi: str = ""
    is_request: bool = False

    @property
    def is_about_bills(self) -> bool:
        """Whether a request of this kind disputes bills."""
        return RequestField.BILL_NO in self.fields

    @property
    def may_repeat(self) -> bool:
        """Whether a connection may have several at work: one about bills or a late complaint may, each about others."""
        return self.is_about_bills or self.is_claim

    @property
    def is_claim(self) -> bool:
        """Whether a request of this kind claims what is owed for a late complaint."""
        return RequestField.LATE_COMPLAINT in self.fields

    @property
    def required_answers(self) -> frozenset[str]:
        """Return the names of the answers that a request of this kind must have."""
        return frozenset(kept_as(field) for field in self.fields if FIELDS[field].is_required)

    def fields_for(self, billing_unit: str) -> tuple[RequestField, ...]:
        """Return the fields to ask for: kVAh and demand only for connections that are billed by kVAh."""
        return tuple(field for field in self.fields if not FIELDS[field].is_kvah or billing_unit == "kVAh")


def dispute_kind(kinds: Iterable[RequestKind], network: str = "") -> RequestKind | None:
    """Return the first of these kinds by which a bill is disputed, in a network if one is named."""
    asked = {RequestField.BILL_NO, RequestField.REASON}
    fitting = (kind for kind in kinds if not network or network in kind.networks)
    return next((kind for kind in fitting if asked <= set(kind.fields)), None)


# The claim to a connection without a mobile on record: handled like any other request, but not offered in a list.
CLAIM = RequestKind(
    code="CONNECTION_CLAIM",
    type="Connection",
    type_hi="कनेक्शन",
    name="This is my connection",
    name_hi="यह मेरा कनेक्शन है",
    networks=frozenset(),
    fields=(),
    reasons=(),
    target_days=7,
    route_role="sdo",
    route_level="subdivision",
    is_request=True,
)

# Registered when the number on record of a caller no longer works: the counter of the sub-division checks papers and
# corrects the billing system. Registered by 1912 only.
MOBILE_CORRECTION = RequestKind(
    code="MOBILE_CORRECTION",
    type="Name or address",
    type_hi="नाम या पता",
    name="Mobile number correction",
    name_hi="मोबाइल नंबर संशोधन",
    networks=frozenset(),
    fields=(),
    reasons=(),
    target_days=7,
    route_role="sdo",
    route_level="subdivision",
    is_request=True,
)


def asks_for_change(fields: Iterable[RequestField]) -> bool:
    """Return whether a kind with these fields is a request where the catalogue does not say: it asks for a change of
    the connection, or for compensation."""
    return any(field.startswith("new_") or field is RequestField.LATE_COMPLAINT for field in fields)


def fields_from(words: str) -> tuple[RequestField, ...]:
    """Return the fields of a catalogue row; raises RuleBroken for an unknown field."""
    try:
        return tuple(RequestField(word) for word in words.split())
    except ValueError as error:
        raise RuleBroken("unknown_field") from error
