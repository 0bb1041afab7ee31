"""The consumer's pages of a request: its timeline, its documents, its slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, request

from wss import clock
from wss.domain import identifiers
from wss.domain.bill_lines import ComparedLine, compare_bills
from wss.domain.catalogue import RequestKind
from wss.domain.deadlines import RATINGS, is_petition_due, offered_actions
from wss.domain.lateness import is_late
from wss.domain.lifecycle import (
    ANSWER_DAYS,
    CONFIRM_DAYS,
    OPEN,
    REOPEN_WITHIN,
    REOPENINGS_AT_MOST,
    Closing,
    Status,
    visible_to_consumer,
)
from wss.domain.outcome import RequestOutcome
from wss.gateways import pdf
from wss.models import Bill
from wss.queries import timelines
from wss.queries.bills import replacements_of
from wss.queries.documents import document_of_request, documents_of_request
from wss.queries.drafts import saved_remark
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow, complaint_of_form, deadlines_of, visible_request
from wss.services.requests.outcomes import answer_until, outcome_of
from wss.web.access import current_actor, current_consumer
from wss.web.consumer.action_forms import ConsumerActionForm, done_words
from wss.web.consumer.blueprint import TEMPLATE_LABELS, consumer, document_storage
from wss.web.consumer.call_backs import call_back_offer
from wss.web.consumer.owed_sums import owed_context
from wss.web.consumer.pdf_documents import slip_text
from wss.web.consumer.sharing import share_link
from wss.web.consumer.timeline_cache import cached_fragment
from wss.web.downloads import as_document, as_picture
from wss.web.labels.answers import answer_lines
from wss.web.labels.bill_estimates import kept_estimate
from wss.web.labels.calculations import computations
from wss.web.labels.guidance import payment_rule_of
from wss.web.labels.outcomes import deadline_sentence
from wss.web.labels.requests import rating_name
from wss.web.language import page_language
from wss.web.pages import render, wants_fragment
from wss.web.pdf_downloads import pdf_response

_STOP_ASKING = 286


@dataclass(frozen=True, slots=True)
class TimelineFragments:
    """The cached parts of the page, and which actions have happened."""

    parts: Any
    done: frozenset[str]


@consumer.get("/requests/<complaint_no>")
def timeline(complaint_no: str) -> Response:
    """Show the timeline; an open page asks again with the version it shows (`v`)."""
    own = own_request(complaint_no)
    status = 200
    if wants_fragment() and "v" in request.args:
        if own.status not in OPEN:
            status = _STOP_ASKING
        elif request.args["v"] == str(own.news):
            return current_app.response_class(status=204)
    if "kept" in request.args:
        kept = saved_remark(own.complaint_no, current_consumer().id, clock.now())
        return request_page(own, _of_kept(kept), status, is_kept=kept is not None)
    return request_page(
        own,
        ConsumerActionForm(
            done=done_words(request.args.get("done", ""), own.status, own.holder_role, kind_of(own))
        ),
        status,
    )


def request_page(
    own: RequestRow, form: ConsumerActionForm, status: int = 200, *, is_kept: bool = False
) -> Response:
    """Show a request, the actions that its consumer can take, and the result of the one just sent.

    `has_draft_handler`: the form holds what was typed before the session expired.
    """
    shown = _current_fragments(own)
    deadlines, at = deadlines_of(own), clock.now()
    outcome = outcome_of(own.id, own.resolution) if own.status == Status.RESOLVED else None
    steps = offered_actions(deadlines, shown.done, at)
    return render(
        "consumer/request.html",
        "consumer/_request_now.html",
        status=status,
        complaint_no=own.complaint_no,
        request_row=own,
        kind=kind_of(own),
        is_open=own.status in OPEN,
        shown=shown.parts,
        steps=steps,
        form=form,
        is_kept=is_kept,
        ratings=[(str(number), str(rating_name(number))) for number in reversed(RATINGS)],
        until=_until(own),
        outcome=outcome,
        silence=_confirmation_deadline(own, outcome),
        is_last_refusal=own.reopened_times >= REOPENINGS_AT_MOST,
        is_petition_due=is_petition_due(deadlines, clock.local_date(at)),
        following=_following(own),
        share_link=share_link(own),
        call_back=call_back_offer(),
        **owed_context(own),
    )


@consumer.get("/requests/<complaint_no>/documents/<document_id>")
def document(complaint_no: str, document_id: str) -> Response:
    """Send a document of the request as a download; browsers must not open it."""
    own = own_request(complaint_no)
    return as_document(document_storage(), document_of_request(own.id, document_id))


@consumer.get("/requests/<complaint_no>/documents/<document_id>/page/<int:page>")
def document_page(complaint_no: str, document_id: str, page: int) -> Response:
    """Send a page of a document as an image."""
    own = own_request(complaint_no)
    return as_picture(document_storage(), document_of_request(own.id, document_id), page)


@consumer.get("/requests/<complaint_no>/slip.pdf")
def slip(complaint_no: str) -> Response:
    """Send the slip as PDF: number, promised day and answers."""
    own = own_request(complaint_no)
    address = f"{current_app.extensions['wss'].config.public_url}/requests/{own.complaint_no}"
    words = slip_text(own, list(timelines.disputed_bills(own.id)), reference(), address)
    return pdf_response(f"complaint-{own.complaint_no}", pdf.slip, words)


def own_request(complaint_no: str) -> RequestRow:
    """Return the consumer's request with this number."""
    return visible_request(current_actor(), identifiers.complaint_no(complaint_no), clock.now())


