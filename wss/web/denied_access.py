"""Redirects for visitors whom the access check refuses: after login, or while a registration is on hold."""

from __future__ import annotations

from enum import StrEnum

from flask import Response, request, url_for

from wss.domain.actor import Actor
from wss.web.draft_handlers import has_draft_handler, saved_draft
from wss.web.language import referring_page
from wss.web.pages import redirect_to

_LEADS_TO_A_FORM = ("consumer.account", "consumer.request_new")


class ExpiredLogin(StrEnum):
    """What the login page says to visitors whose session has expired."""

    TIME = "time"
    # Expired too, but everything that they typed was saved.
    KEPT = "kept"


def login_arguments(page: str | None, expired_actor: Actor | None) -> dict[str, str | None]:
    """Return the address of the page to show after login: the requested page, or the one whose form was saved.

    If a session has expired, also whether the submitted form was saved.
    """
    if expired_actor is None:
        return {"next": page}
    if request.method == "GET":
        return {"next": page, "over": ExpiredLogin.TIME}
    saved = saved_draft(expired_actor) if has_draft_handler(request.endpoint) else None
    if saved is None:
        back = referring_page()
        return {"next": None if back == url_for("public.home") else back, "over": ExpiredLogin.TIME}
    return {"next": saved.address, "over": ExpiredLogin.KEPT if saved.is_whole else ExpiredLogin.TIME}


def redirect_held_consumer() -> Response:
    """Redirect to the page about the hold; a visitor who came to write a request may still write it."""
    if request.endpoint not in _LEADS_TO_A_FORM or not {"request", "dispute"} & set(request.args):
        return redirect_to("auth.held")
    # Without a kind it is the form about a bill.
    return redirect_to("consumer.held_request", request=request.args.get("request") or None)
