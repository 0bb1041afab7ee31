"""Draft handlers of the help-desk: they save a form whose session has expired, to be continued after login."""

from __future__ import annotations

from flask import request, url_for

from wss.domain.actor import Actor
from wss.domain.errors import NotFound
from wss.queries.reference import reference
from wss.services.calls.submission import keep_call_typed, save_call_draft
from wss.services.requests.form_drafts import FilledForm, FormSnapshot
from wss.web.draft_handlers import DraftReturn, keeps
from wss.web.request_form.form_data import form_token, is_typing, typed, typed_at


@keeps("helpdesk.request_sent")
def keep_form(lapsed: Actor) -> DraftReturn:
    """Save the form of a request as far as it was filled in."""
    kind = reference().kinds.get(request.form.get("request", ""))
    if kind is None:
        raise NotFound
    filled = FilledForm(form_token(), kind.code, typed(), None)
    if is_typing():
        keep_call_typed(lapsed, _call_id(), FormSnapshot(filled, typed_at()))
    else:
        save_call_draft(lapsed, _call_id(), filled)
    way = url_for("helpdesk.request_form", call_id=_call_id(), request_type=kind.type, request=kind.code)
    return DraftReturn(way, is_whole=True)


@keeps("helpdesk.register")
def keep_read_back(_lapsed: Actor) -> DraftReturn:
    """Return the address of the check page; the answers are saved already."""
    return DraftReturn(url_for("helpdesk.request_check", call_id=_call_id()), is_whole=True)


@keeps("helpdesk.act")
def keep_way_back(_lapsed: Actor) -> DraftReturn:
    """Return the address of the call; an OTP may have expired, so nothing is saved."""
    return DraftReturn(url_for("helpdesk.call_page", call_id=_call_id()), is_whole=False)


def _call_id() -> int:
    value: int = (request.view_args or {})["call_id"]
    return value
