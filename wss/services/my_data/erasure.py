"""Requests for erasure: carried out at once where nothing has to be kept, otherwise stored until later."""

from enum import StrEnum

from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import NotFound
from wss.domain.retention import erasure_obstacle
from wss.gateways.documents import DocumentStore
from wss.models import Consumer
from wss.queries import erasure
from wss.services.messages.notices import queue_notice
from wss.services.my_data import anonymisation
from wss.services.shared.audit import record


class ErasureOutcome(StrEnum):
    """The outcome of a request for erasure."""

    ERASED = "erased"
    REMEMBERED = "remembered"


def request_erasure(actor: Actor, store: DocumentStore) -> ErasureOutcome:
    """Erase the reauthenticated consumer, or store the request while something has to be kept."""
    store.check()
    with transaction():
        owner = erasure.lock_consumer(_own_id(actor))
        if owner is None:
            raise NotFound
        if erasure_obstacle(erasure.activity_of(owner), now()) is not None:
            _remember(actor, owner)
            return ErasureOutcome.REMEMBERED
        freed = anonymisation.erase(actor, owner)
    for key in freed:
        store.delete(key)
    return ErasureOutcome.ERASED


def withdraw_erasure_request(actor: Actor) -> None:
    """Withdraw the request for erasure."""
    with transaction():
        erasure.set_erasure_request(_own_id(actor), None)
        record(actor, "erasure_taken_back", f"consumer:{actor.id}")


def _remember(actor: Actor, owner: Consumer) -> None:
    if owner.erasure_asked_at is None:
        erasure.set_erasure_request(owner.id, now())
        record(actor, "erasure_asked", f"consumer:{owner.id}")
        queue_notice("erasure_asked", anonymisation.recipient(owner), {})


def _own_id(actor: Actor) -> int:
    if actor.consumer_id is None:
        raise NotFound
    return actor.consumer_id
