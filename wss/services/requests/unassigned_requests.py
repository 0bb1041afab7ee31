"""Requests that no officer has taken up: the step of an officer takes one up first, in the same transaction."""

from dataclasses import replace

from wss.clock import now
from wss.domain.actor import Actor
from wss.domain.lifecycle import UNASSIGNED, Action
from wss.queries.service_requests import RequestRow, visible_request
from wss.services.requests.officer_checks import check_officer
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest


def take_up_first(
    actor: Actor, seen: RequestRow, action_request: ActionRequest
) -> tuple[RequestRow, ActionRequest]:
    """Take a waiting request up; return it as it is then, and the action for its new version. Needs a transaction."""
    if seen.status not in UNASSIGNED:
        return seen, action_request
    take_up = ActionRequest(Action.TAKE_UP, version=action_request.version)
    check_officer(actor, seen, take_up)
    version = apply_transition(actor, seen, take_up).version
    return visible_request(actor, seen.complaint_no, now()), replace(action_request, version=version)
