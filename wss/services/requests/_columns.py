"""The columns of a request that a transition changes, except the holder's."""

from typing import Any

from wss.clock import now
from wss.domain.actor import Actor
from wss.domain.lifecycle import Action, Closing, Status
from wss.queries.service_requests import RequestRow
from wss.services.requests.transition_types import ActionRequest

_CLOSINGS = {
    Action.CONFIRM: Closing.CONFIRMED,
    Action.CONFIRM_LAPSED: Closing.UNCONFIRMED,
    Action.REFUSE: Closing.DISPUTED,
}
_UNDECIDED = {"proposed_by": None, "approved_by": None, "resolution": None}


def changes(actor: Actor, seen: RequestRow, action_request: ActionRequest, status: Status) -> dict[str, Any]:
    """Return the columns that this action changes when it leads to this status."""
    columns: dict[str, Any] = {"status": status.value, **_by_action(actor, seen, action_request)}
    if status != seen.status:
        columns["status_since"] = now()
    # A document added, or an escalation, leaves a reopened request as it is: only the reopening itself counts.
    if status is Status.REOPENED and seen.status != Status.REOPENED:
        columns |= {**_UNDECIDED, "closing": None, "reopened_times": seen.reopened_times + 1}
    if status is Status.CLOSED and action_request.action in _CLOSINGS:
        columns["closing"] = _CLOSINGS[action_request.action].value
    return columns


def _by_action(actor: Actor, seen: RequestRow, action_request: ActionRequest) -> dict[str, Any]:
    match action_request.action:
        case Action.TAKE_UP:
            return {"assignee_id": actor.id}
        case Action.ASSIGN:
            return {"assignee_id": action_request.assignee_id}
        case Action.FORWARD:
            return {"office_code": action_request.office_code}
        case Action.PROPOSE if action_request.resolution:
            return {"proposed_by": actor.id, "resolution": action_request.resolution.value}
        case Action.APPROVE:
            return {"approved_by": actor.id}
        case Action.SEND_BACK | Action.WITHDRAW_PROPOSAL:
            return dict(_UNDECIDED)
        case Action.ESCALATE:
            return {"escalation_level": seen.escalation_level + 1}
        case Action.CANCEL:
            return {"frozen": False}
    return {}
