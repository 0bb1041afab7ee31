"""Proposals of revised bills and decisions about them, as officers make them on their pages."""

from collections.abc import Callable, Mapping

from wss.clock import now
from wss.db import reading
from wss.domain.actor import SYSTEM, Actor
from wss.domain.billed import EffectiveBill
from wss.domain.lifecycle import Action
from wss.queries.revisions import proposed_revision
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions.for_request import begin, decide, propose
from wss.services.revisions.revision_draft import RevisionRequest

DECISIONS = (Action.APPROVE, Action.SEND_BACK)


def present_state(complaint_no: str) -> RequestRow:
    """Return the present state of a request."""
    with reading():
        return visible_request(SYSTEM, complaint_no, now())


def propose_figures_of(
    officer: Actor,
    complaint_no: str,
    figures_of: Callable[[EffectiveBill], Mapping[str, str]],
    reason: str,
    note: str,
) -> None:
    """Propose revised bills with the figures that the officer types for each. Raises RuntimeError for figures with
    errors: the demo data is wrong then."""
    with reading():
        sheets = begin(present_state(complaint_no)).sheets
    typed = [{**sheet.typed, "sure": "1", **figures_of(sheet.bill)} for sheet in sheets]
    draft = propose(officer, complaint_no, RevisionRequest(typed, reason, note))
    if not draft.is_faultless:
        raise RuntimeError(f"{complaint_no}: {draft.wrong}, {[sheet.wrong for sheet in draft.sheets]}")


def decide_proposal(officer: Actor, complaint_no: str, action: Action, words: str) -> None:
    """Approve a proposal for exactly its figures, or send it back."""
    with reading():
        proposal = proposed_revision(present_state(complaint_no).id)
    figures_hash = proposal.figures_hash if proposal else ""
    decide(officer, complaint_no, ActionRequest(action, words), figures_hash)
