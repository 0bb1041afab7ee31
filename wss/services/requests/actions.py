"""Actions on a request, by an actor who may see it or by an SMS link; concurrent changes are not overwritten."""

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import Action, Status
from wss.queries.drafts import delete_remark
from wss.queries.service_requests import RequestRow, lock_request, visible_request
from wss.services.requests._repeated_answers import repeats_answer
from wss.services.requests.daily_limits import count_step_of_consumer
from wss.services.requests.officer_checks import check_officer
from wss.services.requests.request_links import request_behind_link
from wss.services.requests.transition import CONFIRM, apply_transition
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.services.shared import links


def take_action(actor: Actor, complaint_no: str, action_request: ActionRequest) -> ActionResult:
    """Move a request one step along its life cycle, record it, and queue the notices it calls for. Raises TooOften for
    what a consumer has done too often today."""
    with transaction():
        if action_request.action in (Action.ADD_DOCUMENT, Action.ANSWER):
            # Of two photos sent at once the second waits, and is added to the answer.
            lock_request(complaint_no)
        seen = visible_request(actor, complaint_no, now())
        check_officer(actor, seen, action_request)
        if repeats_answer(actor, seen, action_request):
            moved = ActionResult(Status(seen.status), seen.version, action=action_request.action)
        else:
            moved = apply_transition(actor, seen, action_request)
            # Counted after the transition: a forbidden action is refused as such, and one too many is rolled back
            # with its count.
            if actor.consumer_id is not None:
                count_step_of_consumer(action_request.action, actor.consumer_id, seen.account_no)
        if actor.role is Role.CONSUMER:
            delete_remark(complaint_no)
    return moved


def asked_to_confirm(token: str) -> RequestRow | None:
    """Return the resolved request that a link asks about, without using the link; None for an invalid link."""
    subject = links.peek_link(token, CONFIRM)
    found = _waits_for_answer(subject)
    return found[1] if found else None


def answer_by_link(token: str, action_request: ActionRequest) -> ActionResult | None:
    """Confirm or refuse a resolution by its link, once; None for an invalid link."""
    try:
        with transaction():
            subject = links.consume_link(token, CONFIRM)
            found = _waits_for_answer(subject)
            return apply_transition(*found, action_request) if found else None
    except (Forbidden, Outdated):
        return None


def _waits_for_answer(subject: str | None) -> tuple[Actor, RequestRow] | None:
    """Return the addressee and the request, while it waits for the answer and is still theirs."""
    found = request_behind_link(subject)
    return found if found and found[1].status == Status.RESOLVED and not found[1].frozen else None
