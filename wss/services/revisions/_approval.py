"""Approval of bill revisions: for exactly the proposed figures, or sent back; it writes the revised bills."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from wss.clock import local_date, now
from wss.domain.actor import Actor, Role
from wss.domain.approval import ApprovalLimitExceeded, may_approve, who_may_approve
from wss.domain.batch_approval import Sampling
from wss.domain.bill_lines import COUNTED, compare_bills
from wss.domain.billed import EffectiveBill
from wss.domain.delivery import DeliveryState
from wss.domain.errors import Forbidden, Outdated, RuleBroken
from wss.domain.lifecycle import APPROVERS
from wss.domain.revision import DAYS_TO_PAY, Revised, change, disagreement, figures_hash
from wss.queries import revisions
from wss.queries.billing_posts import queue_posts
from wss.queries.bills import open_disputes
from wss.queries.effective_bills import effective_bills
from wss.queries.reference import reference
from wss.queries.revisions import BillAfterRevision, RevisionRow
from wss.queries.stored_triage import mark_account_due, mark_triage_due
from wss.services.revisions.revision_draft import RevisionDraft
from wss.services.shared.audit import record


def store_proposal(
    actor: Actor,
    draft: RevisionDraft,
    request_id: int | None,
    office_code: str,
    suggested: tuple[str, str] = ("", ""),
    sampling: str = "",
) -> int:
    """Store a valid draft as a proposal, with what was suggested and what became of it, and what was drawn before.

    Raises RuleBroken when one of its bills is in another proposal.
    """
    revisions.void_abandoned(draft.supplied.account_no, request_id)
    columns = {
        "service_request_id": request_id,
        "account_no": draft.supplied.account_no,
        "office_code": office_code,
        "reason": draft.reason,
        "note": draft.note.strip(),
        "state": revisions.PROPOSED,
        "issued_paise": draft.issued_paise,
        "revised_paise": draft.revised_paise,
        "figures_hash": draft.figures_hash,
        "proposed_by": actor.id,
        "proposed_at": now(),
        "remark": "",
        "version": 1,
        "suggestion": suggested[0],
        "suggestion_outcome": suggested[1],
        "change_paise": draft.change_paise,
        "sampling": sampling,
    }
    added = revisions.add_revision(columns, [_kept(draft.bills[one.bill_no], one) for one in draft.revised])
    if added is None:
        raise RuleBroken("bill_in_revision")
    return added


@dataclass(frozen=True, slots=True)
class ApprovedFigures:
    """The numbers of the revised bills, and by how much the bills have changed since they were first issued."""

    bill_nos: list[str]
    change_paise: int


def approve_figures(actor: Actor, seen: RevisionRow, hash_seen: str) -> ApprovedFigures:
    """Approve a proposal whose figures the approver has seen, and write the revised bills.

    Raises Outdated when the figures, as proposed or as calculated from the present bills, are different.
    """
    proposed_bills = revisions.bills_of_revision(seen.id)
    numbers = [one.revised.bill_no for one in proposed_bills]
    bills = {bill.bill_no: bill for bill in effective_bills(seen.account_no, numbers, lock=True)}
    revised = [one.revised for one in proposed_bills]
    if set(bills) != set(numbers) or not (hash_seen == seen.figures_hash == figures_hash(bills, revised)):
        raise Outdated("figures_changed")
    check_second_person(actor, seen)
    _check_sampling(actor, seen)
    if any(disagreement(bills[one.bill_no], one) for one in revised):
        raise Forbidden("figures_disagree")
    if is_in_other_complaint(seen, numbers):
        raise Forbidden("bill_in_complaint")
    change_paise = change(bills, revised)
    _check_limit(actor, change_paise)
    decided = {"decided_by": actor.id, "decided_at": now()}
    if not revisions.decide_if(seen, revisions.APPROVED, decided):
        raise Outdated
    return ApprovedFigures(_write_bills(actor, seen, bills, proposed_bills), change_paise)


def is_in_other_complaint(seen: RevisionRow, bill_nos: Sequence[str]) -> bool:
    """Whether an open complaint, other than the one a revision is for, is about one of its bills: its consumer is or
    will be asked to confirm the bill, which must not change otherwise."""
    return any(one.request_id != seen.service_request_id for one in open_disputes(bill_nos))


def send_back_figures(actor: Actor, seen: RevisionRow, remark: str) -> None:
    """Send a proposal back to the officer who works on it."""
    check_second_person(actor, seen)
    decided = {"decided_by": actor.id, "decided_at": now(), "remark": remark.strip()}
    if not revisions.decide_if(seen, revisions.SENT_BACK, decided):
        raise Outdated


def withdraw_figures(actor: Actor, seen: RevisionRow) -> None:
    """Withdraw the actor's own proposal; its figures stay stored, so that the work can continue."""
    if actor.id != seen.proposed_by:
        raise Forbidden("not_own_proposal")
    if not revisions.decide_if(seen, revisions.WITHDRAWN, {}):
        raise Outdated


