"""Changes of ownership: one ends, the next begins, and everyone concerned is notified."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from wss.clock import now
from wss.domain.actor import Actor
from wss.domain.ownership import NOT_ME_LIFE, RecordedContacts
from wss.models import Connection, Consent, Consumer, Ownership
from wss.queries.codes import end_tokens
from wss.queries.consumers import (
    add,
    consumer,
    current_ownership,
    end_ownership,
    is_user_name_taken,
    lock_connection,
    locked_active_consumer,
)
from wss.queries.proofs import accounts_of
from wss.services.login.known_browsers import end_sessions
from wss.services.messages.notices import Recipient, confirmed_email, queue_notice
from wss.services.shared.audit import record
from wss.services.shared.links import new_link

CLAIMED = "connection_claimed"


def on_record_of(connection: Connection | None) -> RecordedContacts:
    """Return the people of a connection in the billing extract, and whose number protects it now."""
    return RecordedContacts(None, None) if connection is None else RecordedContacts.as_of(connection, now())


def send_hold_links(owned: Ownership, language: str, numbers: Iterable[str]) -> None:
    """Send the link that ends a held ownership to the numbers that protect its connection."""
    for number in numbers:
        token = new_link("not_me", f"ownership:{owned.id}", NOT_ME_LIFE)
        queue_notice("not_me", Recipient(language, number), {"path": f"/not-me/{token}"})


def end_current(account_no: str, because: str, notice: str) -> Ownership | None:
    """End the present ownership, if any: its owner's sessions and links end, and the owner is notified. Locks the
    connection and the consumer."""
    lock_connection(account_no)
    current = current_ownership(account_no)
    # A consumer who is being erased loses the ownership by the erasure.
    if current is None or locked_active_consumer(current.consumer_id) is None:
        return None
    end_ownership(current.id, because, now())
    end_tokens("not_me", f"ownership:{current.id}", now())
    end_sessions(current.consumer_id)
    former_owner = consumer(current.consumer_id)
    if former_owner is not None:
        recipient = Recipient(
            former_owner.language, former_owner.mobile, confirmed_email(former_owner), former_owner.id
        )
        queue_notice(notice, recipient, {})
        if notice == CLAIMED:
            _give_user_name(former_owner, recipient)
    return current


def _give_user_name(former_owner: Consumer, recipient: Recipient) -> None:
    """Give a user name to a consumer who logged in with the number of a connection that now belongs to another,
    and send it: their data and their requests stay theirs."""
    if former_owner.user_name is not None or accounts_of(former_owner.id):
        return
    while is_user_name_taken(name := f"u{secrets.randbelow(10**8):08d}"):
        continue
    former_owner.user_name = name
    queue_notice("user_name", recipient, {"user_name": name})


def begin_ownership(
    actor: Actor, owner_id: int, account_no: str, *, held_until: datetime | None = None
) -> Ownership:
    """Give a connection without an owner to a consumer."""
    owned = Ownership(consumer_id=owner_id, account_no=account_no, held_until=held_until, created_at=now())
    add(owned)
    record(actor, "own", f"connection:{account_no}", consumer=owner_id)
    return owned


def consents_of(
    new_consumer: Consumer, terms_version: str, privacy_version: str, at: datetime
) -> list[Consent]:
    """Return the consents of a new consumer: each text with its version and the time."""
    return [
        Consent(consumer_id=new_consumer.id, subject=subject, version=version, given_at=at)
        for subject, version in (("terms", terms_version), ("privacy", privacy_version))
    ]
