"""Disputes of a request by its SMS link: it is frozen until the help-desk's supervisor unfreezes or cancels it."""

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden, NotFound
from wss.domain.lifecycle import Action
from wss.queries.reference import reference
from wss.queries.service_requests import RequestRow, lock_request, visible_request
from wss.queries.supervision import taken_by
from wss.services.messages.notices import queue_notice
from wss.services.requests._freeze import set_frozen
from wss.services.requests.creation import notice_values
from wss.services.requests.request_links import DISPUTE, request_behind_link
from wss.services.requests.transition import apply_transition, recipient_about
from wss.services.requests.transition_types import ActionRequest
from wss.services.shared import links


def asked_about(token: str) -> RequestRow | None:
    """Return the request that can be disputed by this link; None for an invalid link."""
    found = request_behind_link(links.peek_link(token, DISPUTE))
    return found[1] if found and not found[1].frozen else None


def dispute(token: str, remark: str) -> bool:
    """Freeze the request, once; False for an invalid link."""
    try:
        with transaction():
            subject = links.consume_link(token, DISPUTE)
            found = request_behind_link(subject)
            if found is not None:
                # An officer's step at the same moment must not make the link look expired.
                lock_request(found[1].complaint_no)
                found = request_behind_link(subject)
            if found is not None:
                set_frozen(*found, True, remark)
        return found is not None
    except Forbidden:
        return False


def lift(actor: Actor, complaint_no: str, reason: str) -> None:
    """Unfreeze the request by the supervisor's decision; the consumer is notified."""
    with transaction():
        seen = _disputed(actor, complaint_no, reason)
        set_frozen(actor, seen, False, reason)
        recipient = recipient_about(seen)
        values = notice_values(
            reference(seen.reference_version).kinds[seen.kind], complaint_no, recipient.language
        )
        queue_notice("dispute_lifted", recipient, values, service_request=seen, event_number=seen.version + 1)


def cancel(actor: Actor, complaint_no: str, reason: str) -> None:
    """Cancel a request that was not the consumer's, by the supervisor's decision; the consumer is notified."""
    with transaction():
        apply_transition(actor, _disputed(actor, complaint_no, reason), ActionRequest(Action.CANCEL, reason))


def _disputed(actor: Actor, complaint_no: str, reason: str) -> RequestRow:
    """Return the disputed request; only a supervisor may decide, and must give a reason."""
    if actor.role is not Role.HELPDESK_SUPERVISOR:
        raise NotFound
    seen = visible_request(actor, complaint_no, now())
    # The employee who took the call must not decide about its request.
    if seen.call_id is not None and taken_by(seen.call_id) == actor.id:
        raise Forbidden("own_call")
    if not reason.strip():
        raise Forbidden("remark_required")
    return seen
