"""Sessions: who is signed in with this cookie, and ending them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update

from wss.db import affected, session
from wss.models import Consumer, Ownership, SignedIn


@dataclass(frozen=True, slots=True)
class SignedInConsumer:
    """The consumer behind a cookie, with what every page needs of them."""

    session_hash: str
    id: int
    user_name: str | None
    mobile: str | None
    email: str | None
    language: str
    sms_alerts: bool
    email_alerts: bool
    seen_at: datetime
    created_at: datetime
    is_held: bool


def signed_in_consumer(session_hash: str, at: datetime, seen_after: datetime) -> SignedInConsumer | None:
    """Who is signed in with this session, unless it ended or was idle too long; one statement."""
    owns = exists().where(
        Ownership.consumer_id == Consumer.id,
        Ownership.ended_at.is_(None),
        or_(Ownership.held_until.is_(None), Ownership.held_until <= at),
    )
    statement = (
        select(
            SignedIn.id_hash,
            Consumer.id,
            Consumer.user_name,
            Consumer.mobile,
            Consumer.email,
            Consumer.language,
            Consumer.sms_alerts,
            Consumer.email_alerts,
            SignedIn.seen_at,
            SignedIn.created_at,
            (~owns).label("is_held"),
        )
        .join(Consumer, Consumer.id == SignedIn.consumer_id)
        .where(
            SignedIn.id_hash == session_hash,
            SignedIn.expires_at > at,
            SignedIn.seen_at > seen_after,
            Consumer.closed_at.is_(None),
        )
    )
    found = session().execute(statement).first()
    return SignedInConsumer(*found) if found else None


def add_session(row: SignedIn) -> None:
    """Keep a new session."""
    session().add(row)


def touch_session(session_hash: str, at: datetime) -> None:
    """Note that the session is in use."""
    session().execute(
        update(SignedIn)
        .where(SignedIn.id_hash == session_hash)
        .values(seen_at=at)
        .execution_options(synchronize_session=False)
    )


def delete_session(session_hash: str) -> None:
    """End one session."""
    session().execute(delete(SignedIn).where(SignedIn.id_hash == session_hash))


def delete_sessions_of(consumer_id: int) -> int:
    """End every session of a consumer."""
    return affected(delete(SignedIn).where(SignedIn.consumer_id == consumer_id))


def delete_expired_sessions(at: datetime, seen_before: datetime) -> int:
    """Drop sessions that are over or were idle too long."""
    statement = delete(SignedIn).where(or_(SignedIn.expires_at <= at, SignedIn.seen_at <= seen_before))
    return affected(statement)
