"""The officers' page of a request: its facts, its Keys/Values, its documents, its timeline; each tab is a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import Response, request
from flask_babel import gettext as _

from wss import clock
from wss.domain import identifiers
from wss.domain.actor import Role
from wss.domain.catalogue import kept_as
from wss.domain.lifecycle import APPROVERS, OPEN, Action, Status
from wss.domain.outcome import RequestOutcome
from wss.domain.todo_filter import TodoFilter
from wss.queries import timelines
from wss.queries.call_requests import reminders_of
from wss.queries.consumers import connection_row
from wss.queries.documents import count_of_request, document_of_request, documents_of_request
from wss.queries.effective_bills import effective_bills
from wss.queries.officers import follow_up_of, names_of, who_did
from wss.queries.reference import Reference, reference
from wss.queries.service_requests import RequestRow
from wss.queries.timelines import EventLine
from wss.queries.todo import PAGE, todo_page
from wss.services.requests.officer_checks import is_held_above
from wss.services.requests.officer_views import revealed_mobile, view_request
from wss.services.requests.outcomes import outcome_of
from wss.web.access import current_actor
from wss.web.action_form import ActionForm
from wss.web.downloads import as_document, as_picture
from wss.web.labels.answers import answer_lines
from wss.web.labels.bill_estimates import office_estimate
from wss.web.labels.officer import DONE, approved_words
from wss.web.labels.requests import localized_name, office_status
from wss.web.labels.self_check import reading_field, self_check_sentences
from wss.web.labels.staff import post_name
from wss.web.officer.blueprint import document_storage, officer
from wss.web.officer.disputed_bills import disputed_context
from wss.web.officer.last_words import last_words_context
from wss.web.officer.list_links import back_to
from wss.web.officer.next_request import next_after
from wss.web.officer.owed_sums import owed_lines
from wss.web.officer.request_steps import last_proposal, steps_context
from wss.web.pages import render

_FOLLOWS = "follows "
# Other requests of the connection that are listed at once, unless more are open.
_LINKED = 10


class OfficerActionForm(ActionForm):
    """An officer's action on a request."""

    field_lengths: ClassVar = {
        "remark": None,
        "assignee": None,
        "office": None,
        "resolution": None,
        "canned": 40,
    }


@officer.get("/todo/<complaint_no>")
def request_page(complaint_no: str) -> Response:
    """Show a request with everything needed to decide it, and the actions that can be taken."""
    return details_page(request_seen(complaint_no))


@officer.get("/todo/<complaint_no>/keys")
def keys(complaint_no: str) -> Response:
    """Show Keys/Values, under the names of the billing system: Account ID and Case ID."""
    seen = request_seen(complaint_no)
    return render("officer/keys.html", **request_context(seen))


@officer.get("/todo/<complaint_no>/documents")
def documents(complaint_no: str) -> Response:
    """Show the documents sent with the request and after it."""
    seen = request_seen(complaint_no)
    return render("officer/documents.html", documents=documents_of_request(seen.id), **request_context(seen))


@officer.get("/todo/<complaint_no>/documents/<document_id>")
def document(complaint_no: str, document_id: str) -> Response:
    """Send one of the documents as a download; browsers must not open it."""
    seen = request_seen(complaint_no)
    return as_document(document_storage(), document_of_request(seen.id, document_id))


@officer.get("/todo/<complaint_no>/documents/<document_id>/page/<int:page>")
def document_page(complaint_no: str, document_id: str, page: int) -> Response:
    """Send a page of a document as an image."""
    seen = request_seen(complaint_no)
    return as_picture(document_storage(), document_of_request(seen.id, document_id), page)


@officer.get("/todo/<complaint_no>/timeline")
def timeline(complaint_no: str) -> Response:
    """Show what has happened, with the remarks between officers and their names."""
    seen = request_seen(complaint_no)
    events, did = timelines.timeline(seen.id), who_did(seen.id)
    decided = timelines.decisions_of(events)
    named = set(did.values()) | {each.details["assignee"] for each in events if "assignee" in each.details}
    return render(
        "officer/timeline.html",
        events=list(reversed(events)),
        decided=decided,
        last_decision=max(decided, default=None),
        outcome=_outcome(seen),
        did=did,
        names=names_of(named),
        document_of={each.id: each for each in documents_of_request(seen.id)},
        **request_context(seen),
    )


def request_seen(complaint_no: str) -> RequestRow:
    """Return a request of the reader's offices, and record that it was opened."""
    return view_request(current_actor(), identifiers.complaint_no(complaint_no))


