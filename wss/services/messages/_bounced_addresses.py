"""Bounced e-mail addresses: a consumer whose letters come back gets no more alerts by e-mail."""

from typing import Any

from wss.clock import now
from wss.domain.actor import SYSTEM
from wss.models import Message
from wss.queries.consumers import mark_bounced
from wss.services.shared.audit import record


def note_bounce(message: Message | Any) -> None:
    """Mark the address of a letter that bounced, while it is still its consumer's address."""
    if message.channel != "email" or message.consumer_id is None:
        return
    if mark_bounced(message.consumer_id, message.recipient, now()):
        record(SYSTEM, "email_bounced", f"consumer:{message.consumer_id}")
