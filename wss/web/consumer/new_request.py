"""Asking for a service: choose the kind, fill in its form, check, register."""

from __future__ import annotations

from flask import Response, request, url_for

from wss import clock
from wss.domain import identifiers
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.errors import Outdated
from wss.domain.rate_limits import LimitResult
from wss.domain.uploads import RefusedDocument
from wss.models import Connection
from wss.queries.bills import open_disputes, replaced_bills
from wss.queries.connections import visible_connection
from wss.queries.documents import document_of_draft
from wss.queries.drafts import DraftRow, current_draft
from wss.queries.reference import reference
from wss.queries.service_requests import visible_request
from wss.queries.timelines import timeline
from wss.services.requests.creation import BillReplaced, BillTaken
from wss.services.requests.draft_documents import add_documents, remove_document
from wss.services.requests.form_drafts import DraftIncomplete, FilledForm, FormSnapshot, SavedDraft
from wss.services.requests.submission import keep_typed, lodge_request, save_draft
from wss.web.access import current_actor, current_consumer
from wss.web.consumer.blueprint import consumer, shelf
from wss.web.downloads import as_picture
from wss.web.pages import redirect_to, render
from wss.web.request_form.choices import kinds_offered
from wss.web.request_form.form_data import form_token, uploads_sent
from wss.web.request_form.form_pages import blank_form, check_page, choice_page, form_sent
from wss.web.request_form.whom import ForWhom


class ForConsumer(ForWhom):
    """The consumer asks for a connection of their own."""

    choice_page = "consumer/request_choice.html"
    form_page = "consumer/request_form.html"
    check_page = "consumer/check.html"
    is_self = True

    def __init__(self, connection: Connection) -> None:
        me = current_consumer()
        super().__init__(connection, me.id, me.mobile or connection.mobile_on_record)

    def form_address(self, **wish: str) -> str:
        """The form; `request_type` and `request` say of which kind."""
        return url_for("consumer.request_new", account_no=self.connection.account_no, **wish)  # type: ignore[arg-type]

    def check_address(self) -> str:
        """Everything once more, before it is registered."""
        return url_for("consumer.request_check", account_no=self.connection.account_no)

    def registered_address(self, complaint_no: str) -> str:
        """The complaint number, once there is one."""
        return url_for("consumer.registered", complaint_no=complaint_no)

    def request_address(self, complaint_no: str) -> str | None:
        """The timeline of a request."""
        return url_for("consumer.timeline", complaint_no=complaint_no)

    def draft(self) -> DraftRow | None:
        """What has been filled in and not sent."""
        return current_draft(self.connection.account_no, current_consumer().id, clock.now())

    def keep(self, filled: FilledForm) -> SavedDraft:
        """Keep what is filled in, complete or not."""
        return save_draft(current_actor(), self.connection.account_no, filled)

    def keep_typed(self, typing: FormSnapshot) -> LimitResult:
        """Keep what is being filled in, unless what is kept is newer."""
        return keep_typed(current_actor(), self.connection.account_no, typing)

    def documents(self, saved: SavedDraft) -> list[RefusedDocument]:
        """Take the documents that were sent along, and take out what is to be removed."""
        if "remove" in request.form:
            remove_document(current_actor(), saved.form_token, request.form["remove"], shelf())
        sent = uploads_sent()
        return add_documents(current_actor(), saved.form_token, sent, shelf()) if sent else []


@consumer.get("/account/<account_no>/requests/new")
def request_new(account_no: str) -> Response:
    """Choose what to ask for; once chosen, the form of that kind, with what a draft holds."""
    whom, bill_no = _own(account_no), request.args.get("bill_no")
    kind = whom.kinds().get(request.args.get("request", ""))
    draft = whom.draft()
    if kind is None:
        return choice_page(whom, draft)
    already = _open_dispute_of(bill_no)
    if already:
        return redirect_to("consumer.timeline", complaint_no=already, done="already")
    bills = [replaced_bills([bill_no]).get(bill_no, bill_no)] if bill_no else []
    return blank_form(whom, kind, draft, {RequestField.BILL_NO.value: bills} if bills else {})


@consumer.post("/account/<account_no>/requests/new")
def request_sent(account_no: str) -> Response:
    """Keep what was filled in; go on to the check when all of it is in order."""
    return form_sent(_own(account_no))


@consumer.get("/account/<account_no>/requests/new/documents/<document_id>/page/<int:page>")
def draft_document_page(account_no: str, document_id: str, page: int) -> Response:
    """A page of a document that waits with the form, as a picture."""
    draft = _own(account_no).draft()
    found = document_of_draft(draft.id, document_id) if draft else None
    return as_picture(shelf(), found, page)


@consumer.get("/account/<account_no>/requests/check")
def request_check(account_no: str) -> Response:
    """Everything once more, before it is registered."""
    return check_page(_own(account_no))


@consumer.post("/account/<account_no>/requests/check")
def request_register(account_no: str) -> Response:
    """Register; however often this is sent, it is one complaint."""
    # The draft knows its connection; asking for it here would cost more than the answer is worth.
    try:
        complaint_no = lodge_request(current_actor(), form_token(), request.form.get("seen"))
    except DraftIncomplete:
        return redirect_to("consumer.request_new", account_no=_own(account_no).connection.account_no)
    except (BillReplaced, BillTaken, Outdated) as changed:
        return check_page(_own(account_no), changed)
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


def kind_about_bills(own: Connection) -> RequestKind | None:
    """The first kind offered that is about bills, for the button beside a bill."""
    return next((kind for kind in kinds_offered(own).values() if RequestField.BILL_NO in kind.fields), None)


def _own(account_no: str) -> ForConsumer:
    return ForConsumer(visible_connection(current_actor(), identifiers.account_no(account_no), clock.now()))
