"""The kinds of service request: each is a row that picks its fields from one closed vocabulary."""

from dataclasses import dataclass
from enum import StrEnum

from wss.domain.errors import RuleBroken


class RequestField(StrEnum):
    """The closed vocabulary of request fields (contract, /account/<account_no>/requests/new)."""

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
    REMARKS = "remarks"
    DOCUMENTS = "documents"


REQUIRED = frozenset(
    {
        RequestField.BILL_NO,
        RequestField.REASON,
        RequestField.PAID_AMOUNT,
        RequestField.PAID_ON,
        RequestField.NEW_NAME,
        RequestField.NEW_ADDRESS,
        RequestField.PINCODE,
        RequestField.NEW_LOAD_KW,
        RequestField.NEW_CATEGORY,
    }
)
KVA_FIELDS = frozenset({RequestField.READING_KVAH, RequestField.DEMAND_KVA})
REMARKS_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class RequestKind:
    """A kind of service request, as the catalogue declares it."""

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

    @property
    def may_repeat(self) -> bool:
        """Whether a connection may have several at work: one about bills may, each about other bills."""
        return RequestField.BILL_NO in self.fields

    def fields_for(self, billing_unit: str) -> tuple[RequestField, ...]:
        """The fields to ask for: kVAh and demand only of connections that are billed by kVAh."""
        return tuple(f for f in self.fields if f not in KVA_FIELDS or billing_unit == "kVAh")


# The claim to a connection without a mobile on record is a request like any other, but nobody picks it from a list.
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
)

# A caller cannot be reached by the number on record: the counter of the sub-division looks at papers and has the
# billing system corrected. Registered by 1912 only.
MOBILE_CORRECTION = RequestKind(
    code="MOBILE_CORRECTION",
    type="Details",
    type_hi="विवरण",
    name="Mobile number correction",
    name_hi="मोबाइल नंबर संशोधन",
    networks=frozenset(),
    fields=(),
    reasons=(),
    target_days=7,
    route_role="sdo",
    route_level="subdivision",
)


def fields_from(words: str) -> tuple[RequestField, ...]:
    """The fields of a catalogue row; raises RuleBroken for a word outside the vocabulary."""
    try:
        return tuple(RequestField(word) for word in words.split())
    except ValueError as outside:
        raise RuleBroken("unknown_field") from outside
