"""Ownership changes hands: one ends, the next begins, and everybody concerned is told."""

from datetime import datetime

from wss.clock import now
from wss.domain.actor import Actor
from wss.models import Consent, Consumer, Ownership
from wss.queries.codes import end_tokens
from wss.queries.consumers import (
    add,
    consumer,
    current_ownership,
    end_ownership,
    lock_connection,
    staying_consumer,
)
from wss.queries.sessions import delete_sessions_of
from wss.services.steps.audit import record
from wss.services.steps.notices import Recipient, queue_notice


def end_current(account_no: str, because: str, notice: str) -> Ownership | None:
    """End whoever's ownership there is: their sessions and links go, and they are told. Waits for others first."""
    lock_connection(account_no)
    current = current_ownership(account_no)
    # Whoever is being erased just now owns nothing in a moment.
    if current is None or staying_consumer(current.consumer_id) is None:
        return None
    end_ownership(current.id, because, now())
    end_tokens("not_me", f"ownership:{current.id}", now())
    delete_sessions_of(current.consumer_id)
    loser = consumer(current.consumer_id)
    if loser is not None:
        queue_notice(notice, Recipient(loser.language, loser.mobile, consumer_id=loser.id), {})
    return current


def begin_ownership(
    actor: Actor, owner_id: int, account_no: str, *, held_until: datetime | None = None
) -> Ownership:
    """Give a connection that nobody owns to a consumer."""
    owned = Ownership(consumer_id=owner_id, account_no=account_no, held_until=held_until, created_at=now())
    add(owned)
    record(actor, "own", f"connection:{account_no}", consumer=owner_id)
    return owned


def consents_of(newcomer: Consumer, terms_version: str, privacy_version: str, at: datetime) -> list[Consent]:
    """What a new consumer has agreed to, each text with its version and the time."""
    return [
        Consent(consumer_id=newcomer.id, subject=subject, version=version, given_at=at)
        for subject, version in (("terms", terms_version), ("privacy", privacy_version))
    ]
