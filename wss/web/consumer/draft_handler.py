"""Draft handlers of consumers: they save a form whose session has expired, to be continued after login."""

from __future__ import annotations

from flask import request, url_for

from wss import clock
from wss.domain import identifiers
from wss.domain.actor import Actor
from wss.domain.catalogue import RequestField
from wss.domain.errors import NotFound
from wss.domain.typed_values import REMARKS_LENGTH
from wss.queries.connections import visible_connection
from wss.services.requests.draft_documents import add_documents
from wss.services.requests.form_drafts import FilledForm, FormSnapshot
from wss.services.requests.submission import save_draft, save_remark, save_snapshot
from wss.web.consumer.blueprint import document_storage
from wss.web.draft_handlers import DraftReturn, draft_handler
from wss.web.request_form.choices import kinds_offered
from wss.web.request_form.form_data import form_token, is_typing, typed, typed_at, uploads_sent


@draft_handler("consumer.request_sent")
def save_request_form(expired_actor: Actor) -> DraftReturn:
    """Save the form of a request, with its documents."""
    own = visible_connection(expired_actor, _address("account_no"), clock.now())
    kind = kinds_offered(own).get(request.form.get("request", ""))
    if kind is None:
        raise NotFound
    way = url_for(
        "consumer.request_new", account_no=own.account_no, request_type=kind.type, request=kind.code
    )
    filled = FilledForm(form_token(), kind.code, typed(), None)
    if is_typing():
        save_snapshot(expired_actor, own.account_no, FormSnapshot(filled, typed_at()))
        return DraftReturn(way, is_whole=True)
    saved = save_draft(expired_actor, own.account_no, filled)
    sent = uploads_sent() if RequestField.DOCUMENTS in kind.fields and not saved.complaint_no else []
    refused = add_documents(expired_actor, saved.form_token, sent, document_storage()) if sent else []
    return DraftReturn(way, is_whole=not refused)


@draft_handler("consumer.request_register")
def check_page_address(expired_actor: Actor) -> DraftReturn:
    """Return the address of the check page; the form is a draft already."""
    own = visible_connection(expired_actor, _address("account_no"), clock.now())
    return DraftReturn(url_for("consumer.request_check", account_no=own.account_no), is_whole=True)


@draft_handler("consumer.act")
def save_timeline_form(expired_actor: Actor) -> DraftReturn:
    """Save what was written on a timeline."""
    complaint_no, action = _address("complaint_no"), request.form.get("action", "")
    save_remark(expired_actor, complaint_no, action[:16], request.form.get("remark", "")[:REMARKS_LENGTH])
    way = url_for("consumer.timeline", complaint_no=complaint_no, kept=1)
    # Photos that were part of the form have to be chosen again.
    return DraftReturn(way, is_whole=not uploads_sent())


@draft_handler("consumer.add_to_request")
def timeline_address(_expired_actor: Actor) -> DraftReturn:
    """Return the address of the timeline; photos have to be chosen again."""
    return DraftReturn(url_for("consumer.timeline", complaint_no=_address("complaint_no")), is_whole=False)


def _address(name: str) -> str:
    value: str = (request.view_args or {})[name]
    return identifiers.account_no(value) if name == "account_no" else identifiers.complaint_no(value)