def kind_of(own: RequestRow) -> RequestKind | None:
    """Return the kind of a request."""
    return reference(own.reference_version).kinds.get(own.kind)


def _of_kept(kept: tuple[str, str] | None) -> ConsumerActionForm:
    """Return the form with the action and the remark that were saved when the session expired."""
    action, remark = kept or ("", "")
    return ConsumerActionForm(action, typed={"remark": remark})


def _current_fragments(own: RequestRow) -> TimelineFragments:
    """Return the parts of the page, rendered once for each version of the request, day and language."""
    key = (own.form_token, own.news, page_language(), clock.local_date(clock.now()), own.reference_version)
    shown: TimelineFragments = cached_fragment(key, lambda: _render_fragments(own))
    return shown


def _render_fragments(own: RequestRow) -> TimelineFragments:
    """Render the parts as a Jinja module; their template has escaped the text."""
    template, context = current_app.jinja_env.get_template("consumer/_request.html"), _context(own)
    done = frozenset(event.action for event in context["events"])
    return TimelineFragments(template.make_module(TEMPLATE_LABELS | context), done)


def _until(own: RequestRow) -> datetime | None:
    """Return until when the consumer can reply, or a closed request can be reopened."""
    within = REOPEN_WITHIN.get(Closing(own.closing)) if own.closing and own.status not in OPEN else None
    return own.status_since + within if within else _your_turn_until(own)


def _confirmation_deadline(own: RequestRow, outcome: RequestOutcome | None) -> str:
    """Return until when the consumer can confirm a resolution, and what happens without a reply."""
    if own.status != Status.RESOLVED:
        return ""
    by_default = current_app.extensions["wss"].config.close_on_silence
    return deadline_sentence(
        answer_until(own.status_since),
        outcome,
        closes=reference(own.reference_version).silence_closes(own.office_code, by_default=by_default),
        reopened_times=own.reopened_times,
    )


def _following(own: RequestRow) -> str | None:
    """Return the complaint that continues this one after a third refusal closed it."""
    if own.closing != Closing.DISPUTED or own.consumer_id is None:
        return None
    return complaint_of_form(f"follows {own.complaint_no}", own.consumer_id)


def _context(own: RequestRow) -> dict[str, Any]:
    tables, bills = reference(own.reference_version), list(timelines.disputed_bills(own.id))
    documents = documents_of_request(own.id)
    kind, events = tables.kinds.get(own.kind), timelines.timeline(own.id)
    pairs = _pairs(own, bills)
    decided = timelines.decisions_of(events)
    is_visible = visible_to_consumer([event.action for event in events])
    return {
        "request_row": own,
        "kind": kind,
        "bills": bills,
        "pairs": pairs,
        "computations": computations([after.bill_no for _, after, _ in pairs]),
        "estimate": kept_estimate(own.estimate),
        "answers": answer_lines(kind, own.fields, bills, tables) if kind else [],
        "events": list(reversed(events)),
        "visible_events": {
            event.number for event, visible in zip(events, is_visible, strict=True) if visible
        },
        "decided": decided,
        "last_decision": max(decided, default=None),
        "documents": documents,
        "document_of": {each.id: each for each in documents},
        "offices": tables.offices,
        "office": tables.offices.get(own.holder_office_code),
        "is_open": own.status in OPEN,
        "days_late": _days_late(own),
        "payment_rule": None
        if own.status not in OPEN or own.status == Status.RESOLVED
        else payment_rule_of(tables, kind, own.office_code, own.account_no, [bill.bill_no for bill in bills]),
        "your_turn_until": _your_turn_until(own),
    }


def _pairs(own: RequestRow, bills: list[Bill]) -> list[tuple[Bill, Bill, list[ComparedLine]]]:
    """Return the disputed bills that have been revised, each with the bill now in force."""
    if own.status not in (Status.RESOLVED, Status.CLOSED) and not own.reopened_times:
        return []
    return [(before, after, compare_bills(before, after)) for before, after in replacements_of(bills)]


def _days_late(own: RequestRow) -> int:
    today = clock.local_date(clock.now())
    late = is_late(Status(own.status), own.promised_on, own.status_since, today)
    return (today - own.promised_on).days if late else 0


def _your_turn_until(own: RequestRow) -> Any:
    """Return until when the consumer can reply, if a reply is needed."""
    days = {Status.INFO_REQUESTED: ANSWER_DAYS, Status.RESOLVED: CONFIRM_DAYS}.get(Status(own.status))
    return own.status_since + timedelta(days=days) if days else None
