"""Remembers that letters to a consumer's address come back, so that they get no more alerts there."""

from typing import Any

from wss.clock import now
from wss.domain.actor import SYSTEM
from wss.models import Message
from wss.queries.consumers import mark_bounced
from wss.services.shared.audit import record


def note_bounce(message: Message | Any) -> None:
    """Mark the address of a letter that came back, while it is its consumer's."""
    if message.channel != "email" or message.consumer_id is None:
        return
    if mark_bounced(message.consumer_id, message.recipient, now()):
        record(SYSTEM, "email_bounced", f"consumer:{message.consumer_id}")
