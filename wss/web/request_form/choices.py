"""What a connection's form offers: the kinds of its network, its bills, the reasons and categories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from wss import clock
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.identifiers import grouped_complaint_no
from wss.models import Connection
from wss.queries.bills import BillLine, bill_numbers_among, latest_bills, replaced_bills
from wss.queries.connections import categories
from wss.queries.reference import reference
from wss.web import filters
from wss.web.filters import month_of
from wss.web.labels.requests import category_name, named
from wss.web.language import page_language
from wss.web.request_form.forms import FormContext

# The bills people dispute are the newest; an older one can be typed.
BILLS_OFFERED = 6


@dataclass(frozen=True, slots=True)
class RequestType:
    """A request type with its kinds, in the reader's language."""

    code: str
    name: str
    kinds: list[RequestKind]


def kinds_offered(own: Connection) -> dict[str, RequestKind]:
    """The kinds that can be asked for here, by code, in the catalogue's order."""
    return {kind.code: kind for kind in reference().kinds_of(own.network)}


def without_documents(kind: RequestKind) -> RequestKind:
    """A kind for a form that takes no documents; they follow later."""
    return replace(kind, fields=tuple(each for each in kind.fields if each is not RequestField.DOCUMENTS))


def asked_of_any(kind: RequestKind) -> FormContext:
    """What its form needs to know where nothing of the connection may be shown: whatever is typed may be right."""
    names = reference().reasons
    return FormContext(
        kind=kind,
        billing_unit="kWh",
        today=clock.local_date(clock.now()),
        bills=[],
        reasons=[(code, named(names[code])) for code in kind.reasons if code in names],
        categories=[(code, category_name(code)) for code in categories()]
        if RequestField.NEW_CATEGORY in kind.fields
        else [],
        find_bills=lambda numbers: {number: number for number in numbers},
    )


def types_of(kinds: Iterable[RequestKind]) -> dict[str, RequestType]:
    """The request types of these kinds, by code."""
    types: dict[str, RequestType] = {}
    for kind in kinds:
        name = kind.type_hi if page_language() == "hi" else kind.type
        types.setdefault(kind.type, RequestType(kind.type, name, [])).kinds.append(kind)
    return types


def asked_of(own: Connection, kind: RequestKind, consumer_id: int | None) -> FormContext:
    """What the form of a kind needs to know of a connection."""
    names = reference().reasons
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
        reasons=[(code, named(names[code])) for code in kind.reasons if code in names],
        categories=_categories(own) if RequestField.NEW_CATEGORY in kind.fields else [],
        find_bills=lambda numbers: bill_numbers_among(own.account_no, numbers),
        replaced_bills=replaced_bills,
    )


def _categories(own: Connection) -> list[tuple[str, str]]:
    return [(code, category_name(code)) for code in categories() if code != own.category]


def _words_of(bill: BillLine) -> tuple[str, str]:
    """A bill as a choice: month and amount, below them number and reading."""
    # The amount stays on one line, however narrow the screen.
    amount = filters.rupees(bill.amount_paise).replace(" ", "\u00a0")
    words = f"{month_of(bill.bill_month)}, {amount}"
    hint = _("Bill %(bill)s, reading %(reading)s", bill=bill.bill_no, reading=bill.current_reading)
    if bill.open_complaint_no:
        number = grouped_complaint_no(bill.open_complaint_no)
        hint += ", " + _("in complaint %(number)s already", number=number)
    return words, hint
