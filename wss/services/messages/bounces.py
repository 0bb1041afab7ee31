"""Bounces: a letter that came back is marked as failed, and its address gets no more alerts."""

from wss.clock import now
from wss.db import reading, transaction
from wss.domain.bounces import bounce_in
from wss.domain.delivery import DeliveryState, states_changed_by
from wss.queries import messages, outbox
from wss.queries.consumers import locked_active_consumer
from wss.services.messages._bounced_addresses import note_bounce

LARGEST_MAIL = 1_000_000


def apply_bounce(raw: bytes) -> bool:
    """Apply a bounce mail from a mail server to its letter; return whether anything changed."""
    bounce = bounce_in(raw[:LARGEST_MAIL])
    if bounce is None:
        return False
    with reading():
        seen = outbox.message_of(bounce.key)
    if seen is None or seen.channel != "email" or seen.recipient.casefold() in bounce.others:
        return False
    with transaction():
        # The consumer is locked first, as in every service, or two transactions would wait for each other.
        if seen.consumer_id is not None:
            locked_active_consumer(seen.consumer_id)
        changes = {"state": DeliveryState.PERMANENT_FAILURE, "settled_at": now(), "reason": bounce.status}
        changes |= {"text_sealed": ""} if seen.secret else {}
        if not outbox.settle_by_receipt(seen.id, states_changed_by(DeliveryState.PERMANENT_FAILURE), changes):
            return False
        if seen.service_request_id is not None:
            messages.bump_news(seen.service_request_id)
        note_bounce(seen)
    return True
