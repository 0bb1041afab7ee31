"""The choices of a connection's form: the kinds of its network, its bills, reasons and categories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from wss import clock
from wss.domain.appliance_use import category_network
from wss.domain.catalogue import FIELDS, RequestField, RequestKind, Widget, dispute_kind
from wss.domain.consumption import most_unusual
from wss.domain.identifiers import grouped_complaint_no
from wss.models import Connection
from wss.queries.bills import (
    BillLine,
    bill_numbers_among,
    consumption,
    latest_bills,
    open_disputes,
    replaced_bills,
)
from wss.queries.connections import ConnectionTile, categories
from wss.queries.reference import reference
from wss.web import filters
from wss.web.filters import month_of
from wss.web.labels.bills import category_name
from wss.web.labels.form_fields import FIELD_TEXTS
from wss.web.labels.requests import localized_name
from wss.web.language import page_language
from wss.web.request_form.forms import BILL_TYPED, FormContext

# Most disputes are about the newest bills; the number of an older one can be typed.
BILLS_OFFERED = 6


@dataclass(frozen=True, slots=True)
class RequestType:
    """A request type with its kinds, in the reader's language."""

    code: str
    name: str
    kinds: list[RequestKind]


def kinds_offered(own: Connection | ConnectionTile) -> dict[str, RequestKind]:
    """Return the kinds that can be requested for this connection, by code, in the catalogue's order."""
    tables = reference()
    claim = tables.claim_kind(own.subdivision_code) if isinstance(own, Connection) else None
    return {kind.code: kind for kind in (*tables.kinds_of(own.network), claim) if kind}


def kinds_without_documents(own: Connection) -> dict[str, RequestKind]:
    """Return the same for a form that accepts no documents; they follow later."""
    return {
        code: replace(kind, fields=tuple(each for each in kind.fields if each is not RequestField.DOCUMENTS))
        for code, kind in kinds_offered(own).items()
    }


def asked_of_any(kind: RequestKind) -> FormContext:
    """Return the context of a kind's form if nothing of the connection may be shown or checked."""
    return FormContext(
        kind=kind,
        billing_unit="kWh",
        today=clock.local_date(clock.now()),
        bills=[],
        options=_options(kind),
        find_bills=lambda numbers: {number: number for number in numbers},
    )


def types_of(kinds: Iterable[RequestKind]) -> dict[str, RequestType]:
    """Return the request types of these kinds, by code."""
    types: dict[str, RequestType] = {}
    for kind in kinds:
        name = kind.type_hi if page_language() == "hi" else kind.type
        types.setdefault(kind.type, RequestType(kind.type, name, [])).kinds.append(kind)
    return types


def asked_of(own: Connection, kind: RequestKind, consumer_id: int | None) -> FormContext:
    """Return the context of a kind's form for a connection."""
    shown = (
        latest_bills(own.account_no, consumer_id, how_many=BILLS_OFFERED)
        if RequestField.BILL_NO in kind.fields
        else []
    )
    return FormContext(
        kind=kind,
        billing_unit=own.billing_unit,
        today=clock.local_date(clock.now()),
        bills=[(bill.bill_no, _words_of(bill)) for bill in shown if not bill.revised_by],
        options=_options(kind, own.category),
        find_bills=lambda numbers: bill_numbers_among(own.account_no, numbers),
        replaced_bills=replaced_bills,
        load_w=own.sanctioned_load_w,
    )


def bill_to_dispute(own: Connection, kind: RequestKind) -> str | None:
    """Return the bill with the most unusual consumption that is in no complaint; None for a kind that disputes none."""
    if dispute_kind([kind]) is None:
        return None
    used = consumption(own.account_no)
    disputed = {each.bill_no for each in open_disputes([month.bill_no for month in used])}
    unusual = most_unusual(used, left_out=disputed)
    return unusual.bill_no if unusual else None


def chosen_bill(asked: FormContext, bill_no: str) -> dict[str, Any]:
    """Return the answers of a form on which this bill is chosen: ticked, or typed if it is too old to be offered."""
    if bill_no in {number for number, _words in asked.bills}:
        return {RequestField.BILL_NO.value: [bill_no]}
    # Nothing that an address says is shown unless it is a bill of this connection.
    own = asked.find_bills([bill_no]).get(bill_no)
    return {BILL_TYPED: own} if own else {}


def _options(kind: RequestKind, category: str = "") -> dict[RequestField, list[tuple[str, str]]]:
    """Return the choices of each list of a kind's form, code and words, without the connection's own category and
    those of the other network."""
    lists = [field for field in kind.fields if FIELDS[field].widget is Widget.SELECT]
    return {field: _options_of(field, kind, category) for field in lists}


def _options_of(field: RequestField, kind: RequestKind, category: str) -> list[tuple[str, str]]:
    if field is RequestField.REASON:
        names = reference().reasons
        return [(code, localized_name(names[code])) for code in kind.reasons if code in names]
    if field is RequestField.NEW_CATEGORY:
        network = category_network(category)
        offered = [code for code in categories() if code != category]
        same = [code for code in offered if network is None or category_network(code) in (network, None)]
        return [(code, category_name(code)) for code in same]
    return [(code, str(words)) for code, words in FIELD_TEXTS[field].options.items()]


def _words_of(bill: BillLine) -> tuple[str, str]:
    """Return a bill as a choice: month and amount, and as hint its number and reading."""
    # The amount must not be broken over two lines on narrow screens.
    amount = filters.rupees(bill.amount_paise).replace(" ", "\u00a0")
    words = f"{month_of(bill.bill_month)}, {amount}"
    hint = _("Bill %(bill)s, reading %(reading)s", bill=bill.bill_no, reading=bill.current_reading)
    if bill.open_complaint_no:
        number = grouped_complaint_no(bill.open_complaint_no)
        hint += ", " + _("already in complaint %(number)s", number=number)
    return words, hint
