"""Asking for a service: choose the kind, fill in its form, check, register."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from wss import clock
from wss.domain import identifiers
from wss.domain.catalogue import Field, Kind
from wss.domain.errors import Outdated
from wss.domain.uploads import BYTES_PER_UPLOAD, Refusal
from wss.models import Connection
from wss.queries.bills import open_disputes
from wss.queries.connections import visible_connection
from wss.queries.documents import documents_of_draft
from wss.queries.drafts import DraftRow, current_draft
from wss.queries.reference import reference
from wss.queries.service_requests import open_request_of_kind, visible_request
from wss.queries.timelines import timeline
from wss.services.attaching import Refused, add_documents, remove_document
from wss.services.lodging import (
    BillTaken,
    DraftIncomplete,
    Filled,
    SavedDraft,
    lodge_request,
    new_form_token,
    save_draft,
)
from wss.web.access import current_actor, current_consumer
from wss.web.consumer.checking import check_context
from wss.web.consumer.comparing import compare
from wss.web.consumer.forms import RequestForm, drawing
from wss.web.consumer.offering import asked_of, kinds_offered, types_of
from wss.web.consumer.room import consumer, shelf
from wss.web.consumer.sent import chosen, form_token, typed, uploads_sent
from wss.web.pages import redirect_to, render, wants_fragment
from wss.web.words_of_fields import REFUSED


@consumer.url_value_preprocessor
def read_what_is_too_large(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A form with too many photos is read all the same, so that it can be kept while the photos are refused."""
    # Before anything else reads the form: later the limit of all other pages would have cut it off.
    if endpoint in ("consumer.request_sent", "consumer.act", "consumer.add_to_request"):
        request.max_content_length = 2 * BYTES_PER_UPLOAD


@consumer.get("/account/<account_no>/requests/new")
def request_new(account_no: str) -> Response:
    """Choose what to ask for; once chosen, the form of that kind, with what a draft holds."""
    own = _own(account_no)
    kind = kinds_offered(own).get(request.args.get("request", ""))
    draft = current_draft(own.account_no, current_consumer().id, clock.now())
    if kind is None:
        return _choice_page(own, draft)
    already = _open_dispute_of(request.args.get("bill_no"))
    if already:
        return redirect_to("consumer.timeline", complaint_no=already, done="already")
    kept = draft if draft and draft.kind == kind.code else None
    typed = _as_typed(kept, request.args.get("bill_no"))
    form = RequestForm(asked_of(own, kind, current_consumer().id), typed)
    return _form_page(own, form, kept)


@consumer.post("/account/<account_no>/requests/new")
def request_sent(account_no: str) -> Response:
    """Keep what was filled in; go on to the check when all of it is in order."""
    own = _own(account_no)
    kind = kinds_offered(own).get(request.form.get("request", ""))
    if kind is None or request.form.get("request_type", kind.type) != kind.type:
        return _choose_again(own, kind)
    is_sent = _is_sent(kind)
    form = RequestForm(asked_of(own, kind, current_consumer().id), chosen())
    if request.form.get("show") == "compare" and wants_fragment():
        # Only looked at: kept, it could come in after the form itself and take its answers back.
        return _form_page(own, form, None)
    is_right = is_sent and form.validate() and _is_undisputed(form)
    saved = save_draft(
        current_actor(),
        own.account_no,
        Filled(form_token(), kind.code, typed(), form.answers if is_right else None),
    )
    if saved.complaint_no:
        return redirect_to("consumer.registered", complaint_no=saved.complaint_no)
    refused = _documents(saved) if Field.DOCUMENTS in kind.fields else []
    if not is_sent and not wants_fragment() and not refused:
        return redirect_to("consumer.request_new", **_where(own, kind))
    if is_right and not refused:
        return redirect_to("consumer.request_check", account_no=own.account_no)
    _tell_refused(form, refused)
    status = 422 if is_sent or refused else 200
    if any(each.refusal is Refusal.UPLOAD_TOO_LARGE for each in refused):
        status = 413
    return _form_page(own, form, _draft(own, saved), status)


@consumer.get("/account/<account_no>/requests/check")
def request_check(account_no: str) -> Response:
    """Everything once more, before it is registered."""
    own = _own(account_no)
    draft = current_draft(own.account_no, current_consumer().id, clock.now())
    if draft is None or draft.fields.get("answers") is None:
        return redirect_to("consumer.request_new", account_no=own.account_no)
    return _check_page(own, draft)


@consumer.post("/account/<account_no>/requests/check")
def request_register(account_no: str) -> Response:
    """Register; however often this is sent, it is one complaint."""
    # The draft knows its connection; asking for it here would cost more than the answer is worth.
    try:
        complaint_no = lodge_request(current_actor(), form_token(), request.form.get("seen"))
    except DraftIncomplete:
        return redirect_to("consumer.request_new", account_no=_own(account_no).account_no)
    except (BillTaken, Outdated) as changed:
        own = _own(account_no)
        draft = current_draft(own.account_no, current_consumer().id, clock.now())
        if draft is None or draft.fields.get("answers") is None:
            return redirect_to("consumer.request_new", account_no=own.account_no)
        return _check_page(own, draft, changed)
    return redirect_to("consumer.registered", complaint_no=complaint_no)


