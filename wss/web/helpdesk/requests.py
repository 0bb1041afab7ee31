"""A request on behalf of a caller: the consumer's own form, read back in sentences, and the number to read out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Response, abort, request, url_for

from wss import clock
from wss.domain import identifiers
from wss.domain.calls import CallReason
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.draft_row import DraftRow
from wss.domain.errors import Forbidden, NotFound, Outdated, TooOften
from wss.models import Connection
from wss.queries.bills import bills_by_number, latest_bills
from wss.queries.call_drafts import call_draft
from wss.queries.calls import CallRow, record_of
from wss.queries.consumers import active_consumer, connection_row
from wss.queries.reference import reference
from wss.queries.timelines import timeline
from wss.services.calls.submission import register_for_caller, save_call_draft, save_call_snapshot
from wss.services.requests.creation import BillReplaced, BillTaken, ClaimTaken, KindTaken
from wss.services.requests.form_drafts import DraftIncomplete
from wss.web.access import current_actor
from wss.web.helpdesk.blueprint import helpdesk
from wss.web.helpdesk.calls import ID, ended_page, own
from wss.web.helpdesk.payment_words import interim_sentences, payment_rule_of_call
from wss.web.helpdesk.read_back import (
    ReadBackScript,
    answer_sentences,
    number_sentences,
    promise_sentences,
    read_back_scripts,
)
from wss.web.pages import redirect_to, render
from wss.web.request_form.choices import kinds_without_documents
from wss.web.request_form.form_data import form_token
from wss.web.request_form.form_flow import FormFlow
from wss.web.request_form.form_pages import blank_form, check_page, choice_page, form_sent


@helpdesk.get(f"/helpdesk/calls/<{ID}:call_id>/request")
def request_form(call_id: int) -> Response:
    """Show the form of what the caller asks for; a form about a bill begins with the newest."""
    call, flow = _agreed_call(call_id)
    draft = _draft(flow)
    kind = flow.kinds.get(request.args.get("request", "")) or _fitting(call, flow, draft)
    if kind is None:
        return choice_page(flow, draft)
    is_begun = draft is not None and draft.kind == kind.code
    return blank_form(flow, kind, draft, {} if is_begun else _newest_bill(flow, kind))


@helpdesk.post(f"/helpdesk/calls/<{ID}:call_id>/request")
def request_sent(call_id: int) -> Response:
    """Save the caller's answers; show the sentences to read back if all of them are valid."""
    _call, flow = _agreed_call(call_id)
    return form_sent(
        flow,
        save=partial(save_call_draft, current_actor(), call_id),
        save_typing=partial(save_call_snapshot, current_actor(), call_id),
    )


@helpdesk.get(f"/helpdesk/calls/<{ID}:call_id>/check")
def request_check(call_id: int) -> Response:
    """Show the sentences to read back."""
    return _check_page(*_agreed_call(call_id))


@helpdesk.post(f"/helpdesk/calls/<{ID}:call_id>/check")
def register(call_id: int) -> Response:
    """Register the request; sent several times, it is one complaint."""
    call, flow = _agreed_call(call_id)
    try:
        complaint_no = register_for_caller(current_actor(), call_id, form_token(), request.form.get("seen"))
    except DraftIncomplete:
        return redirect_to("helpdesk.request_form", call_id=call_id)
    except (BillReplaced, BillTaken, ClaimTaken, KindTaken, Outdated, TooOften) as changed:
        return _check_page(call, flow, changed)
    except Forbidden:
        return redirect_to("helpdesk.call_page", call_id=call_id)
    return redirect_to("helpdesk.registered", call_id=call_id, complaint_no=complaint_no)


