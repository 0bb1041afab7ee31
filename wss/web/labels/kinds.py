"""The words that follow the kind of a service request: consumers read complaint, or request."""

from __future__ import annotations

from typing import TypeVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.catalogue import RequestKind
from wss.domain.lifecycle import Action, Resolution, Status

_Words = TypeVar("_Words")

# Labels of a complaint that do not fit a request; every other one fits both.
REQUEST_STATUS: dict[str, LazyString] = {
    Status.REGISTERED: _l("Request registered"),
    Status.RESOLVED: _l("Request completed"),
    Status.REOPENED: _l("Request reopened"),
    Status.WITHDRAWN: _l("Request withdrawn"),
    Resolution.REFUSED: _l("Request refused"),
}
REQUEST_EVENTS: dict[str, LazyString] = {
    "register": _l("Request registered"),
    Action.CONFIRM: _l("You answered “Yes”: the request is closed"),
    Action.REOPEN: _l("You reopened the request"),
    Action.WITHDRAW: _l("You withdrew the request"),
}


def by_kind(kind: RequestKind | None, complaint: _Words, request: _Words) -> _Words:
    """Return the words for a complaint, or those for a request; an unknown kind is a complaint."""
    return request if kind is not None and kind.is_request else complaint
