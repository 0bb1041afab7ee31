"""A step on several requests: each is taken in its own transaction, as the step on a single request, and once.

What is refused is the outcome of its request only; the others are done.
"""

from collections.abc import Callable, Sequence

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden, Malformed, NotFound, Outdated
from wss.domain.lifecycle import UNASSIGNED, Action, Status, apply_action
from wss.domain.step_batches import (
    DONE,
    STEPS_AT_MOST,
    STEPS_FOR_SEVERAL,
    ChosenRequest,
    not_in_status,
)
from wss.queries import step_batches
from wss.queries.service_requests import RequestRow, visible_request
from wss.queries.step_batches import StepLine
from wss.services.requests.officer_checks import check_officer
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions._counted_step import counted_step
from wss.services.shared.audit import record


def begin_steps(actor: Actor, form_token: str, action: Action, chosen: Sequence[ChosenRequest]) -> int:
    """Store which requests a form has chosen; return the batch, which is the same when the form is sent again.

    Raises Forbidden for none and for too many, Outdated for a form that was sent for another step.
    """
    if action not in STEPS_FOR_SEVERAL or not 0 < len(chosen) <= STEPS_AT_MOST:
        raise Forbidden("batch_size")
    with transaction():
        batch_id = step_batches.add_step_batch(form_token, actor.id, action.value, now())
        if batch_id is not None:
            step_batches.add_step_items(batch_id, chosen)
            record(actor, "step_on_several", f"steps:{batch_id}", step=action.value, items=len(chosen))
            return batch_id
        known = step_batches.batch_of_form(form_token, actor.id, action.value)
    if known is None:
        raise Outdated
    return known


def settle_step(actor: Actor, batch_id: int, item: StepLine, made: Callable[[], ActionRequest]) -> None:
    """Take the step on a request of the actor's batch, unless it is settled; its outcome is stored in any case.

    `made` returns the step with its values for this request, or raises why there is none.
    """
    try:
        move = made()
        with transaction():
            if not step_batches.settle_step_if_open(batch_id, item.position, DONE):
                return
            counted_step(actor, item.complaint_no, move, takes_up=True)
    except (Forbidden, Malformed, NotFound, Outdated) as no:
        with transaction():
            step_batches.settle_step_if_open(batch_id, item.position, no.code)


def step_obstacle(actor: Actor, chosen: ChosenRequest, action: Action) -> str | None:
    """Return why a step cannot be taken on a request now, as a code; None if it can. Nothing is stored.

    Whether the values of the step fit the request shows when it is taken.
    """
    try:
        seen = visible_request(actor, chosen.complaint_no, now())
        if seen.frozen:
            raise Forbidden("frozen")
        if seen.version != chosen.version:
            raise Outdated
        _check(actor, seen, action)
    except (Forbidden, NotFound, Outdated) as no:
        return no.code
    return None


def _check(actor: Actor, seen: RequestRow, action: Action) -> None:
    """Check the step; a waiting request would be taken up first. A wrong status is named in the code."""
    status = Status(seen.status)
    for step in (Action.TAKE_UP, action) if status in UNASSIGNED else (action,):
        try:
            status = apply_action(status, step, actor.role, "-").to
        except Forbidden as no:
            raise Forbidden(not_in_status(seen.status)) from no
        check_officer(actor, seen, ActionRequest(step))
