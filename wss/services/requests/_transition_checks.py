"""Checks of a transition that the life cycle's table cannot express: second person, deadlines, possible assignees."""

from dataclasses import replace
from datetime import datetime, timedelta

from wss.domain.actor import Actor, Role
from wss.domain.deadlines import RATINGS, reopening_obstacle
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import ANSWER_DAYS, CONFIRM_DAYS, Action, Status, counted_as
from wss.queries import timelines
from wss.queries.service_requests import RequestRow, deadlines_of
from wss.services.requests.transition_types import ActionRequest


def as_counted(seen: RequestRow, action_request: ActionRequest) -> ActionRequest:
    """Return the request with the action as which it counts in the present state of the service request."""
    action = counted_as(
        Status(seen.status), action_request.action, has_documents=bool(action_request.documents)
    )
    return action_request if action is action_request.action else replace(action_request, action=action)


def check_version(seen: RequestRow, action_request: ActionRequest) -> None:
    """Raise Outdated for an action that was requested on an older version of the service request.

    Documents can be added in any version, and an answer is accepted while its question is still open.
    """
    if action_request.version in (None, seen.version) or action_request.action is Action.ADD_DOCUMENT:
        return
    is_answer = action_request.action is Action.ANSWER and seen.status == Status.INFO_REQUESTED
    if (
        is_answer
        and action_request.version is not None
        and timelines.question_version(seen.id) <= action_request.version
    ):
        return
    raise Outdated


def check_move(actor: Actor, seen: RequestRow, action_request: ActionRequest, at: datetime) -> None:
    """Check the rules that need the request's data: second person, deadlines, frozen requests; raises Forbidden."""
    _check_frozen(actor, seen, action_request)
    if action_request.action in (Action.APPROVE, Action.SEND_BACK) and actor.id == seen.proposed_by:
        raise Forbidden("own_proposal")
    if action_request.action is Action.WITHDRAW_PROPOSAL and actor.id != seen.proposed_by:
        raise Forbidden("not_own_proposal")
    if action_request.action is Action.PROPOSE and action_request.resolution is None:
        raise Forbidden("resolution_required")
    if action_request.action is Action.FORWARD and not action_request.office_code:
        raise Forbidden("office_required")
    if action_request.action is Action.ASSIGN and not action_request.assignee_id:
        raise Forbidden("assignee_required")
    obstacle = reopening_obstacle(deadlines_of(seen), at) if action_request.action is Action.REOPEN else None
    if obstacle:
        raise Forbidden(obstacle)
    if action_request.action is Action.RATE:
        _check_rating(seen, action_request)
    silence = {Action.ANSWER_LAPSED: ANSWER_DAYS, Action.CONFIRM_LAPSED: CONFIRM_DAYS}.get(
        action_request.action
    )
    if silence is not None and at - seen.status_since < timedelta(days=silence):
        raise Forbidden("too_early")


def _check_frozen(actor: Actor, seen: RequestRow, action_request: ActionRequest) -> None:
    """Check that a disputed request is only cancelled by the help-desk, and that only a disputed one is."""
    if action_request.action is Action.CANCEL and not seen.frozen:
        raise Forbidden("step_not_allowed")
    if seen.frozen and action_request.action is not Action.CANCEL and actor.role is not Role.SYSTEM:
        raise Forbidden("frozen")


def _check_rating(seen: RequestRow, action_request: ActionRequest) -> None:
    """Check that a rating is one to five, and the first."""
    if action_request.rating not in RATINGS:
        raise Forbidden("rating_required")
    if Action.RATE in timelines.actions_of(seen.id):
        raise Forbidden("rated_already")
