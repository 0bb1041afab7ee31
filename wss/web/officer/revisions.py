"""Bill revision of a complaint: the bill as issued and as revised; one officer proposes, another approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for
from flask_babel import lazy_gettext as _l

from wss.domain.errors import Forbidden, NotFound, Outdated, RuleBroken
from wss.domain.extracts.billing import BillBasis
from wss.domain.lifecycle import OFFICERS, UNASSIGNED, Action, Resolution, Status, actions_for
from wss.queries.bills import open_disputes
from wss.queries.effective_bills import RevisedConnection, connection_of, recent_bills
from wss.queries.reference import Reference, reference
from wss.queries.service_requests import RequestRow
from wss.services.requests.actions import take_action
from wss.services.requests.officer_checks import is_pool_member
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions import for_request
from wss.services.revisions.revision_draft import RevisionDraft, RevisionRequest
from wss.services.revisions.suggestions import suggestion_for
from wss.web.access import current_actor
from wss.web.labels.bills import category_name
from wss.web.labels.calculations import RECOMPUTE_REASONS
from wss.web.labels.officer import BARRED, DONE
from wss.web.labels.requests import localized_name
from wss.web.officer.blueprint import officer
from wss.web.officer.canned_texts import canned_notes, chosen_text, for_consumer
from wss.web.officer.list_links import is_from_queue
from wss.web.officer.proposals import (
    barred_by,
    decided_page,
    decision_of,
    no_longer_waiting,
    proposal_of,
    proposal_page,
)
from wss.web.officer.requests import request_context, request_seen
from wss.web.officer.revision_context import consumer_statements
from wss.web.officer.revision_form import FAULTS, disputed_words, faults_of, sent_revision
from wss.web.officer.suggestions import suggested_request, suggestion_context
from wss.web.officer.work_queue import open_next
from wss.web.pages import redirect_to, render, wants_fragment

BARS = {
    "not_in_review": _l("Bills can be revised only while the request is in review."),
    "without_figures": _l("This proposal has no revised figures. Send it back."),
    "own_without_figures": _l(
        "Your proposal has no revised figures. Withdraw it, then propose it with figures."
    ),
    "own_other_proposal": _l(
        "Your proposal, which changes no bill, awaits approval. To revise the bill, withdraw your proposal first."
    ),
    "other_proposal": _l(
        "A decision that changes no bill awaits approval. To revise the bill, send the proposal back first."
    ),
    "proposal_of_other": _l(
        "A decision that changes no bill awaits approval. The bill can be revised once the proposal has been sent back"
        " or withdrawn."
    ),
    "question_open": _l(
        "The consumer’s reply is awaited. Revise the bills after the reply, or continue without it."
    ),
    "decided": _l("This request is decided. Bills can be revised again if the consumer reopens it."),
    "withdrawn": _l(
        "The consumer has withdrawn this request. Revise the bills without a complaint if needed."
    ),
    "not_your_part": _l("Only the billing clerk, the SDO and the EE can propose revised bills."),
}


@officer.get("/todo/<complaint_no>/revision")
def revision(complaint_no: str) -> Response:
    """Show the bills to work on; a proposal to be approved; or what was approved."""
    seen = request_seen(complaint_no)
    if proposal := proposal_of(seen):
        return proposal_page(seen, proposal)
    if wants_fragment() and is_from_queue():
        return no_longer_waiting(seen.complaint_no)
    if decided := decision_of(seen):
        return decided_page(seen, decided)
    if seen.status not in (*UNASSIGNED, Status.IN_REVIEW):
        return _closed_page(seen)
    if request.args.get("suggested") == "1":
        return _computed_page(seen, suggested_request(seen))
    more = request.args.getlist("bill_no")
    draft = (
        for_request.resume(current_actor(), seen) if not more and seen.status == Status.IN_REVIEW else None
    )
    return revision_page(seen, draft or for_request.begin(seen, more))


@officer.post("/todo/<complaint_no>/revision")
def work_out(complaint_no: str) -> Response:
    """Compute what was typed (`preview`), propose it (`propose`), or take up the request first (`take_up`).

    What was typed is kept, except where the suggested figures are to replace it (`use_suggestion`).
    """
    seen, revision_request = request_seen(complaint_no), sent_revision()
    if "use_suggestion" in request.form:
        return _computed_page(seen, suggested_request(seen))
    if "take_up" in request.form:
        return _taken_up(seen, revision_request)
    if "propose" not in request.form:
        return _computed_page(seen, revision_request)
    try:
        draft = for_request.propose(current_actor(), seen.complaint_no, _for_consumer(seen, revision_request))
    except Outdated:
        return _too_late(seen, revision_request)
    except (Forbidden, NotFound):
        raise
    except RuleBroken as broken:
        return revision_page(
            seen, for_request.preview(seen, revision_request), [("", str(FAULTS[broken.code]))], 422
        )
    if not draft.is_faultless:
        return revision_page(seen, draft, status=422)
    if request.args.get("work") == "1":
        return open_next(seen, Action.PROPOSE)
    return redirect_to("officer.request_page", complaint_no=seen.complaint_no, done="propose")


def _for_consumer(seen: RequestRow, revision_request: RevisionRequest) -> RevisionRequest:
    """Return the form with a canned note that was not changed in the consumer's language."""
    draft = for_request.preview(seen, revision_request)
    options = canned_notes(seen, suggestion_for(seen), draft)
    return replace(revision_request, note=for_consumer(seen, revision_request.note, options))


