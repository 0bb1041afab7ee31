"""Registry of draft handlers, which save a submitted form whose session has expired.

Each blueprint registers its own handlers; the access check calls them.
"""

from collections.abc import Callable
from typing import NamedTuple

from flask import request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from wss.domain.actor import Actor
from wss.domain.errors import RuleBroken


class DraftReturn(NamedTuple):
    """The page to show after the login, and whether it has everything that was submitted."""

    address: str
    is_whole: bool


DraftHandler = Callable[[Actor], DraftReturn]
_HANDLERS: dict[str, DraftHandler] = {}


def draft_handler(endpoint: str) -> Callable[[DraftHandler], DraftHandler]:
    """Register the function that saves a form sent to this endpoint; it returns the page to show after the login."""

    def register(handler: DraftHandler) -> DraftHandler:
        _HANDLERS[endpoint] = handler
        return handler

    return register


def has_draft_handler(endpoint: str | None) -> bool:
    """Return whether a form sent to this endpoint is saved at all."""
    return endpoint in _HANDLERS


def saved_draft(expired_actor: Actor) -> DraftReturn | None:
    """Save the form of this request for its sender; return the page to show after login, None if not saved."""
    try:
        # The access check runs before the CSRF check, and no other site may write into a user's drafts.
        validate_csrf(request.form.get("csrf_token"))
        return _HANDLERS[request.endpoint or ""](expired_actor)
    except (ValidationError, RuleBroken):
        return None