@consumer.get("/requests/<complaint_no>/registered")
def registered(complaint_no: str) -> Response:
    """The complaint number, large, with the promised date and what happens next."""
    own = visible_request(current_actor(), identifiers.complaint_no(complaint_no), clock.now())
    tables = reference()
    return render(
        "consumer/registered.html",
        request_row=own,
        kind=tables.kinds.get(own.kind),
        office=tables.offices.get(own.holder_office_code),
        messages=timeline(own.id)[0].messages,
    )


def _open_dispute_of(bill_no: str | None) -> str | None:
    """The consumer's own open complaint about a bill: it is opened in place of a second one."""
    disputes = open_disputes([bill_no]) if bill_no else []
    mine = (each.complaint_no for each in disputes if each.consumer_id == current_consumer().id)
    return next(mine, None)


def kind_about_bills(own: Connection) -> Kind | None:
    """The first kind offered that is about bills, for the button beside a bill."""
    return next((kind for kind in kinds_offered(own).values() if Field.BILL_NO in kind.fields), None)


def _own(account_no: str) -> Connection:
    return visible_connection(current_actor(), identifiers.account_no(account_no), clock.now())


def _choice_page(own: Connection, draft: DraftRow | None) -> Response:
    kinds = kinds_offered(own)
    types = types_of(kinds.values())
    wished = request.args.get("request_type", "")
    return render(
        "consumer/request_choice.html",
        connection=own,
        types={wished: types[wished]} if wished in types else types,
        draft_kind=kinds.get(draft.kind) if draft else None,
    )


def _choose_again(own: Connection, kind: Kind | None) -> Response:
    """Another type was chosen: show the requests of that type. What was typed is kept."""
    wished = request.form.get("request_type", "")
    first = next((each for each in kinds_offered(own).values() if each.type == wished), None)
    if first is None:
        return redirect_to("consumer.request_new", account_no=own.account_no)
    saved = save_draft(current_actor(), own.account_no, Filled(form_token(), first.code, typed(), None))
    if saved.complaint_no:
        return redirect_to("consumer.registered", complaint_no=saved.complaint_no)
    if not wants_fragment():
        return redirect_to("consumer.request_new", account_no=own.account_no, request_type=wished)
    form = RequestForm(asked_of(own, first, current_consumer().id), chosen())
    return _form_page(own, form, _draft(own, saved))


def _form_page(own: Connection, form: RequestForm, draft: DraftRow | None, status: int = 200) -> Response:
    kinds = kinds_offered(own)
    return render(
        "consumer/request_form.html",
        "consumer/_fields.html",
        status=status,
        connection=own,
        me=current_consumer(),
        kind=form.asked.kind,
        types=types_of(kinds.values()),
        form=form,
        drawing=drawing,
        form_token=draft.form_token if draft else new_form_token(),
        documents=documents_of_draft(draft.id) if draft and draft.id else [],
        disputes=form.disputes,
        open_one=open_request_of_kind(own.account_no, form.asked.kind.code, current_consumer().id),
        comparison=compare(own, form),
    )


def _check_page(own: Connection, draft: DraftRow, changed: Exception | None = None) -> Response:
    context = check_context(own, draft, current_consumer())
    return render(
        "consumer/check.html",
        status=409 if changed else 200,
        changed=isinstance(changed, Outdated),
        **context,
    )


def _is_sent(kind: Kind) -> bool:
    """Whether the form was sent to be checked, and not only to change its kind or to remove a document."""
    shown = request.form.get("fields_of", kind.code)
    return shown == kind.code and not {"show", "remove"} & set(request.form)


def _is_undisputed(form: RequestForm) -> bool:
    """Whether no open request disputes one of the bills; otherwise the form says which."""
    form.disputes = open_disputes(form.answers.get(Field.BILL_NO.value) or [])
    if form.disputes:
        form[Field.BILL_NO.value].errors = [
            _("Bill %(bill)s is in a complaint already", bill=form.disputes[0].bill_no)
        ]
    return not form.disputes


def _documents(saved: SavedDraft) -> list[Refused]:
    """Take what was sent along, and take out what is to be removed."""
    if "remove" in request.form:
        remove_document(current_actor(), saved.form_token, request.form["remove"], shelf())
    sent = uploads_sent()
    return add_documents(current_actor(), saved.form_token, sent, shelf()) if sent else []


def _tell_refused(form: RequestForm, refused: list[Refused]) -> None:
    if refused and Field.DOCUMENTS.value in form:
        form[Field.DOCUMENTS.value].errors = [
            _("%(name)s was not taken: %(why)s", name=each.label, why=REFUSED[each.refusal])
            for each in refused
        ]


def _as_typed(draft: DraftRow | None, bill_no: str | None) -> MultiDict[str, str] | None:
    typed: dict[str, Any] = dict(draft.fields.get("typed") or {}) if draft else {}
    if bill_no:
        typed[Field.BILL_NO.value] = [bill_no]
    return MultiDict(typed) if typed else None


def _draft(own: Connection, saved: SavedDraft) -> DraftRow:
    at = clock.now()
    return DraftRow(saved.id, saved.form_token, own.account_no, "", {}, at, at, None)


def _where(own: Connection, kind: Kind) -> dict[str, str]:
    return {"account_no": own.account_no, "request_type": kind.type, "request": kind.code}
