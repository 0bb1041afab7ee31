"""The consumer's pages of a new request: choose the kind, fill in its form, check, register."""

from __future__ import annotations

from functools import partial

from flask import Response, current_app, request, url_for

from wss import clock
from wss.domain import identifiers
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.draft_row import DraftRow
from wss.domain.errors import Outdated, TooOften
from wss.domain.uploads import RefusedDocument
from wss.models import Connection
from wss.queries.bills import open_disputes, replaced_bills
from wss.queries.connections import ConnectionTile, visible_connection
from wss.queries.documents import document_of_draft
from wss.queries.drafts import current_draft
from wss.queries.late_requests import claim_about
from wss.queries.reference import reference
from wss.queries.service_requests import visible_request
from wss.queries.timelines import timeline
from wss.services.requests.creation import BillReplaced, BillTaken, ClaimTaken, KindTaken
from wss.services.requests.draft_documents import add_documents, remove_document
from wss.services.requests.form_drafts import DraftIncomplete, SavedDraft
from wss.services.requests.submission import register_draft, save_draft, save_snapshot
from wss.web.access import current_actor, current_consumer
from wss.web.consumer.blueprint import consumer, document_storage
from wss.web.consumer.call_backs import call_back_offer
from wss.web.consumer.sharing import share_link
from wss.web.downloads import as_picture
from wss.web.labels.guidance import payment_rule_of, silence_words
from wss.web.pages import redirect_to, render
from wss.web.request_form.choices import bill_to_dispute, chosen_bill, kinds_offered
from wss.web.request_form.claims import claim_begun
from wss.web.request_form.form_data import form_token, uploads_sent
from wss.web.request_form.form_flow import FormFlow
from wss.web.request_form.form_pages import at_work, blank_form, check_page, choice_page, form_sent


@consumer.get("/account/<account_no>/requests/new")
def request_new(account_no: str) -> Response:
    """Show the kinds to choose from; once one is chosen, its form, filled in from a draft."""
    flow, bill_no = _flow(account_no), request.args.get("bill_no")
    kind, draft = flow.kinds.get(request.args.get("request", "")), _draft(flow)
    if kind is None:
        return choice_page(flow, draft)
    already, existing = _open_dispute_of(bill_no), at_work(flow, kind)
    if already:
        return redirect_to("consumer.timeline", complaint_no=already, done="already")
    if existing:
        return redirect_to("consumer.timeline", complaint_no=existing, done="already_open")
    late_no = request.args.get("late", "") if kind.is_claim else ""
    claimed = claim_about(flow.connection.account_no, late_no) if late_no else None
    if claimed:
        return redirect_to("consumer.timeline", complaint_no=claimed, done="already_open")
    if bill_no:
        bill_no = replaced_bills([bill_no]).get(bill_no, bill_no)
    elif draft is None or draft.kind != kind.code:
        bill_no = bill_to_dispute(flow.connection, kind)
    begun = chosen_bill(flow.asked(kind), bill_no) if bill_no else {}
    return blank_form(flow, kind, draft, begun | (claim_begun(flow, late_no) if late_no else {}))


@consumer.post("/account/<account_no>/requests/new")
def request_sent(account_no: str) -> Response:
    """Save the form; go on to the check page if all of it is valid."""
    flow = _flow(account_no)
    own_no = flow.connection.account_no
    return form_sent(
        flow,
        save=partial(save_draft, current_actor(), own_no),
        save_typing=partial(save_snapshot, current_actor(), own_no),
        take_documents=_take_documents,
    )


@consumer.get("/account/<account_no>/requests/new/documents/<document_id>/page/<int:page>")
def draft_document_page(account_no: str, document_id: str, page: int) -> Response:
    """Send a page of a document that was added to the draft, as an image."""
    draft = _draft(_flow(account_no))
    found = document_of_draft(draft.id, document_id) if draft else None
    return as_picture(document_storage(), found, page)


@consumer.get("/account/<account_no>/requests/check")
def request_check(account_no: str) -> Response:
    """Show all answers again before they are registered."""
    flow = _flow(account_no)
    return check_page(flow, _draft(flow))


@consumer.post("/account/<account_no>/requests/check")
def request_register(account_no: str) -> Response:
    """Register the request; sent several times, it is one complaint."""
    # The draft contains its connection, so no query is needed here.
    try:
        complaint_no = register_draft(current_actor(), form_token(), request.form.get("seen"))
    except DraftIncomplete:
        return redirect_to("consumer.request_new", account_no=_flow(account_no).connection.account_no)
    except (BillReplaced, BillTaken, ClaimTaken, KindTaken, Outdated, TooOften) as changed:
        flow = _flow(account_no)
        return check_page(flow, _draft(flow), changed)
    return redirect_to("consumer.registered", complaint_no=complaint_no)


@consumer.get("/requests/<complaint_no>/registered")
def registered(complaint_no: str) -> Response:
    """Show the complaint number, the promised day and what happens next."""
    own = visible_request(current_actor(), identifiers.complaint_no(complaint_no), clock.now())
    tables = reference()
    kind = tables.kinds.get(own.kind)
    by_default = current_app.extensions["wss"].config.close_on_silence
    return render(
        "consumer/registered.html",
        request_row=own,
        kind=kind,
        office=tables.offices.get(own.holder_office_code),
        messages=timeline(own.id)[0].messages,
        payment_rule=payment_rule_of(
            tables, kind, own.office_code, own.account_no, own.fields.get(RequestField.BILL_NO.value) or ()
        ),
        silence=silence_words(closes=tables.silence_closes(own.office_code, by_default=by_default)),
        share_link=share_link(own),
        call_back=call_back_offer(),
    )


def _open_dispute_of(bill_no: str | None) -> str | None:
    """Return the consumer's own open complaint about a bill, which is opened instead of a second one."""
    disputes = open_disputes([bill_no]) if bill_no else []
    own_complaints = (each.complaint_no for each in disputes if each.consumer_id == current_consumer().id)
    return next(own_complaints, None)


def kind_about_bills(own: Connection | ConnectionTile) -> RequestKind | None:
    """Return the first kind offered that is about bills, for the button next to a bill."""
    return next((kind for kind in kinds_offered(own).values() if RequestField.BILL_NO in kind.fields), None)


def _flow(account_no: str) -> FormFlow:
    """Return the pages of a request for a connection of the consumer."""
    own = visible_connection(current_actor(), identifiers.account_no(account_no), clock.now())
    me = current_consumer()
    return FormFlow(
        own,
        me.id,
        me.mobile or own.mobile_on_record,
        kinds_offered(own),
        choice_page="consumer/request_choice.html",
        form_page="consumer/request_form.html",
        check_page="consumer/check.html",
        form_address=partial(url_for, "consumer.request_new", account_no=own.account_no),
        check_address=partial(url_for, "consumer.request_check", account_no=own.account_no),
        registered_address=partial(url_for, "consumer.registered"),
        request_address=partial(url_for, "consumer.timeline"),
    )


def _draft(flow: FormFlow) -> DraftRow | None:
    """Return what the consumer has filled in for the connection and not sent."""
    return current_draft(flow.connection.account_no, current_consumer().id, clock.now())


def _take_documents(saved: SavedDraft) -> list[RefusedDocument]:
    """Store the submitted documents, and remove the one that is to be removed."""
    if "remove" in request.form:
        remove_document(current_actor(), saved.form_token, request.form["remove"], document_storage())
    sent = uploads_sent()
    return add_documents(current_actor(), saved.form_token, sent, document_storage()) if sent else []
