"""Approving several proposals together: each is checked, drawn for the sample or approved by itself, and never twice.

An item is decided in two transactions. The first checks it and draws by chance whether the EE decides it instead; what
was drawn is stored before anything is approved, so that no failure or second attempt draws again. The second approves
it for exactly its figures, within the sums of the day. What is refused is the outcome of its item only.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.approval import desk_to_decide, may_approve
from wss.domain.batch_approval import (
    BATCH_AT_MOST,
    OPENED_FOR,
    PERCENT,
    BatchCandidate,
    BatchRules,
    Sampling,
    SumScope,
    batch_obstacle,
    cap_of,
    sampling_of,
)
from wss.domain.errors import Forbidden, NotFound, Outdated, RuleBroken
from wss.domain.lifecycle import APPROVERS, Action
from wss.queries import approvals, batches, revisions
from wss.queries.batches import BatchLine
from wss.queries.reference import reference
from wss.queries.revisions import RevisionRow
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.officer_checks import check_officer
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions._approval import ApprovedFigures, check_second_person
from wss.services.revisions._decision import decide_seen
from wss.services.revisions.suggestions import TAKEN
from wss.services.shared.audit import record

APPROVED, SAMPLED = "approved", "sampled_now"


@dataclass(frozen=True, slots=True)
class _CheckedItem:
    """An item that can be approved with others."""

    seen: RequestRow
    revision: RevisionRow
    rules: BatchRules


def note_opened(actor: Actor, revision: RevisionRow) -> None:
    """Record which figures an approver has been shown; only these can be approved with others."""
    if actor.role not in APPROVERS:
        return
    with transaction():
        approvals.note_opened_proposal(actor.id, revision.id, revision.figures_hash, now())


def begin_batch(actor: Actor, items: Sequence[tuple[str, str]]) -> int:
    """Store the complaint numbers to approve, each with the hash of its figures; return the batch's id.

    Raises Forbidden for none and for too many.
    """
    chosen = list(dict(items).items())
    if not 0 < len(chosen) <= BATCH_AT_MOST:
        raise Forbidden("batch_size")
    with transaction():
        batch_id = batches.add_batch(actor.id, now(), chosen)
        record(actor, "approve_together", f"batch:{batch_id}", items=len(chosen))
    return batch_id


def settle_item(actor: Actor, batch_id: int, item: BatchLine) -> None:
    """Approve an item of the actor's batch, or send it to the EE if it is drawn; its outcome is stored, whatever it
    is."""
    try:
        if not _is_drawn(actor, batch_id, item):
            _approve(actor, batch_id, item)
    except (Forbidden, NotFound, Outdated) as no:
        _refuse(batch_id, item, no)


def obstacle_of(actor: Actor, complaint_no: str, figures_hash: str) -> str | None:
    """Return why a proposal cannot be approved with others now, as a code; None if it can. Nothing is stored."""
    try:
        _checked(actor, complaint_no, figures_hash)
    except (Forbidden, NotFound, Outdated) as no:
        return no.code
    return None


def _is_drawn(actor: Actor, batch_id: int, item: BatchLine) -> bool:
    """Draw for the sample, once for each proposal; what is drawn goes to the EE at once."""
    with transaction():
        one = _checked(actor, item.complaint_no, item.figures_hash)
        if one.revision.sampling == Sampling.PASSED:
            return False
        drawn = sampling_of(secrets.randbelow(PERCENT), one.rules)
        if not revisions.draw_if(one.revision.id, drawn):
            raise Outdated
        subject = f"revision:{one.revision.id}"
        record(
            actor, "draw_sample", subject, batch=batch_id, result=drawn.value, rate=one.rules.sample_percent
        )
        if drawn is Sampling.PASSED:
            return False
        apply_transition(SYSTEM, one.seen, ActionRequest(Action.SAMPLE, version=one.seen.version))
        _settle(batch_id, item, SAMPLED)
    return True


def _approve(actor: Actor, batch_id: int, item: BatchLine) -> None:
    with transaction():
        _settle(batch_id, item, APPROVED)
        one = _checked(actor, item.complaint_no, item.figures_hash)
        move = ActionRequest(Action.APPROVE, version=one.seen.version)
        approved = decide_seen(actor, one.seen, move, item.figures_hash)[1]
        if approved is None:
            raise Outdated("already_decided")
        _count(one, approved)
        subject = f"revision:{one.revision.id}"
        record(actor, "approve_in_batch", subject, batch=batch_id, change_paise=approved.change_paise)


def _refuse(batch_id: int, item: BatchLine, no: RuleBroken) -> None:
    with transaction():
        batches.settle_item_if_open(batch_id, item.position, no.code)


def _settle(batch_id: int, item: BatchLine, outcome: str) -> None:
    if not batches.settle_item_if_open(batch_id, item.position, outcome):
        raise Outdated("already_decided")


def _count(one: _CheckedItem, approved: ApprovedFigures) -> None:
    """Add the change to the sums of the day; raises Forbidden for one that would be exceeded."""
    if approved.change_paise > one.rules.each_paise:
        raise Forbidden("batch_each")
    today = local_date(now())
    for scope, code in (
        (SumScope.OFFICE, one.seen.office_code),
        (SumScope.MAKER, one.revision.proposed_by),
    ):
        if not batches.add_to_sum(today, scope, code, approved.change_paise, cap_of(scope, one.rules)):
            raise Forbidden(f"batch_{scope.value}")


def _checked(actor: Actor, complaint_no: str, figures_hash: str) -> _CheckedItem:
    """Return a proposal that the actor can approve with others; raises the first reason why not."""
    seen = visible_request(actor, complaint_no, now())
    revision = revisions.proposed_revision(seen.id)
    if revision is None:
        raise Outdated("already_decided")
    if seen.frozen:
        raise Forbidden("frozen")
    check_officer(actor, seen, ActionRequest(Action.APPROVE))
    check_second_person(actor, revision)
    if figures_hash != revision.figures_hash:
        raise Outdated("figures_changed")
    tables = reference(seen.reference_version)
    discom = tables.discom(seen.office_code)
    rules = discom.batch if discom else None
    change_paise = _change_of(revision)
    candidate = BatchCandidate(
        change_paise,
        is_as_suggested=revision.suggestion_outcome == TAKEN,
        has_photo=bool(approvals.photos_of([seen.id])),
        maker_role=revision.proposed_role,
        sampling=revision.sampling,
        has_ee=desk_to_decide(Role.EE, tables.chain(seen.office_code)) is not None,
    )
    if (obstacle := batch_obstacle(candidate, rules)) or rules is None:
        raise Forbidden(obstacle or "batch_off")
    if not may_approve(actor.role, change_paise, tables.limits):
        raise Forbidden("over_limit")
    opened = approvals.opened_proposals(actor.id, [revision.id], now() - OPENED_FOR)
    if opened.get(revision.id) != figures_hash:
        raise Forbidden("not_opened")
    return _CheckedItem(seen, revision, rules)


def _change_of(revision: RevisionRow) -> int:
    """Return the change as it was proposed; of proposals from before it was stored, the difference."""
    if revision.change_paise is not None:
        return revision.change_paise
    return abs(revision.revised_paise - revision.issued_paise)
