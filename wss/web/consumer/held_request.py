"""The form of a request during a hold: it shows nothing of the connection, and is sent when the hold ends."""

from __future__ import annotations

from functools import partial

from flask import Response, request, url_for
from flask_babel import gettext as _

from wss import clock
from wss.domain.actor import Actor
from wss.domain.catalogue import RequestField
from wss.domain.draft_row import DraftRow
from wss.domain.errors import NotFound
from wss.queries.consumers import connection_row, holds_of
from wss.queries.drafts import held_drafts
from wss.queries.reference import reference
from wss.services.requests.form_drafts import FilledForm, FormSnapshot
from wss.services.requests.held_requests import save_held_form, save_held_snapshot
from wss.web.access import current_actor, current_consumer
from wss.web.consumer.blueprint import consumer
from wss.web.draft_handlers import DraftReturn, draft_handler
from wss.web.pages import redirect_to
from wss.web.request_form.choices import kinds_without_documents
from wss.web.request_form.form_data import form_token, is_typing, typed, typed_at
from wss.web.request_form.form_flow import FormFlow
from wss.web.request_form.form_pages import blank_form, form_sent


@consumer.get("/held/request")
def held_request() -> Response:
    """Show the form of the kind in the address, else of the one begun, else of a bill."""
    flow = _flow()
    if flow is None:
        asked = None if current_consumer().is_held else request.args.get("request")
        return redirect_to("consumer.account", request=asked)
    kinds, draft = flow.kinds, _draft(flow)
    kind = kinds.get(request.args.get("request", "")) or (kinds.get(draft.kind) if draft else None)
    kind = kind or next((each for each in kinds.values() if RequestField.BILL_NO in each.fields), None)
    return blank_form(flow, kind, draft, {}) if kind else redirect_to("auth.held")


@consumer.post("/held/request")
def held_request_sent() -> Response:
    """Save the form; a complete one is sent when the hold ends."""
    flow = _flow()
    if flow is None:
        return redirect_to("consumer.account")
    return form_sent(
        flow,
        save=partial(save_held_form, current_actor()),
        save_typing=partial(save_held_snapshot, current_actor()),
    )


@draft_handler("consumer.held_request_sent")
def save_expired_form(expired_actor: Actor) -> DraftReturn:
    """Save a form whose session has just expired."""
    kind = reference().kinds.get(request.form.get("request", ""))
    if kind is None:
        raise NotFound
    filled = FilledForm(form_token(), kind.code, typed(), None)
    if is_typing():
        save_held_snapshot(expired_actor, FormSnapshot(filled, typed_at()))
    else:
        save_held_form(expired_actor, filled)
    way = url_for("consumer.held_request", request_type=kind.type, request=kind.code)
    return DraftReturn(way, is_whole=True)


def _flow() -> FormFlow | None:
    """Return the pages of a request during a hold; None if the consumer is not on hold. Documents follow later."""
    me = current_consumer()
    held = holds_of(me.id, clock.now()) if me.is_held else []
    connection = connection_row(held[0].account_no) if held else None
    if connection is None:
        return None
    return FormFlow(
        connection,
        me.id,
        me.mobile,
        # A claim is checked against the consumer's requests, which a hold does not show.
        {code: kind for code, kind in kinds_without_documents(connection).items() if not kind.is_claim},
        form_page="consumer/held_form.html",
        form_address=partial(url_for, "consumer.held_request"),
        # That page says that the form will be sent.
        check_address=partial(url_for, "auth.held"),
        button=_("Save it, and send it when the waiting period ends"),
        is_known=False,
    )


def _draft(flow: FormFlow) -> DraftRow | None:
    """Return what has been written so far, of the kind in the address if there is one."""
    kind = request.args.get("request")
    found = held_drafts(flow.connection.account_no, current_consumer().id)
    return next((draft for draft in found if kind in (None, draft.kind)), None)
