"""The page of a request for officers: its facts, its Keys/Values, its documents, its timeline; each tab a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Response, current_app, request
from flask_babel import LazyString
from flask_babel import gettext as _

from wss import clock
from wss.domain import identifiers
from wss.domain.actor import Role
from wss.domain.answers import kept_as
from wss.domain.lifecycle import ANSWER_DAYS, OPEN, Action, Resolution, Status, actions_for
from wss.domain.todo_filter import TodoFilter
from wss.models import Bill
from wss.queries import timelines
from wss.queries.call_requests import reminders_of
from wss.queries.consumers import connection_row
from wss.queries.documents import count_of_request, document_of_request, documents_of_request
from wss.queries.effective_bills import standing_bills
from wss.queries.officers import colleagues_for, follower_of, names_of, who_did
from wss.queries.reference import Reference, reference
from wss.queries.service_requests import RequestRow
from wss.queries.timelines import EventLine
from wss.queries.todo import todo_page
from wss.services.requests.forwarding import offices_to_forward_to
from wss.services.requests.officer_checks import hindrance_of, is_handed_out
from wss.services.requests.officer_views import look_at_request, revealed_mobile
from wss.web.access import current_actor
from wss.web.downloads import as_document, as_picture
from wss.web.labels.answers import answer_lines
from wss.web.labels.officer import BARRED, DONE
from wss.web.labels.self_check import reading_field, sights
from wss.web.officer.blueprint import officer, shelf
from wss.web.officer.last_words import about_last_words
from wss.web.officer.list_links import back_to
from wss.web.officer.next_request import onward_from
from wss.web.pages import render

_FOLLOWS = "follows "
# What is done most often stands first; what hands the request on, last.
_IN_ORDER = [
    Action.TAKE_UP,
    Action.APPROVE,
    Action.PROPOSE,
    Action.ASK,
    Action.SEND_BACK,
    *(each for each in Action if each not in (Action.ASSIGN, Action.FORWARD)),
    Action.ASSIGN,
    Action.FORWARD,
]


@dataclass(frozen=True)
class OfficerActionForm:
    """A step as it was sent, and what is told about it: errors by field, what others did meanwhile, what bars it."""

    action: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    is_late: bool = False
    meanwhile: tuple[EventLine, ...] = ()
    barred: LazyString | str = ""

    def value(self, action: str, name: str) -> str:
        """What stands in a field of an action's form."""
        return self.typed.get(name, "") if action == self.action else ""

    def error(self, action: str, name: str) -> str:
        """What is wrong with it."""
        return self.errors.get(name, "") if action == self.action else ""

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every error with the id of its field."""
        return [(f"{self.action}-{name}" if name else "", words) for name, words in self.errors.items()]


@officer.get("/todo/<complaint_no>")
def request_page(complaint_no: str) -> Response:
    """The request with everything needed to decide it, and the steps that can be taken."""
    return details_page(request_seen(complaint_no))


@officer.get("/todo/<complaint_no>/keys")
def keys(complaint_no: str) -> Response:
    """Keys/Values, under the names of the billing system: Account ID and Case ID."""
    seen = request_seen(complaint_no)
    return render("officer/keys.html", **frame_of(seen))


@officer.get("/todo/<complaint_no>/documents")
def documents(complaint_no: str) -> Response:
    """What was sent along with the request and after it."""
    seen = request_seen(complaint_no)
    return render("officer/documents.html", documents=documents_of_request(seen.id), **frame_of(seen))


@officer.get("/todo/<complaint_no>/documents/<document_id>")
def document(complaint_no: str, document_id: str) -> Response:
    """One of them, to be kept; never to be run by the browser."""
    seen = request_seen(complaint_no)
    return as_document(shelf(), document_of_request(seen.id, document_id))


@officer.get("/todo/<complaint_no>/documents/<document_id>/page/<int:page>")
def document_page(complaint_no: str, document_id: str, page: int) -> Response:
    """A page of one of them as a picture."""
    seen = request_seen(complaint_no)
    return as_picture(shelf(), document_of_request(seen.id, document_id), page)


@officer.get("/todo/<complaint_no>/timeline")
def timeline(complaint_no: str) -> Response:
    """What has happened, with what is between officers, and who of them did it."""
    seen = request_seen(complaint_no)
    events, did = timelines.timeline(seen.id), who_did(seen.id)
    named = set(did.values()) | {each.details["assignee"] for each in events if "assignee" in each.details}
    return render(
        "officer/timeline.html",
        events=list(reversed(events)),
        did=did,
        names=names_of(named),
        document_of={each.id: each for each in documents_of_request(seen.id)},
        **frame_of(seen),
    )


def request_seen(complaint_no: str) -> RequestRow:
    """A request of the reader's offices; that it is opened is written down."""
    return look_at_request(current_actor(), identifiers.complaint_no(complaint_no))


