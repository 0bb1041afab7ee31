"""What the table of the life cycle cannot know of a move: two pairs of eyes, deadlines, who may have a request."""

from dataclasses import replace
from datetime import datetime, timedelta

from wss.domain.actor import Actor, Role
from wss.domain.deadlines import RATINGS, reopening_hindrance
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import ANSWER_DAYS, CONFIRM_DAYS, Action, Status, counted_as
from wss.queries import timelines
from wss.queries.service_requests import RequestRow, standing_of
from wss.services.requests.transition_types import ActionRequest


def as_counted(seen: RequestRow, move: ActionRequest) -> ActionRequest:
    """Return the move with the action that it counts as for the request as it is now."""
    action = counted_as(Status(seen.status), move.action, has_documents=bool(move.documents))
    return move if action is move.action else replace(move, action=action)


def check_version(seen: RequestRow, move: ActionRequest) -> None:
    """Raise Outdated for a move that was made for an older version of the request.

    Documents are added whatever else has happened, and an answer is taken while its question is the open one.
    """
    if move.version in (None, seen.version) or move.action is Action.ADD_DOCUMENT:
        return
    is_answer = move.action is Action.ANSWER and seen.status == Status.INFO_REQUESTED
    if is_answer and move.version is not None and timelines.question_version(seen.id) <= move.version:
        return
    raise Outdated


def check_move(actor: Actor, seen: RequestRow, move: ActionRequest, at: datetime) -> None:
    """What the table cannot know: two pairs of eyes, deadlines, a request that is frozen."""
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
    hindrance = reopening_hindrance(standing_of(seen), at) if move.action is Action.REOPEN else None
    if hindrance:
        raise Forbidden(hindrance)
    if move.action is Action.RATE:
        _check_rating(seen, move)
    silence = {Action.ANSWER_LAPSED: ANSWER_DAYS, Action.CONFIRM_LAPSED: CONFIRM_DAYS}.get(move.action)
    if silence is not None and at - seen.status_since < timedelta(days=silence):
        raise Forbidden("too_early")


def _check_frozen(actor: Actor, seen: RequestRow, move: ActionRequest) -> None:
    """Only what is disputed can be ended by the help-desk, and nothing else be done to it."""
    if move.action is Action.CANCEL and not seen.frozen:
        raise Forbidden("step_not_allowed")
    if seen.frozen and move.action is not Action.CANCEL and actor.role is not Role.SYSTEM:
        raise Forbidden("frozen")


def _check_rating(seen: RequestRow, move: ActionRequest) -> None:
    """One to five, and once."""
    if move.rating not in RATINGS:
        raise Forbidden("rating_required")
    if Action.RATE in timelines.actions_of(seen.id):
        raise Forbidden("rated_already")