def check_second_person(actor: Actor, seen: RevisionRow) -> None:
    """Raise Forbidden unless the actor is another person than the proposer, in a post that decides."""
    if actor.role not in APPROVERS:
        raise Forbidden("step_not_allowed")
    if actor.id == seen.proposed_by:
        raise Forbidden("own_proposal")


def _check_sampling(actor: Actor, seen: RevisionRow) -> None:
    """Raise Forbidden for what was drawn for a check by the EE, unless the actor is one."""
    if seen.sampling == Sampling.DRAWN and actor.role is not Role.EE:
        raise Forbidden("sampled")


def _check_limit(actor: Actor, change_paise: int) -> None:
    limits = reference().limits
    if not may_approve(actor.role, change_paise, limits):
        raise ApprovalLimitExceeded(who_may_approve(change_paise, limits))


def _write_bills(
    actor: Actor,
    seen: RevisionRow,
    bills: Mapping[str, EffectiveBill],
    proposed_bills: Sequence[BillAfterRevision],
) -> list[str]:
    numbers, posts = [], []
    for position, one in enumerate(proposed_bills):
        number, bill = revisions.next_revised_bill_no(), bills[one.revised.bill_no]
        revisions.add_revised_bill(
            seen.id, position, _bill_columns(seen.account_no, number, bill, one.revised)
        )
        posts.append(_post(actor, seen, number, bill, one.revised))
        numbers.append(number)
    queue_posts(posts)
    # With a request, that one is locked already; a second one could be locked by an approval that waits for this.
    if seen.service_request_id is None:
        mark_account_due(seen.account_no)
    else:
        mark_triage_due(seen.service_request_id)
    record(actor, "revise", f"connection:{seen.account_no}", revision=seen.id, bills=numbers)
    return numbers


def _kept(bill: EffectiveBill, revised: Revised) -> dict[str, Any]:
    columns = asdict(revised)
    issued = {
        "issued_previous_reading": bill.previous_reading,
        "issued_current_reading": bill.current_reading,
        "issued_units": bill.units,
        "issued_basis": bill.bill_basis,
    }
    return columns | columns.pop("put") | issued | {"is_open": True}


def _bill_columns(account_no: str, number: str, bill: EffectiveBill, revised: Revised) -> dict[str, Any]:
    """Return the columns of the revised bill: month and payments of the former bill, issued today."""
    today = local_date(now())
    columns = asdict(revised)
    for name in ("put", "units_from", "calculation"):
        del columns[name]
    put = revised.put
    return columns | {
        "multiplying_factor_milli": put.multiplying_factor_milli,
        "load_w": put.load_w,
        "category": put.category,
        "meter_no": bill.meter_no or bill.at_import_meter_no,
        "bill_no": number,
        "revises": bill.bill_no,
        "account_no": account_no,
        "bill_month": bill.bill_month,
        "period_from": bill.period_from,
        "period_to": bill.period_to,
        "previous_reading": revised.previous_reading,
        "current_reading": revised.current_reading,
        "bill_basis": put.basis,
        "issue_date": today,
        "due_date": today + timedelta(days=DAYS_TO_PAY),
        "paid_amount_paise": bill.paid_amount_paise,
        "paid_on": bill.paid_on,
    }


def _post(
    actor: Actor, seen: RevisionRow, number: str, bill: EffectiveBill, revised: Revised
) -> dict[str, Any]:
    """Return the message to the billing system; its id is the idempotency key, the same however often it is sent."""
    at, key = now(), str(uuid.uuid4())
    lines = [
        {"name": each.line.value, "issued_paise": each.issued, "revised_paise": each.revised}
        for each in compare_bills(bill, revised)
        if each.line not in COUNTED
    ]
    payload = {
        "id": key,
        "account_no": seen.account_no,
        "bill_no": bill.bill_no,
        "revised_bill_no": number,
        "lines": lines,
        "approved_by_post": f"{actor.role.value} {actor.office_code}",
        "approved_at": at.isoformat(timespec="seconds"),
    }
    return {
        "id": key,
        "revision_id": seen.id,
        "revised_bill_no": number,
        "payload": payload,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "reason": "",
        "due_at": at,
        "created_at": at,
    }
