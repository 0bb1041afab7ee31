"""Pooled offices: the queue hands out what is most urgent, and nobody picks."""

from wss.clock import local_date, now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import Action, Status
from wss.queries.service_requests import RequestRow, visible_request
from wss.queries.todo import next_of_pool
from wss.services.steps.barring import hindrance_of, is_handed_out
from wss.services.steps.taking import Move, take_step


def take_next(actor: Actor) -> str | None:
    """Take up the most urgent complaint of the office that nobody has; its number, or None when none waits."""
    with transaction():
        if not is_handed_out(actor):
            raise Forbidden("not_pooled")
        passed_over: list[str] = []
        while True:
            number = next_of_pool(actor.office_code, actor.role.value, passed_over, local_date(now()))
            if number is None:
                return None
            seen = visible_request(actor, number, now())
            if hindrance_of(actor, seen) is None:
                take_step(actor, seen, _handing_out(actor, seen))
                return number
            # One's own connection is for a colleague.
            passed_over.append(number)


def _handing_out(actor: Actor, seen: RequestRow) -> Move:
    """Taking up what waits; what is in review already, and nobody has, is assigned."""
    if seen.status == Status.IN_REVIEW:
        return Move(Action.ASSIGN, assignee_id=actor.id, version=seen.version)
    return Move(Action.TAKE_UP, version=seen.version)
