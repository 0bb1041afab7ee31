"""Bill revision of a complaint: the bill as issued and as revised; one officer proposes, another approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, request, url_for
from flask_babel import lazy_gettext as _l

from wss.domain.actor import Actor, Role
from wss.domain.approval import may_approve, who_may_approve
from wss.domain.bill_lines import ComparedLine, compare_bills
from wss.domain.billed import EffectiveBill
from wss.domain.errors import Forbidden, NotFound, Outdated, RuleBroken
from wss.domain.extracts.billing import BillBasis
from wss.domain.lifecycle import OFFICERS, UNASSIGNED, Action, Resolution, Status, actions_for
from wss.domain.revision import Revised, change, earlier_change
from wss.queries import revisions
from wss.queries.bills import bills_by_number, open_disputes
from wss.queries.effective_bills import RevisedConnection, connection_of, effective_bills, recent_bills
from wss.queries.officers import names_of
from wss.queries.outcomes import decided_bills
from wss.queries.reference import Reference, reference
from wss.queries.revisions import RevisionRow
from wss.queries.service_requests import RequestRow
from wss.services.requests.actions import take_action
from wss.services.requests.officer_checks import hindrance_of, is_pool_member
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions import for_request
from wss.services.revisions.calculation import RevisionDraft, RevisionRequest, later_bills
from wss.services.revisions.suggestions import suggestion_for
from wss.web.access import current_actor
from wss.web.labels.calculations import RECOMPUTE_REASONS
from wss.web.labels.officer import BARRED, DONE
from wss.web.labels.requests import category_name, localized_name
from wss.web.officer.blueprint import officer
from wss.web.officer.canned_texts import canned_notes, chosen_text, for_consumer
from wss.web.officer.requests import request_context, request_seen
from wss.web.officer.revision_context import consumer_statements
from wss.web.officer.revision_form import FAULTS, OWN_REASONS, disputed_words, faults_of, sent_revision
from wss.web.officer.suggestions import suggested_request, suggestion_context
from wss.web.officer.work_queue import open_next
from wss.web.pages import redirect_to, render

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


@dataclass(frozen=True)
class RevisionView:
    """A revision as its page shows it: the row; of each bill number, month, lines, what it becomes and the basis on
    which it was issued; by how much the bills change, and how much of that earlier revisions did."""

    row: RevisionRow
    bills: Sequence[tuple[str, str, Sequence[ComparedLine], Revised, str]]
    change_paise: int
    earlier_change_paise: int = 0
    # Bills that start from a reading corrected here, and are not revised with it.
    later: Sequence[EffectiveBill] = ()

    @property
    def difference_paise(self) -> int:
        """The difference of the bills in paise; below zero they become less."""
        return self.row.revised_paise - self.row.issued_paise


@officer.get("/todo/<complaint_no>/revision")
def revision(complaint_no: str) -> Response:
    """Show the bills to work on; a proposal to be approved; or what was approved."""
    seen = request_seen(complaint_no)
    if proposal := proposal_of(seen):
        return _proposal_page(seen, proposal)
    if decided := _decided(seen):
        return _decided_page(seen, decided)
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


def shown(row: RevisionRow) -> RevisionView:
    """Return a revision with its bills compared with the bills now in force."""
    revised_bills = revisions.bills_of_revision(row.id)
    numbers = [one.revised.bill_no for one in revised_bills]
    bills = {bill.bill_no: bill for bill in effective_bills(row.account_no, numbers)}
    listed = []
    for one in revised_bills:
        bill = bills.get(one.revised.bill_no)
        if bill is not None:
            lines = compare_bills(bill, one.revised)
            listed.append((bill.bill_no, bill.bill_month, lines, one.revised, bill.bill_basis))
    known = [one.revised for one in revised_bills if one.revised.bill_no in bills]
    later = later_bills(row.account_no, [(bills[one.bill_no], one) for one in known])
    return RevisionView(row, listed, change(bills, known), earlier_change(bills, known), later)


def decision_context(actor: Actor, one: RevisionView) -> dict[str, Any]:
    """Return the context for the approver: their limit, and whether they may decide."""
    limits = reference().limits
    found = open_disputes([bill_no for bill_no, *_ in one.bills])
    disputes = [each for each in found if each.request_id != one.row.service_request_id]
    return {
        "proposal": one,
        "proposer": names_of({one.row.proposed_by}).get(one.row.proposed_by, one.row.proposed_by),
        "reason_name": reason_name(one.row.reason),
        "has_limit": actor.role in limits,
        "limit": limits.get(actor.role),
        "decides": actor.role in (Role.SDO, Role.EE) and actor.id != one.row.proposed_by,
        "later": one.later,
        "is_own": actor.id == one.row.proposed_by,
        "is_within": may_approve(actor.role, one.change_paise, limits),
        "next_post": who_may_approve(one.change_paise, limits),
        "in_complaint": disputed_words(disputes[0]) if disputes else "",
    }


def reason_name(code: str) -> str:
    """Return the reason of a revision, with a complaint or without."""
    known = reference().reasons.get(code)
    return localized_name(known) if known else str(OWN_REASONS.get(code, code))


def with_another(revision_request: RevisionRequest, supplied: RevisedConnection) -> RevisionRequest:
    """Return the form with the additional bill that was chosen in it."""
    number = request.form.get("add_bill", "")
    if not number or number in {typed.get("bill_no") for typed in revision_request.bills}:
        return revision_request
    more = for_request.begin_with(supplied, [number])
    return replace(revision_request, bills=[*revision_request.bills, *(sheet.typed for sheet in more.sheets)])


def proposal_of(seen: RequestRow) -> RevisionRow | None:
    """Return the revision that waits for approval."""
    is_proposed = seen.status == Status.PROPOSED and seen.resolution == Resolution.REVISED
    return revisions.proposed_revision(seen.id) if is_proposed else None


def _proposal_page(seen: RequestRow, proposal: RevisionRow) -> Response:
    return render(
        "officer/revision_proposed.html",
        barred=[BARRED[code] for code in [_barred_by(seen)] if code],
        decide_at=url_for("officer.act", complaint_no=seen.complaint_no),
        version=seen.version,
        **decision_context(current_actor(), shown(proposal)),
        **consumer_statements(seen),
        **request_context(seen),
    )


def _closed_page(seen: RequestRow) -> Response:
    """Say what to do instead, without the form: in this status nothing could be proposed."""
    for_request.begin(seen)
    barred = _barred_by(seen)
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


def _decided(seen: RequestRow) -> RevisionRow | None:
    """Return the revision by which a request was resolved."""
    is_revised = seen.status in (Status.RESOLVED, Status.CLOSED) and seen.resolution == Resolution.REVISED
    last = revisions.latest_revision(seen.id) if is_revised else None
    return last if last and last.state == revisions.APPROVED else None


def _decided_page(seen: RequestRow, row: RevisionRow) -> Response:
    """Show what was decided, by whom, when, and whether the billing system has it: read-only."""
    revised_bills = revisions.bills_of_revision(row.id)
    before = {bill.bill_no: bill for bill in bills_by_number([one.revised.bill_no for one in revised_bills])}
    people = names_of({each for each in (row.proposed_by, row.decided_by) if each})
    return render(
        "officer/revision_decided.html",
        row=row,
        bills=[
            (before[one.revised.bill_no], compare_bills(before[one.revised.bill_no], one.revised))
            for one in revised_bills
        ],
        decided=decided_bills(row.id),
        proposer=people.get(row.proposed_by, row.proposed_by),
        decider=people.get(row.decided_by or "", row.decided_by),
        reason_name=reason_name(row.reason),
        **request_context(seen),
    )


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
    return is_offered and _barred_by(seen) is None


def _barred_by(seen: RequestRow) -> str | None:
    return "frozen" if seen.frozen else hindrance_of(current_actor(), seen)


def proposal_bars(seen: RequestRow) -> list[Any]:
    """Return why nothing can be proposed now."""
    code = _barred_by(seen)
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
