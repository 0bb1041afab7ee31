"""Decision on the proposal of a request: the step of the request together with the figures."""

from wss.domain.actor import Actor
from wss.domain.batch_approval import Sampling
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import Action, Resolution
from wss.queries import revisions, timelines
from wss.queries.service_requests import RequestRow
from wss.services.requests.officer_checks import check_officer
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.services.revisions._approval import (
    ApprovedFigures,
    approve_figures,
    send_back_figures,
    withdraw_figures,
)


def decide_seen(
    actor: Actor, seen: RequestRow, action_request: ActionRequest, figures_hash: str
) -> tuple[ActionResult, ApprovedFigures | None]:
    """Approve, send back or withdraw the proposal of a request; return also the approved figures, if any."""
    check_officer(actor, seen, action_request)
    moved, approved = apply_transition(actor, seen, action_request), None
    is_revised = seen.resolution == Resolution.REVISED
    revision = revisions.proposed_revision(seen.id) if is_revised else None
    if revision is None:
        if action_request.action is Action.APPROVE and is_revised and timelines.disputed_bills(seen.id):
            raise Forbidden("revision_required")
    elif action_request.action is Action.APPROVE:
        approved = approve_figures(actor, revision, figures_hash)
    elif action_request.action is Action.WITHDRAW_PROPOSAL:
        withdraw_figures(actor, revision)
    else:
        send_back_figures(actor, revision, action_request.remark)
    return moved, approved


def sampling_before(request_id: int) -> str:
    """Return what a new proposal of a request keeps of its last one: drawn stays drawn, until an EE has approved.

    Otherwise a proposal could be withdrawn and made again until the draw passes it by.
    """
    last = revisions.latest_revision(request_id)
    is_drawn = last is not None and last.sampling == Sampling.DRAWN and last.state != revisions.APPROVED
    return Sampling.DRAWN.value if is_drawn else Sampling.NOT_YET.value
