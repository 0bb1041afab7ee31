"""How a form is kept whose sender's session has just ended: each room says it for its own, and the guard asks here."""

from collections.abc import Callable
from typing import NamedTuple

from flask import request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from wss.domain.actor import Actor
from wss.domain.errors import RuleBroken


class DraftReturn(NamedTuple):
    """Where the sender of a form goes on after signing in, and whether everything they had sent waits there."""

    address: str
    is_whole: bool


Keeper = Callable[[Actor], DraftReturn]
_KEEPERS: dict[str, Keeper] = {}


def keeps(endpoint: str) -> Callable[[Keeper], Keeper]:
    """Say how a form sent to this endpoint is kept; the keeper answers where its sender goes on after signing in."""

    def enter(keeper: Keeper) -> Keeper:
        _KEEPERS[endpoint] = keeper
        return keeper

    return enter


def is_kept(endpoint: str | None) -> bool:
    """Whether what is sent to this endpoint is kept at all."""
    return endpoint in _KEEPERS


def kept(lapsed: Actor) -> DraftReturn | None:
    """Keep the form of this request for whoever sent it, and say where they go on; None where it cannot be kept."""
    try:
        # The guard stands before the check of tokens, and nobody else may write into somebody's drafts.
        validate_csrf(request.form.get("csrf_token"))
        return _KEEPERS[request.endpoint or ""](lapsed)
    except (ValidationError, RuleBroken):
        return None
