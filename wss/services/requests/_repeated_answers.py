"""Repeated answers, sent twice by a double click or a reload: they count once, and are no conflict."""

from wss.domain.actor import Actor, Role
from wss.domain.lifecycle import Action, Status
from wss.queries.documents import documents_of_request
from wss.queries.service_requests import RequestRow
from wss.queries.timelines import timeline
from wss.services.requests.transition_types import ActionRequest


def repeats_answer(actor: Actor, seen: RequestRow, action_request: ActionRequest) -> bool:
    """Return whether the action is the answer that the request has just got, with the same words and documents."""
    if (
        actor.role is not Role.CONSUMER
        or action_request.action is not Action.ANSWER
        or seen.status != Status.IN_REVIEW
    ):
        return False
    last = timeline(seen.id)[-1]
    if last.action != Action.ANSWER or last.remark != action_request.remark.strip():
        return False
    ids = last.details.get("documents", ())
    kept = sorted((each.label, each.size) for each in documents_of_request(seen.id) if each.id in ids)
    return kept == sorted((each.label, each.size) for each in action_request.documents)
