"""Erasure of a consumer: closed where nothing has to be kept, anonymised once the logs need not be kept."""

from wss.clock import now
from wss.domain.actor import SYSTEM, Actor
from wss.domain.retention import RETENTION
from wss.models import Consumer
from wss.queries import erasure
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.shared.audit import record

ERASED = "erased"
AT_A_TIME = 20


def erase(actor: Actor, owner: Consumer) -> list[str]:
    """Notify the consumer, then close them; return the keys of documents to delete from the store."""
    at = now()
    queue_notice("account_erased", recipient(owner), {})
    erasure.end_everything_of(owner.id, ERASED, at)
    freed = erasure.drop_drafts_of(owner.id)
    erasure.close_consumer(owner.id, at)
    record(actor, "erase", f"consumer:{owner.id}")
    return freed


def anonymise(consumer_id: int) -> list[str]:
    """Anonymise the rest of a consumer who was closed long ago; return the keys of documents to delete."""
    freed = erasure.anonymise_consumer(consumer_id, now())
    record(SYSTEM, "empty", f"consumer:{consumer_id}")
    return freed


def recipient(owner: Consumer) -> Recipient:
    """Return the recipient with the verified mobile, else the one on record."""
    mobile = owner.mobile or erasure.mobile_on_record_of(owner.id)
    return Recipient(owner.language, mobile, consumer_id=owner.id)


def due_erasures() -> list[int]:
    """Return the consumers to erase now, among those who have asked for it."""
    return list(erasure.due_erasures(now(), RETENTION, AT_A_TIME))


def due_anonymisations() -> list[int]:
    """Return the closed consumers to anonymise now."""
    return list(erasure.consumers_to_anonymise(now() - RETENTION, AT_A_TIME))