def _taken_up(seen: RequestRow, revision_request: RevisionRequest) -> Response:
    """Take the request up from the revision page, and show the page with what was typed."""
    revision_request = with_another(revision_request, connection_of(seen.account_no))
    try:
        take_action(
            current_actor(),
            seen.complaint_no,
            ActionRequest(Action.TAKE_UP, version=revision_request.version),
        )
        fresh = request_seen(seen.complaint_no)
        draft = for_request.preview(fresh, revision_request)
    except Outdated:
        return _too_late(seen, revision_request)
    except Forbidden as no:
        words = str(BARRED.get(no.code, BARRED["step_not_allowed"]))
        return revision_page(seen, for_request.preview(seen, revision_request), [("", words)], 409)
    return revision_page(fresh, draft, status=422 if faults_of(draft) else 200, is_taken_up=True)


def _computed_page(seen: RequestRow, revision_request: RevisionRequest) -> Response:
    try:
        draft = for_request.preview(seen, with_another(revision_request, connection_of(seen.account_no)))
    except Outdated:
        return _too_late(seen, revision_request)
    if "insert" in request.form:
        options = canned_notes(seen, suggestion_for(seen), draft)
        draft = replace(draft, note=chosen_text(options, request.form.get("canned", "")) or draft.note)
    return revision_page(seen, draft, status=422 if faults_of(draft) else 200)


def revision_page(
    seen: RequestRow,
    draft: RevisionDraft,
    faults: Sequence[tuple[str, str]] = (),
    status: int = 200,
    late: bool = False,
    is_taken_up: bool = False,
) -> Response:
    """Return the page on which figures are computed; the whole page instead of a fragment if its head has changed."""
    context = request_context(seen) | ({"done": DONE[Action.TAKE_UP]} if is_taken_up else {})
    reasons = context["tables"].reasons
    return render(
        "officer/revision.html",
        None if is_taken_up else "officer/_revision_form.html",
        status=status,
        is_late=late,
        barred=proposal_bars(seen),
        may_take_up=_may_take_up(seen),
        takes_up=seen.status in UNASSIGNED,
        version=seen.version,
        address=url_for("officer.work_out", complaint_no=seen.complaint_no, work=request.args.get("work")),
        canned=canned_notes(seen, suggestion_for(seen), draft),
        reasons=[(code, localized_name(reasons[code])) for code in for_request.reasons_for(seen)],
        chosen_reason=draft.reason or seen.fields.get("reason", ""),
        **draft_context(draft, [*faults_of(draft), *faults], seen.id),
        **suggestion_context(seen),
        **consumer_statements(seen),
        **context,
    )