@helpdesk.get(f"/helpdesk/calls/<{ID}:call_id>/registered/<complaint_no>")
def registered(call_id: int, complaint_no: str) -> Response:
    """Show the complaint number, large and in groups, with the words to read it out."""
    call, number = own(call_id), identifiers.complaint_no(complaint_no)
    at = clock.now()
    if call.is_expired(at):
        return ended_page(call)
    record = record_of(call, at)
    mine = (each for each in (record.requests if record else ()) if each.call_id == call.id)
    row = next((each for each in mine if each.complaint_no == number), None)
    if row is None:
        raise NotFound

    tables = reference()

    def read_back() -> list[str]:
        return [*number_sentences(row.complaint_no, row.promised_on), *interim_sentences(row, tables)]

    return render(
        "helpdesk/registered.html",
        call=call,
        kind=tables.kinds.get(row.kind),
        payment_rule=payment_rule_of_call(row),
        act=url_for("helpdesk.act", call_id=call.id),
        request_row=row,
        messages=timeline(row.id)[0].messages,
        is_sent=request.args.get("sent") == "1",
        read_back=read_back_scripts(call.language, read_back),
    )


def _agreed_call(call_id: int) -> tuple[CallRow, FormFlow]:
    """Return a call whose caller is verified and has agreed, and the pages of a request for them.

    For any other call, abort with the page of the call, or with the reason why the call has ended.
    """
    call = own(call_id)
    if call.is_expired(clock.now()):
        abort(ended_page(call, 409 if request.method == "POST" else 200))
    connection = connection_row(call.account_no or "")
    if connection is None or not call.has_consent:
        abort(redirect_to("helpdesk.call_page", call_id=call.id))
    return call, _flow(call, connection)


def _flow(call: CallRow, connection: Connection) -> FormFlow:
    owner = active_consumer(connection.account_no, clock.now())
    return FormFlow(
        connection,
        owner.id if owner else None,
        (owner.mobile if owner else None) or connection.mobile_on_record or call.own_mobile,
        kinds_without_documents(connection),
        choice_page="helpdesk/request_choice.html",
        form_page="helpdesk/request_form.html",
        check_page="helpdesk/check.html",
        form_address=partial(url_for, "helpdesk.request_form", call_id=call.id),
        check_address=partial(url_for, "helpdesk.request_check", call_id=call.id),
        registered_address=partial(url_for, "helpdesk.registered", call_id=call.id),
        back_address=url_for("helpdesk.call_page", call_id=call.id),
        is_for_caller=True,
    )


def _draft(flow: FormFlow) -> DraftRow | None:
    """Return what was filled in on this call, or on an interrupted one."""
    return call_draft(flow.connection.account_no, clock.now())


def _check_page(call: CallRow, flow: FormFlow, changed: Exception | None = None) -> Response:
    draft = _draft(flow)
    return check_page(flow, draft, changed, read_back=_read_back(call, flow, draft))


def _read_back(call: CallRow, flow: FormFlow, draft: DraftRow | None) -> Sequence[ReadBackScript]:
    """Return the answers as the sentences that are read out, and the question at the end."""
    tables = reference()
    answers = (draft.fields.get("answers") if draft else None) or {}
    kind = tables.kinds.get(draft.kind) if draft else None
    if kind is None:
        return []
    bills = list(bills_by_number(answers.get(RequestField.BILL_NO.value) or []))
    promised_on = tables.calendar.promised_on(clock.local_date(clock.now()), kind.target_days)

    def read_back() -> list[str]:
        return [
            *answer_sentences(kind, answers, bills, tables, flow.connection.account_no),
            *promise_sentences(promised_on, flow.mobile),
        ]

    return read_back_scripts(call.language, read_back)


def _fitting(call: CallRow, flow: FormFlow, draft: DraftRow | None) -> RequestKind | None:
    """Return the kind to begin with if none was chosen: that of the draft, or one that fits the call's reason."""
    if "request_type" in request.args or "choose" in request.args:
        return None
    if draft is not None and draft.kind in flow.kinds:
        return flow.kinds[draft.kind]
    if call.call_reason != CallReason.BILL:
        return None
    return next((kind for kind in flow.kinds.values() if RequestField.BILL_NO in kind.fields), None)


def _newest_bill(flow: FormFlow, kind: RequestKind) -> dict[str, list[str]]:
    """Return the newest bill, as most callers call about it; it is read back to them before anything is registered."""
    if RequestField.BILL_NO not in kind.fields:
        return {}
    newest = latest_bills(flow.connection.account_no, flow.consumer_id, how_many=1)[:1]
    return {RequestField.BILL_NO.value: [bill.bill_no for bill in newest if not bill.is_disputed]}
