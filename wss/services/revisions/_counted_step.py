"""One step of an officer, counted with what was suggested for the disputed bill; needs an open transaction."""

from dataclasses import replace

from wss.clock import now
from wss.domain.actor import Actor
from wss.domain.catalogue import RequestField
from wss.domain.lifecycle import Action, Resolution
from wss.domain.suggestion.verdicts import SuggestedVerdict, SuggestionOutcome
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.officer_checks import check_officer
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.services.requests.unassigned_requests import take_up_first
from wss.services.revisions.suggestions import suggestion_for

# The steps before which an officer may have seen a suggestion.
COUNTED = (Action.ASK, Action.PROPOSE)


def counted_step(
    actor: Actor, complaint_no: str, action_request: ActionRequest, *, takes_up: bool = False
) -> ActionResult:
    """Take the step; with `takes_up` a waiting request is taken up first."""
    seen = visible_request(actor, complaint_no, now())
    action_request = replace(action_request, suggestion=_outcome(seen, action_request))
    if takes_up:
        seen, action_request = take_up_first(actor, seen, action_request)
    check_officer(actor, seen, action_request)
    return apply_transition(actor, seen, action_request)


def _outcome(seen: RequestRow, action_request: ActionRequest) -> str:
    """Return what the step makes of the suggestion; empty where nothing is sure, or the step is not counted."""
    if action_request.action not in COUNTED or RequestField.BILL_NO not in seen.fields:
        return ""
    suggestion = suggestion_for(seen)
    if not suggestion.is_sure:
        return ""
    is_kept = action_request.resolution is Resolution.NOT_NEEDED
    is_taken = is_kept and suggestion.verdict is SuggestedVerdict.READING_ABOVE
    return (SuggestionOutcome.TAKEN if is_taken else SuggestionOutcome.OTHER).value
