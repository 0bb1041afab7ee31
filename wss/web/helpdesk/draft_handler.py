"""Draft handlers of the helpdesk: they save a form whose session has expired, to be continued after login."""

from __future__ import annotations

from flask import request, url_for

from wss.domain.actor import Actor
from wss.domain.errors import NotFound
from wss.queries.reference import reference
from wss.services.calls.submission import save_call_draft, save_call_snapshot
from wss.services.requests.form_drafts import FilledForm, FormSnapshot
from wss.web.draft_handlers import DraftReturn, draft_handler
from wss.web.request_form.form_data import form_token, is_typing, typed, typed_at


@draft_handler("helpdesk.request_sent")
def save_request_form(expired_actor: Actor) -> DraftReturn:
    """Save the form of a request as far as it was filled in."""
    kind = reference().kinds.get(request.form.get("request", ""))
    if kind is None:
        raise NotFound
    filled = FilledForm(form_token(), kind.code, typed(), None)
    if is_typing():
        save_call_snapshot(expired_actor, _call_id(), FormSnapshot(filled, typed_at()))
    else:
        save_call_draft(expired_actor, _call_id(), filled)
    way = url_for("helpdesk.request_form", call_id=_call_id(), request_type=kind.type, request=kind.code)
    return DraftReturn(way, is_whole=True)


@draft_handler("helpdesk.register")
def check_page_address(_expired_actor: Actor) -> DraftReturn:
    """Return the address of the check page; the answers are saved already."""
    return DraftReturn(url_for("helpdesk.request_check", call_id=_call_id()), is_whole=True)


@draft_handler("helpdesk.act")
def call_address(_expired_actor: Actor) -> DraftReturn:
    """Return the address of the call; an OTP may have expired, so nothing is saved."""
    return DraftReturn(url_for("helpdesk.call_page", call_id=_call_id()), is_whole=False)


def _call_id() -> int:
    value: int = (request.view_args or {})["call_id"]
    return value