def details_page(seen: RequestRow, form: OfficerActionForm | None = None, status: int = 200) -> Response:
    """Show a request, and the errors of the action that was just sent."""
    events = timelines.timeline(seen.id)
    form, actor, context = form or _begun(seen, events), current_actor(), request_context(seen)
    tables: Reference = context["tables"]
    connection = connection_row(seen.account_no)
    bills, kind = list(timelines.disputed_bills(seen.id)), tables.kinds.get(seen.kind)
    effective = effective_bills(seen.account_no, [bill.bill_no for bill in bills])
    whom = timelines.recipient_of(seen.consumer_id, seen.account_no, seen.contact_mobile)
    reading = seen.fields.get(kept_as(reading_field(connection))) if connection else None
    linked, linked_number = _linked(seen, actor.office_code, tables)
    return render(
        "officer/request.html",
        status=status,
        **context,
        connection=connection,
        bills=bills,
        outcome=_outcome(seen),
        effective=effective,
        answers=answer_lines(kind, seen.fields, bills, tables) if kind else [],
        self_check=[
            *self_check_sentences(
                connection, effective, reading, for_office=True, on=clock.local_date(seen.registered_at)
            ),
            *office_estimate(seen.estimate),
        ]
        if connection
        else [],
        owed=owed_lines(seen, tables),
        **disputed_context(seen, tables),
        mobile=whom.reached_by,
        revealed=revealed_mobile(actor, seen),
        documents=documents_of_request(seen.id),
        linked=linked,
        linked_number=linked_number,
        form=form,
        **last_words_context(seen, events),
        **steps_context(seen, tables, events),
    )


def _outcome(seen: RequestRow) -> RequestOutcome | None:
    """Return what was decided, while the decision holds."""
    return outcome_of(seen.id, seen.resolution) if seen.status in (Status.RESOLVED, Status.CLOSED) else None


def _begun(seen: RequestRow, events: Sequence[EventLine]) -> OfficerActionForm:
    """Return an empty form; after the reader has withdrawn a proposal, what it said."""
    is_withdrawn = request.method == "GET" and request.args.get("done") == Action.WITHDRAW_PROPOSAL
    if not is_withdrawn or seen.status != Status.IN_REVIEW or seen.assignee_id != current_actor().id:
        return OfficerActionForm()
    last = last_proposal(events)
    typed = {"remark": last.remark, "resolution": last.details.get("resolution", "")} if last else {}
    return OfficerActionForm(Action.PROPOSE, typed=typed)


def _linked(seen: RequestRow, office_code: str, tables: Reference) -> tuple[list[tuple[str, str]], int]:
    """Return other complaints of the same matter or the same account, with their relation or kind and status.

    Open ones come first, closed ones are cut; the second value is how many there are, up to a page of the list.
    """
    found: dict[str, str] = {}
    if seen.form_token.startswith(_FOLLOWS):
        found[seen.form_token.removeprefix(_FOLLOWS)] = _(
            "this was registered because its decision was not accepted"
        )
    follower = follow_up_of(seen.complaint_no)
    if follower:
        found[follower] = _("registered because this decision was not accepted")
    today = clock.local_date(clock.now())
    lines = todo_page(TodoFilter(office_code, account_no=seen.account_no), today)[:PAGE]
    others = [line for line in lines if line.complaint_no != seen.complaint_no]
    for line in sorted(others, key=lambda line: (line.status not in OPEN, line.promised_on)):
        kind = tables.kinds.get(line.kind)
        about = f"{localized_name(kind) if kind else line.kind}, {office_status(line.status)}"
        relation = found.get(line.complaint_no)
        found[line.complaint_no] = f"{relation}: {about}" if relation else about
    is_open = [line.status in OPEN for line in others].count(True)
    return list(found.items())[: max(is_open + 2, _LINKED)], len(found)


def _done(seen: RequestRow, tables: Reference) -> dict[str, Any]:
    """Return what the reader has just done, and where to continue unless they have only taken the request up."""
    done = request.args.get("done", "") if request.method == "GET" else ""
    if done not in DONE:
        return {"done": ""}
    is_begun = done == Action.TAKE_UP
    return {"done": _done_words(done, seen), "next_request": None if is_begun else next_after(seen, tables)}


def _done_words(done: str, seen: RequestRow) -> object:
    """Return what the reader has just done; for a proposal also the post that it was sent to, if one holds it."""
    if done == Action.PROPOSE and seen.status == Status.PROPOSED and seen.holder_role in APPROVERS:
        return _("The proposal was sent to the %(post)s.", post=post_name(seen.holder_role))
    if done == Action.APPROVE and seen.status == Status.RESOLVED:
        return approved_words(seen.resolution)
    return DONE[Action(done)]


def request_context(seen: RequestRow) -> dict[str, Any]:
    """Return what every tab shows: the request's head, its tabs, and the link back to the list."""
    tables = reference(seen.reference_version)
    tabs = [
        ("officer.request_page", _("Request")),
        ("officer.keys", _("Keys/Values")),
        ("officer.documents", _documents_tab(count_of_request(seen.id))),
        ("officer.timeline", _("Timeline")),
    ]
    if "bill_no" in seen.fields:
        tabs.append(("officer.revision", _("Bill revision")))
    return {
        "seen": seen,
        "kind": tables.kinds.get(seen.kind),
        "tables": tables,
        "tabs": tabs,
        "today": clock.local_date(clock.now()),
        "is_open": seen.status in OPEN,
        "is_held_above": is_held_above(current_actor(), seen.holder_role),
        "is_clerk": current_actor().role is Role.BILLING_CLERK,
        "list_address": back_to(seen.complaint_no),
        "reminders": reminders_of([seen.id]).get(seen.id),
        **_done(seen, tables),
    }


def _documents_tab(number: int) -> str:
    return _("Documents (%(number)s)", number=number) if number else _("Documents")
