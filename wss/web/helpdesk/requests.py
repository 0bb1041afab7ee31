"""A request on behalf of whoever calls: the consumer's own form, read back in sentences, and the number to read out."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request, url_for

from wss import clock
from wss.domain import identifiers
from wss.domain.calls import CallReason
from wss.domain.catalogue import RequestField, RequestKind
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.rate_limits import LimitResult
from wss.domain.uploads import RefusedDocument
from wss.models import Connection
from wss.queries.bills import bills_by_number, latest_bills
from wss.queries.calls import CallRow, record_of
from wss.queries.consumers import active_consumer, connection_row
from wss.queries.drafts import DraftRow, call_draft
from wss.queries.reference import reference
from wss.queries.timelines import timeline
from wss.services.calls.submission import keep_call_typed, lodge_for_caller, save_call_draft
from wss.services.requests.creation import BillReplaced, BillTaken
from wss.services.requests.form_drafts import DraftIncomplete, FilledForm, FormSnapshot, SavedDraft
from wss.web.access import current_actor
from wss.web.helpdesk.blueprint import helpdesk
from wss.web.helpdesk.calls import ID, over_page, own
from wss.web.helpdesk.read_back import ReadBackScript, answers_said, in_both, number_said, promise_said
from wss.web.pages import redirect_to, render
from wss.web.request_form.choices import without_documents
from wss.web.request_form.form_data import form_token
from wss.web.request_form.form_pages import blank_form, check_page, choice_page, form_sent
from wss.web.request_form.forms import BILL_TYPED, RequestForm
from wss.web.request_form.whom import ForWhom


class ForCaller(ForWhom):
    """The help-desk asks in the consumer's name, for a caller who has proved that they may speak and has agreed."""

    choice_page = "helpdesk/request_choice.html"
    form_page = "helpdesk/request_form.html"
    check_page = "helpdesk/check.html"
    is_self = False

    def __init__(self, call: CallRow, connection: Connection) -> None:
        owner = active_consumer(connection.account_no, clock.now())
        mobile = (owner.mobile if owner else None) or connection.mobile_on_record or call.own_mobile
        super().__init__(connection, owner.id if owner else None, mobile)
        self.call = call

    def kinds(self) -> dict[str, RequestKind]:
        """As the consumer's, but for documents: these follow by a link."""
        return {code: without_documents(kind) for code, kind in super().kinds().items()}

    def begins_at(self, form: RequestForm) -> str:
        """The first field that is left to be filled in: with a bill chosen, what is wrong with it."""
        chosen = RequestField.BILL_NO.value in form and form[RequestField.BILL_NO.value].data
        bills = (RequestField.BILL_NO.value, BILL_TYPED)
        names = [entry.name for entry in form]
        return next((name for name in names if not (chosen and name in bills)), "")

    def call_address(self) -> str:
        """The call."""
        return url_for("helpdesk.call_page", call_id=self.call.id)

    def form_address(self, **wish: str) -> str:
        """The form; `request_type` and `request` say of which kind."""
        return url_for("helpdesk.request_form", call_id=self.call.id, **wish)  # type: ignore[arg-type]

    def check_address(self) -> str:
        """Everything once more, before it is registered."""
        return url_for("helpdesk.request_check", call_id=self.call.id)

    def registered_address(self, complaint_no: str) -> str:
        """The complaint number, once there is one."""
        return url_for("helpdesk.registered", call_id=self.call.id, complaint_no=complaint_no)

    def request_address(self, complaint_no: str) -> str | None:
        """The help-desk sees how a request stands on the call, and has no page of it."""
        return None

    def draft(self) -> DraftRow | None:
        """What this call, or one that broke off, has left."""
        return call_draft(self.connection.account_no, clock.now())

    def keep(self, filled: FilledForm) -> SavedDraft:
        """Keep what is filled in, complete or not."""
        return save_call_draft(current_actor(), self.call.id, filled)

    def keep_typed(self, typing: FormSnapshot) -> LimitResult:
        """Keep what is being filled in, unless what is kept is newer."""
        return keep_call_typed(current_actor(), self.call.id, typing)

    def documents(self, saved: SavedDraft) -> list[RefusedDocument]:
        """None are taken here."""
        return []


@helpdesk.get(f"/helpdesk/calls/<{ID}:call_id>/request")
def request_form(call_id: int) -> Response:
    """The form of what the caller asks for; what is about a bill begins with the newest."""
    whom = _for(call_id)
    if isinstance(whom, Response):
        return whom
    draft, kinds = whom.draft(), whom.kinds()
    kind = kinds.get(request.args.get("request", "")) or _fitting(whom, draft)
    if kind is None:
        return choice_page(whom, draft)
    is_begun = draft is not None and draft.kind == kind.code
    return blank_form(whom, kind, draft, {} if is_begun else _newest_bill(whom, kind))


