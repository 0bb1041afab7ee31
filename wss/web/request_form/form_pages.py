"""The way from the choice of a request through its form to the check, the same whoever fills it in."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, current_app, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from wss import clock
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.errors import Outdated, TooOften
from wss.domain.uploads import Refusal, RefusedDocument
from wss.queries.bills import open_disputes
from wss.queries.documents import documents_of_draft
from wss.queries.drafts import DraftRow
from wss.queries.service_requests import open_request_of_kind, request_at_work
from wss.services.requests.form_drafts import FilledForm, FormSnapshot, SavedDraft, new_form_token
from wss.web.labels.form_fields import REFUSED
from wss.web.pages import redirect_to_address, render, wants_fragment
from wss.web.request_form.check_page import check_context
from wss.web.request_form.choices import types_of
from wss.web.request_form.form_data import chosen, form_token, is_typing, typed, typed_at
from wss.web.request_form.forms import RequestForm, drawing
from wss.web.request_form.self_check import compare
from wss.web.request_form.whom import ForWhom


def choice_page(whom: ForWhom, draft: DraftRow | None) -> Response:
    """The kinds to choose from, and a request that was begun."""
    kinds = whom.kinds()
    types = types_of(kinds.values())
    wished = request.args.get("request_type", "")
    return render(
        whom.choice_page,
        whom=whom,
        connection=whom.connection,
        types={wished: types[wished]} if wished in types else types,
        draft_kind=kinds.get(draft.kind) if draft else None,
    )


def blank_form(whom: ForWhom, kind: RequestKind, draft: DraftRow | None, begun: dict[str, Any]) -> Response:
    """The form of a kind with what a draft of that kind holds, and what it is to begin with."""
    kept = draft if draft and draft.kind == kind.code else None
    filled = {**((kept.fields.get("typed") or {}) if kept else {}), **begun}
    form = RequestForm(whom.asked(kind), MultiDict(filled) if filled else None)
    return _form_page(whom, form, kept)


def form_sent(whom: ForWhom) -> Response:
    """Keep what was filled in; go on to the check when all of it is in order."""
    kind = whom.kinds().get(request.form.get("request", ""))
    if is_typing():
        return _keep(whom, kind)
    if kind is None or request.form.get("request_type", kind.type) != kind.type:
        return _choose_again(whom)
    is_sent = _is_sent(kind)
    form = RequestForm(whom.asked(kind), chosen())
    if request.form.get("show") == "compare" and wants_fragment():
        # Only looked at: kept, it could come in after the form itself and take its answers back.
        return _form_page(whom, form, None)
    is_right = is_sent and form.validate() and _is_undisputed(whom, form) and _is_single(whom, form)
    saved = whom.keep(FilledForm(form_token(), kind.code, typed(), form.answers if is_right else None))
    if saved.complaint_no:
        return redirect_to_address(whom.registered_address(saved.complaint_no))
    refused = whom.documents(saved) if RequestField.DOCUMENTS in kind.fields else []
    if not is_sent and not wants_fragment() and not refused:
        return redirect_to_address(whom.form_address(request_type=kind.type, request=kind.code))
    if is_right and not refused:
        return redirect_to_address(whom.check_address())
    _tell_refused(form, refused)
    status = 422 if is_sent or refused else 200
    if any(each.refusal is Refusal.UPLOAD_TOO_LARGE for each in refused):
        status = 413
    return _form_page(whom, form, _draft(whom, saved), status)


def check_page(whom: ForWhom, changed: Exception | None = None, **context: Any) -> Response:
    """Everything once more; without anything to check, back to the choice."""
    draft = whom.draft()
    if draft is None or draft.fields.get("answers") is None:
        return redirect_to_address(whom.form_address())
    seconds = changed.retry_after if isinstance(changed, TooOften) else 0
    response = render(
        whom.check_page,
        status=429 if seconds else 409 if changed else 200,
        changed=isinstance(changed, Outdated),
        too_often=whom.too_often(seconds) if seconds else "",
        **check_context(whom, draft),
        **context,
    )
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def at_work(whom: ForWhom, kind: RequestKind) -> str | None:
    """The number of the request that makes a second one of the kind needless; None where there is none."""
    if not whom.is_known or kind.may_repeat:
        return None
    return request_at_work(whom.connection.account_no, kind.code, whom.consumer_id)


def _keep(whom: ForWhom, kind: RequestKind | None) -> Response:
    """Keep what is being filled in, and say nothing: whoever types is not disturbed."""
    if kind is None:
        return current_app.response_class(status=204)
    spent = whom.keep_typed(FormSnapshot(FilledForm(form_token(), kind.code, typed(), None), typed_at()))
    if spent.allowed:
        return current_app.response_class(status=204)
    return current_app.response_class(status=429, headers={"Retry-After": str(spent.retry_after)})


def _choose_again(whom: ForWhom) -> Response:
    """Another type was chosen: show the requests of that type. What was typed is kept."""
    wished = request.form.get("request_type", "")
    first = next((each for each in whom.kinds().values() if each.type == wished), None)
    if first is None:
        return redirect_to_address(whom.form_address())
    saved = whom.keep(FilledForm(form_token(), first.code, typed(), None))
    if saved.complaint_no:
        return redirect_to_address(whom.registered_address(saved.complaint_no))
    if not wants_fragment():
        return redirect_to_address(whom.form_address(request_type=wished))
    form = RequestForm(whom.asked(first), chosen())
    return _form_page(whom, form, _draft(whom, saved))


def _form_page(whom: ForWhom, form: RequestForm, draft: DraftRow | None, status: int = 200) -> Response:
    kind = form.asked.kind
    return render(
        whom.form_page,
        "requesting/_fields.html",
        status=status,
        whom=whom,
        connection=whom.connection,
        kind=kind,
        types=types_of(whom.kinds().values()),
        form=form,
        drawing=partial(drawing, has_bills=bool(form.asked.bills)),
        focus=whom.begins_at(form),
        form_token=draft.form_token if draft else new_form_token(),
        since=round(clock.now().timestamp() * 1_000),
        documents=documents_of_draft(draft.id) if draft and draft.id else [],
        disputes=form.disputes,
        open_one=whom.is_known
        and open_request_of_kind(whom.connection.account_no, kind.code, whom.consumer_id),
        comparison=compare(whom.connection, form) if whom.is_known else None,
    )


def _is_sent(kind: RequestKind) -> bool:
    """Whether the form was sent to be checked, and not only to change its kind or to remove a document."""
    shown = request.form.get("fields_of", kind.code)
    return shown == kind.code and not {"show", "remove"} & set(request.form)


def _is_undisputed(whom: ForWhom, form: RequestForm) -> bool:
    """Whether no open request disputes one of the bills; otherwise the form says which."""
    if not whom.is_known:
        return True
    form.disputes = open_disputes(form.answers.get(RequestField.BILL_NO.value) or [])
    if form.disputes:
        form[RequestField.BILL_NO.value].errors = [
            _("Bill %(bill)s is in a complaint already", bill=form.disputes[0].bill_no)
        ]
    return not form.disputes


def _is_single(whom: ForWhom, form: RequestForm) -> bool:
    """Whether none of the kind is at work, where one is enough; otherwise the form says so and shows which."""
    there = at_work(whom, form.asked.kind)
    if there:
        form.form_errors.append(whom.already())
    return there is None


def _tell_refused(form: RequestForm, refused: list[RefusedDocument]) -> None:
    if refused and RequestField.DOCUMENTS.value in form:
        form[RequestField.DOCUMENTS.value].errors = [
            _("%(name)s was not taken: %(why)s", name=each.label, why=REFUSED[each.refusal])
            for each in refused
        ]


def _draft(whom: ForWhom, saved: SavedDraft) -> DraftRow:
    at = clock.now()
    return DraftRow(saved.id, saved.form_token, whom.connection.account_no, "", {}, at, at, None)
