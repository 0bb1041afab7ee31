"""Sessions of consumers: who is logged in with a cookie, and ending sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, exists, or_, select, update

from wss.db import core, execute_count, session
from wss.models import Consumer, Ownership, SignedIn
from wss.queries._driver_reads import DriverRead


@dataclass(frozen=True, slots=True)
class SignedInConsumer:
    """The consumer of a session cookie, with the fields that every page needs."""

    session_hash: str
    id: int
    user_name: str | None
    mobile: str | None
    email: str | None
    language: str
    sms_alerts: bool
    email_alerts: bool
    email_verified_at: datetime | None
    email_bounced_at: datetime | None
    seen_at: datetime
    created_at: datetime
    stepped_up_at: datetime | None
    is_held: bool


# Core tables, and one statement built once: every page for a consumer who is logged in begins with it.
_session = cast(Table, SignedIn.__table__)
_consumer = cast(Table, Consumer.__table__)
_ownership = cast(Table, Ownership.__table__)
_owns = exists().where(_ownership.c.consumer_id == _consumer.c.id, Ownership.is_active_at(bindparam("at")))
_signed_in = (
    select(
        _session.c.id_hash,
        _consumer.c.id,
        _consumer.c.user_name,
        _consumer.c.mobile,
        _consumer.c.email,
        _consumer.c.language,
        _consumer.c.sms_alerts,
        _consumer.c.email_alerts,
        _consumer.c.email_verified_at,
        _consumer.c.email_bounced_at,
        _session.c.seen_at,
        _session.c.created_at,
        _session.c.stepped_up_at,
        (~_owns).label("is_held"),
    )
    .join(_consumer, _consumer.c.id == _session.c.consumer_id)
    .where(
        _session.c.id_hash == bindparam("session_hash"),
        _session.c.expires_at > bindparam("at"),
        _session.c.seen_at > bindparam("seen_after"),
        _consumer.c.closed_at.is_(None),
    )
)
_read_signed_in = DriverRead(_signed_in, SignedInConsumer)


def signed_in_consumer(session_hash: str, at: datetime, seen_after: datetime) -> SignedInConsumer | None:
    """Return the consumer of this session, unless it has ended or was idle for too long; one statement."""
    return _read_signed_in.first(session_hash=session_hash, at=at, seen_after=seen_after)


def expired_consumer(session_hash: str) -> int | None:
    """Return the consumer of a session even if it has expired; only to store for them what they had typed."""
    statement = (
        select(_session.c.consumer_id)
        .join(_consumer, _consumer.c.id == _session.c.consumer_id)
        .where(_session.c.id_hash == session_hash, _consumer.c.closed_at.is_(None))
    )
    return core().execute(statement).scalar()


def add_session(row: SignedIn) -> None:
    """Store a new session."""
    session().add(row)


def touch_session(session_hash: str, at: datetime) -> None:
    """Record that the session is in use."""
    session().execute(
        update(SignedIn)
        .where(SignedIn.id_hash == session_hash)
        .values(seen_at=at)
        .execution_options(synchronize_session=False)
    )


def postpone_sessions(span: timedelta) -> None:
    """Move the times of every session, as the clock of a demo was moved."""
    for row in session().execute(select(SignedIn)).scalars():
        row.created_at += span
        row.seen_at += span
        row.expires_at += span


def delete_session(session_hash: str) -> None:
    """End one session."""
    session().execute(delete(SignedIn).where(SignedIn.id_hash == session_hash))


def delete_other_sessions(consumer_id: int, session_hash: str) -> int:
    """End every session of a consumer except this one; "" ends all."""
    statement = delete(SignedIn).where(SignedIn.consumer_id == consumer_id, SignedIn.id_hash != session_hash)
    return execute_count(statement)


def note_confirmed(consumer_id: int, session_hash: str, at: datetime) -> int:
    """Record that the consumer has just given the password or an OTP in this session; return 0 when it has ended."""
    statement = (
        update(SignedIn)
        .where(SignedIn.consumer_id == consumer_id, SignedIn.id_hash == session_hash)
        .values(stepped_up_at=at)
    )
    return execute_count(statement)


def delete_expired_sessions(at: datetime, seen_before: datetime) -> int:
    """Delete sessions that have expired or were idle for too long."""
    statement = delete(SignedIn).where(or_(SignedIn.expires_at <= at, SignedIn.seen_at <= seen_before))
    return execute_count(statement)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its consumer sees it."""

    id_hash: str
    browser: str
    created_at: datetime
    seen_at: datetime


def sessions_of(consumer_id: int, at: datetime, seen_after: datetime) -> list[SessionRow]:
    """Return where a consumer is logged in, the latest used first."""
    statement = (
        select(SignedIn.id_hash, SignedIn.browser, SignedIn.created_at, SignedIn.seen_at)
        .where(SignedIn.consumer_id == consumer_id, SignedIn.expires_at > at, SignedIn.seen_at > seen_after)
        .order_by(SignedIn.seen_at.desc())
    )
    return [SessionRow(*row) for row in session().execute(statement)]


def delete_own_session(consumer_id: int, id_hash: str) -> int:
    """End a session if it is this consumer's; return how many were ended."""
    return execute_count(
        delete(SignedIn).where(SignedIn.consumer_id == consumer_id, SignedIn.id_hash == id_hash)
    )