@helpdesk.post(f"/helpdesk/calls/<{ID}:call_id>/request")
def request_sent(call_id: int) -> Response:
    """Keep what the caller has told; go on to reading it back when all of it is in order."""
    whom = _for(call_id)
    return whom if isinstance(whom, Response) else form_sent(whom)


@helpdesk.get(f"/helpdesk/calls/<{ID}:call_id>/check")
def request_check(call_id: int) -> Response:
    """The sentences to read back."""
    whom = _for(call_id)
    return whom if isinstance(whom, Response) else check_page(whom, said=_read_back(whom))


@helpdesk.post(f"/helpdesk/calls/<{ID}:call_id>/check")
def register(call_id: int) -> Response:
    """Register; however often this is sent, it is one complaint."""
    whom = _for(call_id)
    if isinstance(whom, Response):
        return whom
    try:
        complaint_no = lodge_for_caller(current_actor(), call_id, form_token(), request.form.get("seen"))
    except DraftIncomplete:
        return redirect_to("helpdesk.request_form", call_id=call_id)
    except (BillReplaced, BillTaken, Outdated) as changed:
        return check_page(whom, changed, said=_read_back(whom))
    except Forbidden:
        return redirect_to("helpdesk.call_page", call_id=call_id)
    return redirect_to("helpdesk.registered", call_id=call_id, complaint_no=complaint_no)


@helpdesk.get(f"/helpdesk/calls/<{ID}:call_id>/registered/<complaint_no>")
def registered(call_id: int, complaint_no: str) -> Response:
    """The complaint number, large and in groups, with the words to read it out."""
    call, number = own(call_id), identifiers.complaint_no(complaint_no)
    at = clock.now()
    if call.is_over(at):
        return over_page(call)
    record = record_of(call, at)
    mine = (each for each in (record.requests if record else ()) if each.call_id == call.id)
    row = next((each for each in mine if each.complaint_no == number), None)
    if row is None:
        raise NotFound
    return render(
        "helpdesk/registered.html",
        call=call,
        act=url_for("helpdesk.act", call_id=call.id),
        request_row=row,
        messages=timeline(row.id)[0].messages,
        is_sent=request.args.get("sent") == "1",
        said=in_both(call.language, lambda: number_said(row.complaint_no, row.promised_on)),
    )


def _for(call_id: int) -> ForCaller | Response:
    """For whom is asked; back to the call where the caller has not proved and agreed yet."""
    call = own(call_id)
    if call.is_over(clock.now()):
        return over_page(call, 409 if request.method == "POST" else 200)
    connection = connection_row(call.account_no or "")
    if connection is None or not call.has_consent:
        return redirect_to("helpdesk.call_page", call_id=call.id)
    return ForCaller(call, connection)


def _read_back(whom: ForCaller) -> Sequence[ReadBackScript]:
    """The answers as the sentences that are read out, and what the caller is asked at the end."""
    draft, tables = whom.draft(), reference()
    answers = (draft.fields.get("answers") if draft else None) or {}
    kind = tables.kinds.get(draft.kind) if draft else None
    if kind is None:
        return []
    bills = list(bills_by_number(answers.get(RequestField.BILL_NO.value) or []))
    promised_on = tables.calendar.promised_on(clock.local_date(clock.now()), kind.target_days)

    def said() -> list[str]:
        return [
            *answers_said(kind, answers, bills, tables, whom.connection.account_no),
            *promise_said(promised_on, whom.mobile),
        ]

    return in_both(whom.call.language, said)


def _fitting(whom: ForCaller, draft: DraftRow | None) -> RequestKind | None:
    """The kind to begin with where none was chosen: what was begun, or what the caller calls about."""
    if "request_type" in request.args or "choose" in request.args:
        return None
    kinds = whom.kinds()
    if draft is not None and draft.kind in kinds:
        return kinds[draft.kind]
    if whom.call.call_reason != CallReason.BILL:
        return None
    return next((kind for kind in kinds.values() if RequestField.BILL_NO in kind.fields), None)


def _newest_bill(whom: ForCaller, kind: RequestKind) -> dict[str, list[str]]:
    """Most callers call about their newest bill; it is read back to them before anything is registered."""
    if RequestField.BILL_NO not in kind.fields:
        return {}
    newest = latest_bills(whom.connection.account_no, whom.consumer_id, how_many=1)[:1]
    return {RequestField.BILL_NO.value: [bill.bill_no for bill in newest if not bill.is_disputed]}
