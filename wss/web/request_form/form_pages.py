"""The pages from the choice of a request through its form to the check, for consumers and for the help-desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, current_app, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from wss import clock
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.draft_row import DraftRow
from wss.domain.errors import Outdated, TooOften
from wss.domain.rate_limits import LimitResult
from wss.domain.uploads import Refusal, RefusedDocument
from wss.queries.bills import bills_by_number, open_disputes
from wss.queries.documents import documents_of_draft
from wss.queries.service_requests import open_request_of_kind, request_at_work
from wss.services.requests.form_drafts import FilledForm, FormSnapshot, SavedDraft, new_form_token
from wss.web.filters import month_of
from wss.web.labels.documents import refused_document_words
from wss.web.labels.guidance import documents_help
from wss.web.pages import redirect_to_address, render, wants_fragment
from wss.web.request_form.check_page import check_context
from wss.web.request_form.choices import types_of
from wss.web.request_form.claims import claim_fault
from wss.web.request_form.form_data import chosen, form_token, is_typing, typed, typed_at
from wss.web.request_form.form_flow import FormFlow
from wss.web.request_form.form_parts import parts_of
from wss.web.request_form.forms import RequestForm, drawing
from wss.web.request_form.self_check import compare


def choice_page(flow: FormFlow, draft: DraftRow | None) -> Response:
    """Show the kinds to choose from, and a draft that was begun."""
    kinds = flow.kinds
    types = types_of(kinds.values())
    type_code = request.args.get("request_type", "")
    return render(
        flow.choice_page,
        flow=flow,
        connection=flow.connection,
        types={type_code: types[type_code]} if type_code in types else types,
        draft_kind=kinds.get(draft.kind) if draft else None,
    )


def blank_form(flow: FormFlow, kind: RequestKind, draft: DraftRow | None, begun: dict[str, Any]) -> Response:
    """Show the form of a kind, filled in from a draft of that kind and from `begun`."""
    kept = draft if draft and draft.kind == kind.code else None
    filled = {**((kept.fields.get("typed") or {}) if kept else {}), **begun}
    form = RequestForm(flow.asked(kind), MultiDict(filled) if filled else None)
    return _form_page(flow, form, kept)


def no_documents(_saved: SavedDraft) -> list[RefusedDocument]:
    """Accept no documents, for forms without them."""
    return []


def form_sent(
    flow: FormFlow,
    save: Callable[[FilledForm], SavedDraft],
    save_typing: Callable[[FormSnapshot], LimitResult],
    take_documents: Callable[[SavedDraft], list[RefusedDocument]] = no_documents,
) -> Response:
    """Save the form, and go on to the check page if all of it is valid.

    `save_typing` saves a form that is still being filled in, unless a newer one is saved already. `take_documents`
    stores the submitted documents and removes the one that is to be removed.
    """
    kind = flow.kinds.get(request.form.get("request", ""))
    if is_typing():
        return _saved_typing(kind, save_typing)
    if kind is None or request.form.get("request_type", kind.type) != kind.type:
        return _choose_again(flow, save)
    is_sent = _is_sent(kind)
    form = RequestForm(flow.asked(kind), chosen())
    if request.form.get("show") == "compare" and wants_fragment():
        # Not saved: it could arrive after the form itself and overwrite its answers.
        return _form_page(flow, form, None, fragment="request_form/_compared.html")
    is_right = is_sent and form.validate() and _is_free(flow, form)
    saved = save(FilledForm(form_token(), kind.code, typed(), form.answers if is_right else None))
    if saved.complaint_no and flow.registered_address:
        return redirect_to_address(flow.registered_address(complaint_no=saved.complaint_no))
    refused = take_documents(saved) if RequestField.DOCUMENTS in kind.fields else []
    if not is_sent and not wants_fragment() and not refused:
        return redirect_to_address(flow.form_address(request_type=kind.type, request=kind.code))
    if is_right and not refused:
        return redirect_to_address(flow.check_address())
    _add_refused_errors(form, refused)
    status = 422 if is_sent or refused else 200
    if any(each.refusal is Refusal.UPLOAD_TOO_LARGE for each in refused):
        status = 413
    return _form_page(flow, form, _draft(flow, saved), status)


def check_page(
    flow: FormFlow, draft: DraftRow | None, changed: Exception | None = None, **context: Any
) -> Response:
    """Show all answers again; without valid answers in the draft, go back to the choice."""
    if draft is None or draft.fields.get("answers") is None:
        return redirect_to_address(flow.form_address())
    seconds = changed.retry_after if isinstance(changed, TooOften) else 0
    response = render(
        flow.check_page,
        status=429 if seconds else 409 if changed else 200,
        changed=isinstance(changed, Outdated),
        too_often=flow.too_often(seconds) if seconds else "",
        **check_context(flow, draft),
        **context,
    )
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def at_work(flow: FormFlow, kind: RequestKind) -> str | None:
    """Return the number of the open request that makes a second one of the kind unnecessary, if there is one."""
    if not flow.is_known or kind.may_repeat:
        return None
    return request_at_work(flow.connection.account_no, kind.code, flow.consumer_id)


def _saved_typing(kind: RequestKind | None, save_typing: Callable[[FormSnapshot], LimitResult]) -> Response:
    """Save what is being filled in and answer without content: the page remains as it is."""
    if kind is None:
        return current_app.response_class(status=204)
    limit = save_typing(FormSnapshot(FilledForm(form_token(), kind.code, typed(), None), typed_at()))
    if limit.allowed:
        return current_app.response_class(status=204)
    return current_app.response_class(status=429, headers={"Retry-After": str(limit.retry_after)})


def _choose_again(flow: FormFlow, save: Callable[[FilledForm], SavedDraft]) -> Response:
    """Show the kinds of another type that was chosen. What was typed is saved."""
    type_code = request.form.get("request_type", "")
    first = next((each for each in flow.kinds.values() if each.type == type_code), None)
    if first is None:
        return redirect_to_address(flow.form_address())
    saved = save(FilledForm(form_token(), first.code, typed(), None))
    if saved.complaint_no and flow.registered_address:
        return redirect_to_address(flow.registered_address(complaint_no=saved.complaint_no))
    if not wants_fragment():
        return redirect_to_address(flow.form_address(request_type=type_code))
    form = RequestForm(flow.asked(first), chosen())
    return _form_page(flow, form, _draft(flow, saved))


def _form_page(
    flow: FormFlow,
    form: RequestForm,
    draft: DraftRow | None,
    status: int = 200,
    fragment: str = "request_form/_fields.html",
) -> Response:
    kind = form.asked.kind
    return render(
        flow.form_page,
        fragment,
        status=status,
        flow=flow,
        connection=flow.connection,
        kind=kind,
        types=types_of(flow.kinds.values()),
        form=form,
        parts=parts_of(form),
        drawing=partial(drawing, has_bills=bool(form.asked.bills), load_w=form.asked.load_w),
        focus=flow.first_field(form),
        form_token=draft.form_token if draft else new_form_token(),
        since=round(clock.now().timestamp() * 1_000),
        documents=documents_of_draft(draft.id) if draft and draft.id else [],
        documents_help=documents_help(kind),
        payment_rule=flow.payment_rule(kind),
        disputes=form.disputes,
        open_one=flow.is_known
        and open_request_of_kind(flow.connection.account_no, kind.code, flow.consumer_id),
        comparison=compare(flow.connection, form, for_caller=flow.is_for_caller) if flow.is_known else None,
    )


def _is_sent(kind: RequestKind) -> bool:
    """Return whether the form was sent to be checked, and not only to change its kind or to remove a document."""
    shown = request.form.get("fields_of", kind.code)
    return shown == kind.code and not {"show", "remove"} & set(request.form)


def _is_free(flow: FormFlow, form: RequestForm) -> bool:
    """Return whether no other request is in the way of this one; otherwise the form says which."""
    return _is_undisputed(flow, form) and _is_single(flow, form) and _is_claimable(flow, form)


def _is_claimable(flow: FormFlow, form: RequestForm) -> bool:
    """Return whether something is owed for the late complaint that the form names, and not claimed yet."""
    late_no = form.answers.get(RequestField.LATE_COMPLAINT.value)
    fault = claim_fault(flow, late_no) if late_no else ""
    if fault:
        form[RequestField.LATE_COMPLAINT.value].errors = [fault]
    return not fault


def _is_undisputed(flow: FormFlow, form: RequestForm) -> bool:
    """Return whether no open request disputes one of the bills; otherwise the form says which."""
    if not flow.is_known:
        return True
    form.disputes = open_disputes(form.answers.get(RequestField.BILL_NO.value) or [])
    if form.disputes:
        form[RequestField.BILL_NO.value].errors = [
            _(
                "The bill of %(month)s is already in a complaint. Open that complaint, or untick this bill.",
                month=month_of(bills_by_number([form.disputes[0].bill_no])[0].bill_month),
            )
        ]
    return not form.disputes


def _is_single(flow: FormFlow, form: RequestForm) -> bool:
    """Return whether no request of the kind is open where one is enough; otherwise add that to the form's errors."""
    existing = at_work(flow, form.asked.kind)
    if existing:
        form.form_errors.append(flow.already_open(form.asked.kind))
    return existing is None


def _add_refused_errors(form: RequestForm, refused: list[RefusedDocument]) -> None:
    if refused and RequestField.DOCUMENTS.value in form:
        form[RequestField.DOCUMENTS.value].errors = refused_document_words(refused)


def _draft(flow: FormFlow, saved: SavedDraft) -> DraftRow:
    at = clock.now()
    return DraftRow(saved.id, saved.form_token, flow.connection.account_no, "", {}, at, at, None)
