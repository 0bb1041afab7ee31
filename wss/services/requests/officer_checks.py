"""Checks of officers beyond the life cycle: no own connection, and no picking of requests in a pooled office."""

from wss.clock import local_date, now
from wss.domain.actor import HANDLING_ROLES, Actor, Role, rank
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import Action
from wss.queries.officers import colleagues_for, is_own_connection, is_pooled
from wss.queries.service_requests import RequestRow
from wss.services.requests.transition_types import ActionRequest

# The actions by which a clerk of a pooled office would pick; the others are for requests assigned to them.
_PICKING = (Action.TAKE_UP, Action.ASSIGN)


def check_officer(actor: Actor, seen: RequestRow, action_request: ActionRequest) -> None:
    """Raise Forbidden for what an officer may not do. Other roles are not checked here."""
    if actor.role not in HANDLING_ROLES:
        return
    obstacle = hindrance_of(actor, seen)
    if obstacle:
        raise Forbidden(obstacle)
    # Their own proposal is with the post that decides, and still theirs to withdraw.
    if action_request.action is not Action.WITHDRAW_PROPOSAL and (
        is_pool_member(actor) and (action_request.action in _PICKING or seen.assignee_id != actor.id)
    ):
        raise Forbidden("pooled")
    if action_request.action is Action.ASSIGN and action_request.assignee_id:
        _check_assignee(actor, seen, action_request.assignee_id)


def hindrance_of(actor: Actor, seen: RequestRow) -> str | None:
    """Return why an officer may do nothing to this request, as a code; None when they may."""
    return "own_connection" if is_own_connection(actor.id, seen.account_no, seen.consumer_id) else None


def is_held_above(actor: Actor, holder_role: str) -> bool:
    """Return whether a post senior to this officer's holds a request."""
    return actor.role in HANDLING_ROLES and rank(Role(holder_role)) > rank(actor.role)


def is_pool_member(actor: Actor) -> bool:
    """Return whether this officer is assigned the next request and picks none."""
    return actor.role is Role.BILLING_CLERK and is_pooled(actor.office_code)


def _check_assignee(actor: Actor, seen: RequestRow, employee_id: str) -> None:
    """Check that the assignee is of the own office or one below, and that the connection is not theirs."""
    offered = colleagues_for(actor.office_code, seen.office_code, local_date(now()))
    if employee_id not in {each.employee_id for each in offered}:
        raise Forbidden("assignee_unknown")
    if is_own_connection(employee_id, seen.account_no, seen.consumer_id):
        raise Forbidden("assignee_own_connection")