def details_page(seen: RequestRow, said: OfficerActionForm | None = None, status: int = 200) -> Response:
    """The request as it stands, and what is told about the step that was just sent."""
    events = timelines.timeline(seen.id)
    said, actor, frame = said or _begun(seen, events), current_actor(), frame_of(seen)
    tables: Reference = frame["tables"]
    connection = connection_row(seen.account_no)
    bills, kind = list(timelines.disputed_bills(seen.id)), tables.kinds.get(seen.kind)
    standing = standing_bills(seen.account_no, [bill.bill_no for bill in bills])
    whom = timelines.told_about(seen.consumer_id, seen.account_no, seen.contact_mobile)
    reading = seen.fields.get(kept_as(reading_field(connection))) if connection else None
    return render(
        "officer/request.html",
        status=status,
        **frame,
        connection=connection,
        bills=bills,
        standing=standing,
        answers=answer_lines(kind, seen.fields, bills, tables) if kind else [],
        sights=sights(connection, standing, reading) if connection else [],
        mobile=whom.reached_by,
        revealed=revealed_mobile(actor, seen),
        documents=documents_of_request(seen.id),
        linked=_linked(seen, actor.office_code),
        said=said,
        **about_last_words(seen, events),
        **_steps(seen, tables, events),
    )


def _begun(seen: RequestRow, events: Sequence[EventLine]) -> OfficerActionForm:
    """An empty form; after one's own proposal was withdrawn, what stood in it."""
    is_withdrawn = request.method == "GET" and request.args.get("done") == Action.WITHDRAW_PROPOSAL
    if not is_withdrawn or seen.status != Status.IN_REVIEW or seen.assignee_id != current_actor().id:
        return OfficerActionForm()
    last = _last_proposal(events)
    typed = {"remark": last.remark, "resolution": last.details.get("resolution", "")} if last else {}
    return OfficerActionForm(Action.PROPOSE, typed)


def _steps(seen: RequestRow, tables: Reference, events: Sequence[EventLine]) -> dict[str, Any]:
    """The steps whose forms are shown, what they need to choose from, and why there are none or fewer."""
    actor = current_actor()
    steps, barred = actions_for(Status(seen.status), actor.role), []
    hindrance = "frozen" if seen.frozen else hindrance_of(actor, seen)
    if hindrance:
        steps, barred = [], [BARRED[hindrance]] if steps else []
    if seen.proposed_by == actor.id and steps and seen.status == Status.PROPOSED:
        steps, barred = [Action.WITHDRAW_PROPOSAL], [BARRED["own_proposal"]]
    else:
        steps = [step for step in steps if step is not Action.WITHDRAW_PROPOSAL]
    if {Action.TAKE_UP, Action.ASSIGN} & set(steps) and is_handed_out(actor):
        steps = [step for step in steps if step not in (Action.TAKE_UP, Action.ASSIGN)]
        barred = barred if steps else [BARRED["pooled"]]
    today = clock.local_date(clock.now())
    question, asked_by = _question(seen, events)
    return {
        "steps": [step.value for step in sorted(steps, key=_IN_ORDER.index)],
        "barred": barred,
        "colleagues": colleagues_for(actor.office_code, seen.office_code, today)
        if Action.ASSIGN in steps
        else [],
        "offices": offices_offered(seen, tables) if Action.FORWARD in steps else [],
        "resolutions": resolutions_of(timelines.disputed_bills(seen.id)),
        "people": names_of({each for each in (seen.assignee_id, seen.proposed_by, asked_by) if each}),
        "proposal": _proposal(seen, events),
        "question": question,
        "asked_by": asked_by,
        "answer_by": seen.status_since + timedelta(days=ANSWER_DAYS),
    }


