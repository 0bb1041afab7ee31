"""Questions and decisions of officers on a disputed bill, counted with what was suggested for it."""

from wss.db import transaction
from wss.domain.actor import Actor
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.services.revisions._counted_step import COUNTED, counted_step

__all__ = ["COUNTED", "take_counted_step"]


def take_counted_step(
    actor: Actor, complaint_no: str, action_request: ActionRequest, *, takes_up: bool = False
) -> ActionResult:
    """Take an officer's step; with `takes_up` a waiting request is taken up first, in the same transaction."""
    with transaction():
        return counted_step(actor, complaint_no, action_request, takes_up=takes_up)
