"""Unsubscribing from alerts by e-mail, with the link in such a letter."""

from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.models import Consumer
from wss.queries.consumers import consumer, end_email_alerts, locked_active_consumer
from wss.services.messages._unsubscribe_link import is_sent_to, whose_alerts
from wss.services.shared.audit import record


def gets_alerts(token: str) -> bool | None:
    """Return whether the letter's reader still gets alerts; None for a link that is invalid or to a former address."""
    consumer_id = whose_alerts(token)
    told = consumer(consumer_id) if consumer_id is not None else None
    return told.email_alerts if told is not None and _is_theirs(token, told) else None


def end_alerts(token: str) -> bool:
    """End the alerts; idempotent. Return False when the link is invalid or went to a former address."""
    consumer_id = whose_alerts(token)
    if consumer_id is None:
        return False
    with transaction():
        told = locked_active_consumer(consumer_id)
        if told is None or not _is_theirs(token, told) or told.email is None:
            return False
        if end_email_alerts(told.id, told.email):
            asked = Actor(Role.CONSUMER, str(told.id))
            record(asked, "alerts_stopped", f"consumer:{told.id}", channel="email")
        return True


def _is_theirs(token: str, told: Consumer) -> bool:
    return told.closed_at is None and told.email is not None and is_sent_to(token, told.id, told.email)