def resolutions_of(bills: Sequence[Bill]) -> list[Resolution]:
    """What is proposed on the request's page. A bill is revised on a page of its own, with its figures; where no bill
    is disputed, there the same resolution says that it is done as asked."""
    return [each for each in Resolution if each is not Resolution.REVISED or not bills]


def offices_of_discom(seen: RequestRow, tables: Reference) -> list[Any]:
    """Every other office of a request's discom, by name."""
    discom = tables.offices[seen.office_code].path.partition("/")[0]
    here = (each for each in tables.offices.values() if each.path.partition("/")[0] == discom)
    return sorted((each for each in here if each.code != seen.office_code), key=lambda each: each.name)


def offices_offered(seen: RequestRow, tables: Reference) -> list[Any]:
    """Those of them that can handle it: only these are offered."""
    able = {each.code for each in offices_to_forward_to(seen, tables)}
    return [each for each in offices_of_discom(seen, tables) if each.code in able]


def _question(seen: RequestRow, events: Sequence[EventLine]) -> tuple[EventLine | None, str | None]:
    """Return the line of the timeline with the open question, if there is one, and the employee who asked it."""
    asked = [each for each in events if each.action == Action.ASK]
    if seen.status != Status.INFO_REQUESTED or not asked:
        return None, None
    return asked[-1], who_did(seen.id).get(asked[-1].number)


def _proposal(seen: RequestRow, events: Sequence[EventLine]) -> EventLine | None:
    """The line of the timeline in which the decision was proposed that waits to be approved."""
    return _last_proposal(events) if seen.status == Status.PROPOSED else None


def _last_proposal(events: Sequence[EventLine]) -> EventLine | None:
    return next((each for each in reversed(events) if each.action == Action.PROPOSE), None)


def _linked(seen: RequestRow, office_code: str) -> list[tuple[str, str]]:
    """Other complaints of the same matter or the same account, with the words for what they are."""
    found: dict[str, str] = {}
    if seen.form_token.startswith(_FOLLOWS):
        found[seen.form_token.removeprefix(_FOLLOWS)] = _("this one follows it")
    follower = follower_of(seen.complaint_no)
    if follower:
        found[follower] = _("follows this one")
    today = clock.local_date(clock.now())
    for line in todo_page(TodoFilter(office_code, account_no=seen.account_no), today)[:10]:
        if line.complaint_no != seen.complaint_no:
            found.setdefault(line.complaint_no, _("of the same account"))
    return list(found.items())


def _done(seen: RequestRow, tables: Reference) -> dict[str, Any]:
    """What the reader has just done, and what they can go on with unless they have only begun."""
    done = request.args.get("done", "") if request.method == "GET" else ""
    if done not in DONE:
        return {"done": ""}
    is_begun = done == Action.TAKE_UP
    return {"done": DONE[Action(done)], "onward": None if is_begun else onward_from(seen, tables)}


def frame_of(seen: RequestRow) -> dict[str, Any]:
    """What every tab shows: the request's head, its tabs, and the way back to the list."""
    tables = reference(seen.reference_version)
    tabs = [
        ("officer.request_page", _("Details")),
        ("officer.keys", _("Keys/Values")),
        ("officer.documents", _documents_tab(count_of_request(seen.id))),
        ("officer.timeline", _("Timeline")),
    ]
    if "officer.revision" in current_app.view_functions and "bill_no" in seen.fields:
        tabs.append(("officer.revision", _("Bill revision")))
    return {
        "seen": seen,
        "kind": tables.kinds.get(seen.kind),
        "tables": tables,
        "tabs": tabs,
        "today": clock.local_date(clock.now()),
        "is_open": seen.status in OPEN,
        "is_clerk": current_actor().role is Role.BILLING_CLERK,
        "list_address": back_to(seen.complaint_no),
        "reminders": reminders_of([seen.id]).get(seen.id),
        **_done(seen, tables),
    }


def _documents_tab(number: int) -> str:
    return _("Documents (%(number)s)", number=number) if number else _("Documents")
