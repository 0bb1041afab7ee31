"""A proposed revision as its approver sees it, and a decided one: figures as issued next to those as revised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from wss.domain.actor import Actor, Role
from wss.domain.approval import may_approve, who_may_approve
from wss.domain.bill_lines import ComparedLine, compare_bills
from wss.domain.billed import EffectiveBill
from wss.domain.lifecycle import Resolution, Status
from wss.domain.revision import Revised, change, earlier_change
from wss.queries import revisions
from wss.queries.bills import bills_by_number, open_disputes
from wss.queries.effective_bills import effective_bills
from wss.queries.officers import names_of
from wss.queries.outcomes import decided_bills
from wss.queries.reference import reference
from wss.queries.revisions import RevisionRow
from wss.queries.service_requests import RequestRow
from wss.services.requests.officer_checks import hindrance_of
from wss.services.revisions.batches import note_opened, obstacle_of
from wss.services.revisions.calculation import later_bills
from wss.web.access import current_actor
from wss.web.labels.approvals import ALREADY_DECIDED
from wss.web.labels.officer import BARRED
from wss.web.labels.requests import localized_name
from wss.web.officer.list_links import is_from_queue
from wss.web.officer.requests import request_context
from wss.web.officer.revision_context import consumer_statements
from wss.web.officer.revision_form import OWN_REASONS, disputed_words
from wss.web.pages import render, wants_fragment


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
        "decides_sample": actor.role is Role.EE,
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


def proposal_of(seen: RequestRow) -> RevisionRow | None:
    """Return the revision that waits for approval."""
    is_proposed = seen.status == Status.PROPOSED and seen.resolution == Resolution.REVISED
    return revisions.proposed_revision(seen.id) if is_proposed else None


def proposal_page(
    seen: RequestRow,
    proposal: RevisionRow,
    status: int = 200,
    *,
    is_late: bool = False,
    refusal: object = None,
    remark_fault: str = "",
) -> Response:
    """Show the figures that wait for approval; in place in the approval queue. That they were shown is recorded."""
    note_opened(current_actor(), proposal)
    is_in_queue = wants_fragment() or is_from_queue()
    barred = [refusal] if refusal else [BARRED[code] for code in [barred_by(seen)] if code]
    return render(
        "officer/revision_proposed.html",
        "officer/_approval.html",
        status=status,
        is_late=is_late,
        barred=barred,
        remark_fault=remark_fault,
        remark=request.form.get("remark", ""),
        place=seen.complaint_no,
        decide_at=url_for(
            "officer.decide_in_queue" if is_in_queue else "officer.act", complaint_no=seen.complaint_no
        ),
        version=seen.version,
        together=together_choice(current_actor(), seen.complaint_no, proposal),
        **decision_context(current_actor(), shown(proposal)),
        **consumer_statements(seen),
        **request_context(seen),
    )


def no_longer_waiting(place: str) -> Response:
    """Say in place, in the approval queue, that a proposal was decided or withdrawn; the next row gets the focus."""
    return render("officer/_approval_done.html", words=ALREADY_DECIDED, place=place)


def together_choice(actor: Actor, complaint_no: str, proposal: RevisionRow) -> str:
    """Return the value of the checkbox that chooses a proposal to be approved with others; empty if it cannot be."""
    if obstacle_of(actor, complaint_no, proposal.figures_hash) is not None:
        return ""
    return f"{complaint_no} {proposal.figures_hash}"


def decision_of(seen: RequestRow) -> RevisionRow | None:
    """Return the revision by which a request was resolved."""
    is_revised = seen.status in (Status.RESOLVED, Status.CLOSED) and seen.resolution == Resolution.REVISED
    last = revisions.latest_revision(seen.id) if is_revised else None
    return last if last and last.state == revisions.APPROVED else None


def decided_page(seen: RequestRow, row: RevisionRow) -> Response:
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


def barred_by(seen: RequestRow) -> str | None:
    """Return why the reader may do nothing to this request now, as a code; None when they may."""
    return "frozen" if seen.frozen else hindrance_of(current_actor(), seen)
