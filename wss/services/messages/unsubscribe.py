"""Unsubscribing from alerts by e-mail, with the link in such a letter."""

from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.models import Consumer
from wss.queries.consumers import consumer, end_email_alerts, locked_active_consumer
from wss.services.messages._unsubscribe_link import consumer_of_link, is_sent_to
from wss.services.shared.audit import record


def gets_alerts(token: str) -> bool | None:
    """Return whether the letter's reader still gets alerts; None for a link that is invalid or to a former address."""
    consumer_id = consumer_of_link(token)
    recipient = consumer(consumer_id) if consumer_id is not None else None
    return recipient.email_alerts if recipient is not None and _belongs_to(token, recipient) else None


def end_alerts(token: str) -> bool:
    """End the alerts; idempotent. Return False when the link is invalid or went to a former address."""
    consumer_id = consumer_of_link(token)
    if consumer_id is None:
        return False
    with transaction():
        recipient = locked_active_consumer(consumer_id)
        if recipient is None or not _belongs_to(token, recipient) or recipient.email is None:
            return False
        if end_email_alerts(recipient.id, recipient.email):
            asked = Actor(Role.CONSUMER, str(recipient.id))
            record(asked, "alerts_stopped", f"consumer:{recipient.id}", channel="email")
        return True


def _belongs_to(token: str, recipient: Consumer) -> bool:
    return (
        recipient.closed_at is None
        and recipient.email is not None
        and is_sent_to(token, recipient.id, recipient.email)
    )
