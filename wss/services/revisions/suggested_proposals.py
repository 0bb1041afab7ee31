"""A suggestion proposed as it is: exactly the figures that the officer saw, or nothing."""

from dataclasses import dataclass, replace
from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import OFFICERS, Action, Resolution, Status
from wss.domain.suggestion.evidence import Suggestion
from wss.domain.suggestion.verdicts import SuggestedVerdict, SuggestionOutcome
from wss.queries import revisions
from wss.queries.effective_bills import connection_of
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.officer_checks import check_officer
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest
from wss.services.requests.unassigned_requests import take_up_first
from wss.services.revisions import for_request
from wss.services.revisions._draft_checks import checked
from wss.services.revisions._proposed_figures import propose_figures
from wss.services.revisions.calculation import calculate_draft
from wss.services.revisions.revision_draft import RevisionDraft, RevisionRequest
from wss.services.revisions.suggestions import TAKEN, filled, outcome_of, suggestion_for


class ProposalObstacle(StrEnum):
    """Why a suggestion cannot be proposed as it is."""

    NOT_SURE = "not_sure"
    NO_FIGURES = "no_figures"
    CHECK_FIGURES = "check_figures"
    OVER_EVERY_LIMIT = "over_every_limit"


@dataclass(frozen=True, slots=True)
class SuggestedProposal:
    """What proposing a suggestion would store: a decision, and the draft of its figures where bills change.

    `figures_hash` is of the present bills and the suggested ones. With an obstacle it is not proposed.
    """

    suggestion: Suggestion
    resolution: Resolution | None = None
    draft: RevisionDraft | None = None
    revision_request: RevisionRequest | None = None
    figures_hash: str = ""
    obstacle: ProposalObstacle | None = None


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """What the officer saw when they pressed the key, and the note to the consumer."""

    version: int
    verdict: str
    figures_hash: str
    note: str


def suggested_proposal(seen: RequestRow) -> SuggestedProposal:
    """Return what proposing the suggestion for a request about bills would store."""
    suggestion = suggestion_for(seen)
    if not suggestion.is_sure:
        return SuggestedProposal(suggestion, obstacle=ProposalObstacle.NOT_SURE)
    begun = for_request.begin(seen)
    if suggestion.verdict is SuggestedVerdict.READING_ABOVE:
        return SuggestedProposal(suggestion, Resolution.NOT_NEEDED, figures_hash=begun.figures_hash)
    if not suggestion.bills:
        return SuggestedProposal(suggestion, obstacle=ProposalObstacle.NO_FIGURES)
    reason = str(seen.fields.get("reason") or "")
    wanted = replace(filled(suggestion, begun, note=""), reason=reason)
    draft = calculate_draft(connection_of(seen.account_no), wanted, seen.id)
    found = SuggestedProposal(suggestion, Resolution.REVISED, draft, wanted, draft.figures_hash)
    return replace(found, obstacle=_obstacle(seen, suggestion, draft))


def propose_suggestion(actor: Actor, complaint_no: str, shown: ShownSuggestion) -> None:
    """Propose a suggestion exactly as it was shown; raises Outdated if it is another one now.

    Raises Forbidden with an obstacle's code where it cannot be proposed as it is.
    """
    with transaction():
        seen = visible_request(actor, complaint_no, now())
        if shown.version != seen.version:
            raise Outdated
        found = suggested_proposal(seen)
        if (found.suggestion.verdict, found.figures_hash) != (shown.verdict, shown.figures_hash):
            raise Outdated
        if found.obstacle:
            raise Forbidden(found.obstacle)
        if found.revision_request is None:
            _propose_no_revision(actor, seen, shown)
            return
        typed = replace(found.revision_request, note=shown.note, version=shown.version)
        if not propose_figures(actor, seen, typed, for_request.reasons_for(seen)).is_faultless:
            raise Forbidden(ProposalObstacle.CHECK_FIGURES)


def is_proposed_already(actor: Actor, seen: RequestRow, shown: ShownSuggestion) -> bool:
    """Return whether this actor has already proposed what was shown: a key that was pressed twice."""
    if seen.status != Status.PROPOSED or seen.proposed_by != actor.id:
        return False
    if shown.verdict == SuggestedVerdict.READING_ABOVE:
        return seen.resolution == Resolution.NOT_NEEDED
    proposal = revisions.proposed_revision(seen.id)
    return proposal is not None and proposal.figures_hash == shown.figures_hash


def _propose_no_revision(actor: Actor, seen: RequestRow, shown: ShownSuggestion) -> None:
    action_request = ActionRequest(
        Action.PROPOSE,
        remark=shown.note,
        resolution=Resolution.NOT_NEEDED,
        version=shown.version,
        suggestion=SuggestionOutcome.TAKEN.value,
    )
    if actor.role in OFFICERS:
        seen, action_request = take_up_first(actor, seen, action_request)
    check_officer(actor, seen, action_request)
    apply_transition(actor, seen, action_request)


def _obstacle(seen: RequestRow, suggestion: Suggestion, draft: RevisionDraft) -> ProposalObstacle | None:
    """Return why the figures need an officer's eyes: doubts, later bills, another complaint, or no limit."""
    faults = checked(draft, for_request.reasons_for(seen), seen.id).wrong.keys() - {"note"}
    if not draft.is_whole or faults or draft.later or outcome_of(suggestion, draft) != TAKEN:
        return ProposalObstacle.CHECK_FIGURES
    return None if draft.approver else ProposalObstacle.OVER_EVERY_LIMIT