def draft_context(
    draft: RevisionDraft, faults: Sequence[tuple[str, str]], request_id: int | None = None
) -> dict[str, Any]:
    """Return the context that the form of any revision needs, for a request or without one."""
    tables = reference()
    there = {sheet.bill.bill_no for sheet in draft.sheets}
    others = [one for one in recent_bills(draft.supplied.account_no) if one[0] not in there]
    disputed = [
        one for one in open_disputes([number for number, _month in others]) if one.request_id != request_id
    ]
    return {
        "draft": draft,
        "faults": faults,
        "fault_at": dict(faults),
        "bases": [basis.value for basis in BillBasis],
        "categories": _categories(tables),
        "other_bills": others,
        "in_complaint_of": {one.bill_no: one.complaint_no for one in disputed},
        "later_disputed": {one.bill_no: disputed_words(one) for one in draft.later_disputes},
        "recompute_reasons": RECOMPUTE_REASONS.items(),
        "begun_on": max((rate.effective_from for rate in tables.rates), default=None),
    }


def with_another(revision_request: RevisionRequest, supplied: RevisedConnection) -> RevisionRequest:
    """Return the form with the additional bill that was chosen in it."""
    number = request.form.get("add_bill", "")
    if not number or number in {typed.get("bill_no") for typed in revision_request.bills}:
        return revision_request
    more = for_request.begin_with(supplied, [number])
    return replace(revision_request, bills=[*revision_request.bills, *(sheet.typed for sheet in more.sheets)])


def _closed_page(seen: RequestRow) -> Response:
    """Say what to do instead, without the form: in this status nothing could be proposed."""
    for_request.begin(seen)
    barred = barred_by(seen)
    return render(
        "officer/revision_closed.html",
        barred=BARRED[barred] if barred else BARS[_closed_by(seen)],
        **consumer_statements(seen),
        **request_context(seen),
    )


def _closed_by(seen: RequestRow) -> str:
    if seen.status == Status.PROPOSED:
        is_own = seen.proposed_by == current_actor().id
        if seen.resolution == Resolution.REVISED:
            return "own_without_figures" if is_own else "without_figures"
        if is_own:
            return "own_other_proposal"
        may_send_back = Action.SEND_BACK in actions_for(Status.PROPOSED, current_actor().role)
        return "other_proposal" if may_send_back else "proposal_of_other"
    if seen.status == Status.INFO_REQUESTED:
        return "question_open"
    return "withdrawn" if seen.status == Status.WITHDRAWN else "decided"


def _too_late(seen: RequestRow, revision_request: RevisionRequest) -> Response:
    """Show that the request or its bill has changed since; what was typed is kept."""
    fresh = request_seen(seen.complaint_no)
    try:
        draft = for_request.preview(fresh, revision_request)
    except Outdated:
        # The figures have changed and have to be checked first; reason and note are about the matter and are kept.
        draft = replace(for_request.begin(fresh), reason=revision_request.reason, note=revision_request.note)
    return revision_page(fresh, draft, status=409, late=True)


def _may_take_up(seen: RequestRow) -> bool:
    """Return whether the reader can take the request up here."""
    actor = current_actor()
    is_offered = Action.TAKE_UP in actions_for(Status(seen.status), actor.role) and not is_pool_member(actor)
    return is_offered and barred_by(seen) is None


def proposal_bars(seen: RequestRow) -> list[Any]:
    """Return why nothing can be proposed now."""
    code = barred_by(seen)
    actor = current_actor()
    if code is None and actor.role not in OFFICERS:
        code = "not_your_part"
    if code is None and seen.status in UNASSIGNED:
        # Proposing takes the request up, except in an office that assigns the next request automatically.
        code = "pooled" if is_pool_member(actor) else None
    elif code is None and seen.status != Status.IN_REVIEW:
        code = "not_in_review"
    return [BARRED[code] if code in BARRED else BARS[code]] if code else []


def _categories(tables: Reference) -> Mapping[str, str]:
    return {code: category_name(code) for code in sorted({rate.category for rate in tables.rates})}
