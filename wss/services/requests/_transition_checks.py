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


def as_counted(seen: RequestRow, move: ActionRequest) -> ActionRequest:
    """Return the request with the action as which it counts in the present state of the service request."""
    action = counted_as(Status(seen.status), move.action, has_documents=bool(move.documents))
    return move if action is move.action else replace(move, action=action)


def check_version(seen: RequestRow, move: ActionRequest) -> None:
    """Raise Outdated for an action that was requested on an older version of the service request.

    Documents can be added in any version, and an answer is accepted while its question is still open.
    """
    if move.version in (None, seen.version) or move.action is Action.ADD_DOCUMENT:
        return
    is_answer = move.action is Action.ANSWER and seen.status == Status.INFO_REQUESTED
    if is_answer and move.version is not None and timelines.question_version(seen.id) <= move.version:
        return
    raise Outdated


def check_move(actor: Actor, seen: RequestRow, move: ActionRequest, at: datetime) -> None:
    """Check the rules that need the request's data: second person, deadlines, frozen requests; raises Forbidden."""
    _check_frozen(actor, seen, move)
    if move.action in (Action.APPROVE, Action.SEND_BACK) and actor.id == seen.proposed_by:
        raise Forbidden("own_proposal")
    if move.action is Action.WITHDRAW_PROPOSAL and actor.id != seen.proposed_by:
        raise Forbidden("not_own_proposal")
    if move.action is Action.PROPOSE and move.resolution is None:
        raise Forbidden("resolution_required")
    if move.action is Action.FORWARD and not move.office_code:
        raise Forbidden("office_required")
    if move.action is Action.ASSIGN and not move.assignee_id:
        raise Forbidden("assignee_required")
    hindrance = reopening_obstacle(deadlines_of(seen), at) if move.action is Action.REOPEN else None
    if hindrance:
        raise Forbidden(hindrance)
    if move.action is Action.RATE:
        _check_rating(seen, move)
    silence = {Action.ANSWER_LAPSED: ANSWER_DAYS, Action.CONFIRM_LAPSED: CONFIRM_DAYS}.get(move.action)
    if silence is not None and at - seen.status_since < timedelta(days=silence):
        raise Forbidden("too_early")


def _check_frozen(actor: Actor, seen: RequestRow, move: ActionRequest) -> None:
    """Check that a disputed request is only cancelled by the help-desk, and that only a disputed one is."""
    if move.action is Action.CANCEL and not seen.frozen:
        raise Forbidden("step_not_allowed")
    if seen.frozen and move.action is not Action.CANCEL and actor.role is not Role.SYSTEM:
        raise Forbidden("frozen")


def _check_rating(seen: RequestRow, move: ActionRequest) -> None:
    """Check that a rating is one to five, and the first."""
    if move.rating not in RATINGS:
        raise Forbidden("rating_required")
    if Action.RATE in timelines.actions_of(seen.id):
        raise Forbidden("rated_already")
