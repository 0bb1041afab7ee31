"""The reason for a call to the helpdesk and its caller, as the consumer reads them."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.calls import CallReason, Relation

_REASONS = {
    CallReason.BILL: _l("A call about a bill"),
    CallReason.STATUS: _l("A call about the status of a complaint"),
    CallReason.REGISTRATION: _l("A call about registering on the website"),
    CallReason.MOBILE: _l("A call about the mobile number"),
    CallReason.OTHER: _l("A call about something else"),
}
_CALLERS = {
    Relation.SELF: _l("you"),
    Relation.FAMILY: _l("someone in your family"),
    Relation.TENANT: _l("your tenant"),
    Relation.EMPLOYEE: _l("someone who works for you"),
    Relation.OTHER: _l("someone else"),
}


def call_reason(code: str) -> LazyString | str:
    """Return why the caller had called when the helpdesk opened a record."""
    return _REASONS[CallReason(code)] if code in frozenset(CallReason) else _l("A call to 1912")


def who_called(relation: str) -> LazyString | str:
    """Return who the caller claimed to be."""
    return _CALLERS[Relation(relation)] if relation in frozenset(Relation) else ""
