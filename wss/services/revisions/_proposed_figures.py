"""The proposal of a request's revised figures: checked, counted with what was suggested, and stored."""

from collections.abc import Sequence

from wss.domain.actor import Actor
from wss.domain.batch_approval import Sampling
from wss.domain.errors import Outdated
from wss.domain.lifecycle import OFFICERS, Action, Resolution
from wss.queries.effective_bills import connection_of
from wss.queries.service_requests import RequestRow
from wss.services.requests.officer_checks import check_officer
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest
from wss.services.requests.unassigned_requests import take_up_first
from wss.services.revisions._approval import store_proposal
from wss.services.revisions._decision import sampling_before
from wss.services.revisions._draft_checks import checked
from wss.services.revisions.calculation import calculate_draft
from wss.services.revisions.revision_draft import RevisionDraft, RevisionRequest
from wss.services.revisions.suggestions import outcome_of, suggestion_for


def propose_figures(
    actor: Actor, seen: RequestRow, revision_request: RevisionRequest, reasons: Sequence[str]
) -> RevisionDraft:
    """Propose the officer's input and apply the transition; a draft with errors is only returned."""
    if revision_request.version not in (None, seen.version):
        raise Outdated
    draft = checked(
        calculate_draft(connection_of(seen.account_no), revision_request, seen.id), reasons, seen.id
    )
    if not draft.is_faultless:
        return draft
    suggestion = suggestion_for(seen)
    outcome = outcome_of(suggestion, draft)
    action_request = ActionRequest(
        Action.PROPOSE,
        remark=draft.note,
        resolution=Resolution.REVISED,
        version=revision_request.version,
        change_paise=draft.change_paise,
        suggestion=outcome,
        sampled=sampling_before(seen.id) == Sampling.DRAWN,
    )
    if actor.role in OFFICERS:
        seen, action_request = take_up_first(actor, seen, action_request)
    check_officer(actor, seen, action_request)
    apply_transition(actor, seen, action_request)
    store_proposal(
        actor, draft, seen.id, seen.office_code, (suggestion.verdict.value, outcome), sampling_before(seen.id)
    )
    return draft
