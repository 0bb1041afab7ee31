"""Bill revision without a complaint (a replaced meter, a bill on hold): two persons, and the consumer is notified."""

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import OFFICERS
from wss.domain.revision import OwnReason
from wss.queries import revisions, timelines
from wss.queries.consumers import active_consumer
from wss.queries.effective_bills import RevisedConnection, connection_in_office
from wss.queries.officers import is_own_connection
from wss.queries.revisions import RevisionRow
from wss.services.messages.notices import Recipient, alert_address, queue_notice
from wss.services.revisions._approval import (
    approve_figures,
    send_back_figures,
    store_proposal,
    withdraw_figures,
)
from wss.services.revisions._draft_checks import checked
from wss.services.revisions.calculation import calculate_draft, first_draft
from wss.services.revisions.revision_draft import RevisionDraft, RevisionRequest
from wss.services.shared.audit import record

REASONS = tuple(reason.value for reason in OwnReason)


def begin(actor: Actor, account_no: str, bill_nos: list[str]) -> RevisionDraft:
    """Return a first draft of bills of a connection in the officer's area; the view is recorded in the audit trail."""
    supplied = _supplied(actor, account_no)
    with transaction():
        record(actor, "view", f"connection:{account_no}")
    return first_draft(supplied, bill_nos)


def preview(actor: Actor, account_no: str, revision_request: RevisionRequest) -> RevisionDraft:
    """Calculate the officer's input; nothing is stored."""
    return calculate_draft(_supplied(actor, account_no), revision_request)


def propose(
    actor: Actor, account_no: str, revision_request: RevisionRequest
) -> tuple[RevisionDraft, int | None]:
    """Propose the officer's input and return the revision's id; a draft with errors is only returned."""
    with transaction():
        supplied = _supplied(actor, account_no)
        draft = checked(calculate_draft(supplied, revision_request), REASONS)
        if not draft.is_faultless:
            return draft, None
        if actor.role not in OFFICERS:
            raise Forbidden("step_not_allowed")
        added = store_proposal(actor, draft, None, supplied.subdivision_code)
        record(actor, "propose", f"connection:{account_no}", revision=added)
    return draft, added


def approve(actor: Actor, revision_id: int, version: int, figures_hash: str) -> RevisionRow:
    """Approve exactly these figures, and notify the consumer."""
    with transaction():
        seen = _proposed(actor, revision_id, version)
        approved = approve_figures(actor, seen, figures_hash)
        _notify(seen, approved.bill_nos)
    return seen


def send_back(actor: Actor, revision_id: int, version: int, remark: str) -> RevisionRow:
    """Send a proposal back with a reason."""
    with transaction():
        seen = _proposed(actor, revision_id, version)
        if not remark.strip():
            raise Forbidden("remark_required")
        send_back_figures(actor, seen, remark)
        record(actor, "send_back", f"connection:{seen.account_no}", revision=seen.id)
    return seen


def withdraw(actor: Actor, revision_id: int, version: int) -> RevisionRow:
    """Withdraw the actor's own proposal while it is undecided."""
    with transaction():
        seen = _proposed(actor, revision_id, version)
        withdraw_figures(actor, seen)
        record(actor, "withdraw_proposal", f"connection:{seen.account_no}", revision=seen.id)
    return seen


def _supplied(actor: Actor, account_no: str) -> RevisedConnection:
    """Return a connection in the officer's area; raises Forbidden for the officer's own."""
    supplied = connection_in_office(account_no, actor.office_code)
    if is_own_connection(actor.id, account_no, None):
        raise Forbidden("own_connection")
    return supplied


def _proposed(actor: Actor, revision_id: int, version: int) -> RevisionRow:
    """Return a proposal of the officer's area; raises Outdated if it is not the version that they saw."""
    seen = revisions.revision_in_office(revision_id, actor.office_code)
    if is_own_connection(actor.id, seen.account_no, None):
        raise Forbidden("own_connection")
    if seen.state != revisions.PROPOSED or seen.version != version:
        raise Outdated
    return seen


def _notify(seen: RevisionRow, numbers: list[str]) -> None:
    consumer = active_consumer(seen.account_no, now())
    reached = timelines.recipient_of(consumer.id if consumer else None, seen.account_no)
    recipient = Recipient(
        reached.language or "hi",
        reached.reached_by,
        alert_address(reached),
        reached.id,
    )
    queue_notice("bill_revised", recipient, {"account_no": seen.account_no, "bill_no": ", ".join(numbers)})
