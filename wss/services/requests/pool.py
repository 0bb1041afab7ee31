"""The pool of a post's unassigned requests: assigns the most urgent one; in a pooled office the only choice."""

from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.lifecycle import Action, Status
from wss.domain.todo_filter import OfficerPost
from wss.queries.service_requests import RequestRow, visible_request
from wss.queries.todo import next_of_post
from wss.services.requests.officer_checks import hindrance_of
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest


def take_next(actor: Actor) -> str | None:
    """Take up the most urgent unassigned complaint of the actor's post; return its number, or None when none waits."""
    post, skipped = OfficerPost(actor.role.value, actor.office_code, actor.id), list[str]()
    with transaction():
        while (number := next_of_post(post, skipped, local_date(now()))) is not None:
            seen = visible_request(actor, number, now())
            if hindrance_of(actor, seen) is None:
                apply_transition(actor, seen, _take_up_action(actor, seen))
                return number
            # A request of the officer's own connection is left to a colleague.
            skipped.append(number)
    return None


def _take_up_action(actor: Actor, seen: RequestRow) -> ActionRequest:
    """Return the action: take up a waiting request; one that is in review without an assignee is assigned."""
    if seen.status == Status.IN_REVIEW:
        return ActionRequest(Action.ASSIGN, assignee_id=actor.id, version=seen.version)
    return ActionRequest(Action.TAKE_UP, version=seen.version)
