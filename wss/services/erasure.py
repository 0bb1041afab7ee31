"""Asking to be forgotten: with the password, at once where nothing has to be kept, otherwise remembered."""

from dataclasses import dataclass
from enum import StrEnum

from wss import passwords
from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import NotFound
from wss.domain.retention import hindrance
from wss.domain.throttle import Limit
from wss.gateways.documents import DocumentStore
from wss.models import Consumer
from wss.queries import erasure
from wss.queries.consumers import consumer
from wss.services.steps import erasing, limits
from wss.services.steps.audit import record
from wss.services.steps.notices import queue_notice


class Outcome(StrEnum):
    """How asking ended."""

    ERASED = "erased"
    REMEMBERED = "remembered"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class Asked:
    """The outcome; when refused for now, the seconds to wait."""

    outcome: Outcome
    retry_after: int = 0


def ask_erasure(actor: Actor, password: str, store: DocumentStore) -> Asked:
    """Erase the consumer, or remember the wish while something has to be kept. The password is checked between
    two transactions, as at sign-in."""
    consumer_id = _own_id(actor)
    with transaction():
        spent = limits.spend(Limit.PROVE_AGAIN, f"consumer {consumer_id}")
        owner = consumer(consumer_id)
    if not spent.allowed:
        return Asked(Outcome.TOO_OFTEN, spent.retry_after)
    if owner is None or not passwords.is_right(password, owner.password_hash):
        return Asked(Outcome.WRONG)
    with transaction():
        limits.clear(Limit.PROVE_AGAIN, f"consumer {consumer_id}")
        owner = erasure.lock_consumer(consumer_id)
        if owner is None:
            raise NotFound
        if hindrance(erasure.standing_of(owner), now()) is not None:
            _remember(actor, owner)
            return Asked(Outcome.REMEMBERED)
        freed = erasing.erase(actor, owner)
    for key in freed:
        store.delete(key)
    return Asked(Outcome.ERASED)


def keep_account(actor: Actor) -> None:
    """Take the wish to be erased back."""
    with transaction():
        erasure.wish_erasure(_own_id(actor), None)
        record(actor, "erasure_taken_back", f"consumer:{actor.id}")


def _remember(actor: Actor, owner: Consumer) -> None:
    if owner.erasure_asked_at is None:
        erasure.wish_erasure(owner.id, now())
        record(actor, "erasure_asked", f"consumer:{owner.id}")
        queue_notice("erasure_asked", erasing.recipient(owner), {})


def _own_id(actor: Actor) -> int:
    if actor.consumer_id is None:
        raise NotFound
    return actor.consumer_id
