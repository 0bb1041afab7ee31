"""Consumers and their ownerships."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, or_, select, update

from wss.db import core, execute_count, run, session
from wss.models import Connection, Consumer, Ownership
from wss.prepared_statements import PreparedStatement, StatementCall

# Built once: registration and every recovery run these first.
_active = (
    select(Consumer)
    .join(Ownership, Ownership.consumer_id == Consumer.id)
    .where(Ownership.account_no == bindparam("account_no"), Ownership.is_active_at(bindparam("at")))
)
_consumer = cast(Table, Consumer.__table__)
_staying = PreparedStatement(
    lambda: (
        select(_consumer.c.id)
        .where(_consumer.c.id == bindparam("consumer_id"), _consumer.c.closed_at.is_(None))
        .with_for_update(read=True, key_share=True)
    )
)


def consumer_by_login(login: str) -> Consumer | None:
    """Return the consumer with this user name, or who owns (or holds) the account with this number."""
    owner = (
        select(Ownership.consumer_id)
        .where(Ownership.account_no == login, Ownership.ended_at.is_(None))
        .scalar_subquery()
    )
    statement = select(Consumer).where(
        or_(Consumer.user_name == login, Consumer.id == owner), Consumer.closed_at.is_(None)
    )
    return session().execute(statement).scalars().first()


def consumer(consumer_id: int) -> Consumer | None:
    """Return the consumer with this id."""
    return session().get(Consumer, consumer_id)


def locked_active_consumer(consumer_id: int) -> Consumer | None:
    """Return the consumer unless closed, with a shared lock: an erasure waits until this transaction ends.

    Call it before anything else of the consumer is changed, to avoid a deadlock.
    """
    statement = _not_closed(consumer_id).with_for_update(read=True, key_share=True)
    return session().execute(statement.execution_options(populate_existing=True)).scalars().first()


def lock_if_active(consumer_id: int) -> bool:
    """Return whether the consumer is not closed, with the same lock."""
    return run(locked_if_active(consumer_id)) != [None]


def locked_if_active(consumer_id: int) -> StatementCall:
    """Return what finds the id of a consumer unless closed, with the same lock; each registration executes it first."""
    return StatementCall(_staying, {"consumer_id": consumer_id})


def is_current_password(consumer_id: int, password_hash: str) -> bool:
    """Return whether the password that was checked is still the consumer's; it cannot change in this transaction."""
    statement = _not_closed(consumer_id).where(Consumer.password_hash == password_hash)
    return session().execute(statement.with_for_update(read=True)).first() is not None


def _not_closed(consumer_id: int) -> Select[Consumer]:
    return select(Consumer).where(Consumer.id == consumer_id, Consumer.closed_at.is_(None))


def is_user_name_taken(user_name: str) -> bool:
    """Return whether a user name is taken."""
    return session().execute(select(Consumer.id).where(Consumer.user_name == user_name)).first() is not None


def current_ownership(account_no: str) -> Ownership | None:
    """Return the connection's ownership that has not ended: active or on hold."""
    statement = select(Ownership).where(Ownership.account_no == account_no, Ownership.ended_at.is_(None))
    return session().execute(statement).scalars().first()


def active_consumer(account_no: str, at: datetime) -> Consumer | None:
    """Return the consumer who owns this connection; an owner on hold does not count."""
    return session().execute(_active, {"account_no": account_no, "at": at}).scalars().first()


def ownership(ownership_id: int) -> Ownership | None:
    """Return the ownership with this id."""
    return session().get(Ownership, ownership_id)


def holds_of(consumer_id: int, at: datetime) -> list[Ownership]:
    """Return the consumer's ownerships that are still on hold."""
    statement = select(Ownership).where(
        Ownership.consumer_id == consumer_id, Ownership.ended_at.is_(None), Ownership.held_until > at
    )
    return list(session().execute(statement).scalars())


def lift_hold(ownership_id: int, at: datetime) -> int:
    """End a hold at once; return 1 when there was one."""
    statement = (
        update(Ownership)
        .where(Ownership.id == ownership_id, Ownership.ended_at.is_(None), Ownership.held_until > at)
        .values(held_until=at)
    )
    return execute_count(statement)


def expired_holds(at: datetime, how_many: int, consumer_id: int | None = None) -> list[Ownership]:
    """Return holds that have expired and whose notice is still to be sent.

    Those of one consumer, or the oldest of all.
    """
    statement = select(Ownership).where(
        Ownership.ended_at.is_(None),
        Ownership.held_until.is_not(None),
        Ownership.held_until <= at,
        Ownership.told_at.is_(None),
    )
    if consumer_id is not None:
        statement = statement.where(Ownership.consumer_id == consumer_id)
    return list(session().execute(statement.order_by(Ownership.held_until).limit(how_many)).scalars())


def mark_hold_notified(ownership_id: int, at: datetime) -> int:
    """Mark the notice of an expired hold as sent; return 1 for the first caller."""
    statement = (
        update(Ownership)
        .where(Ownership.id == ownership_id, Ownership.ended_at.is_(None), Ownership.told_at.is_(None))
        .values(told_at=at)
    )
    return execute_count(statement)


def end_ownership(ownership_id: int, because: str, at: datetime) -> int:
    """End an ownership; return 1 when it had not ended."""
    statement = (
        update(Ownership)
        .where(Ownership.id == ownership_id, Ownership.ended_at.is_(None))
        .values(ended_at=at, ended_because=because)
    )
    return execute_count(statement)


def connection_row(account_no: str) -> Connection | None:
    """Return a connection as the extract has it; for checks of ownership, never to show it without proof."""
    return session().get(Connection, account_no)


def lock_connection(account_no: str) -> None:
    """Lock this connection: other transactions that want it wait until this one ends."""
    session().execute(
        select(Connection.account_no).where(Connection.account_no == account_no).with_for_update()
    )


def consumers_with_mobile(mobile: str) -> dict[int, int]:
    """Return the consumers who have verified this number, each with the version of their known browsers."""
    statement = select(Consumer.id, Consumer.browsers_version).where(Consumer.mobile == mobile)
    return {each.id: each.browsers_version for each in core().execute(statement)}


def browsers_versions(consumer_ids: Collection[int]) -> dict[int, int]:
    """Return the version of the known browsers of each of these consumers who is not closed."""
    statement = select(Consumer.id, Consumer.browsers_version).where(
        Consumer.id.in_(consumer_ids), Consumer.closed_at.is_(None)
    )
    return {each.id: each.browsers_version for each in core().execute(statement)}


def forget_browsers_of(consumer_id: int) -> None:
    """Raise the version in one statement, so that no browser known now is known any longer."""
    statement = update(Consumer).where(Consumer.id == consumer_id)
    session().execute(statement.values(browsers_version=Consumer.browsers_version + 1))


def add(*rows: object) -> None:
    """Store new rows and set their ids."""
    session().add_all(rows)
    session().flush()


def add_consumer(newcomer: Consumer) -> Consumer:
    """Store a new consumer.

    A user name that was taken in the meantime is left out: the login is then the account number.
    """
    if newcomer.user_name is not None and is_user_name_taken(newcomer.user_name):
        newcomer.user_name = None
    add(newcomer)
    return newcomer


def confirm_email(consumer_id: int, email: str, at: datetime) -> int:
    """Mark the e-mail address as verified, if it is still the consumer's."""
    statement = (
        update(Consumer)
        .where(Consumer.id == consumer_id, Consumer.email == email)
        .values(email_verified_at=at, email_bounced_at=None)
    )
    return execute_count(statement)


def mark_bounced(consumer_id: int, email: str, at: datetime) -> int:
    """Record that mail to an address bounces, while it is the consumer's; return 0 when that is already known."""
    statement = update(Consumer).where(
        Consumer.id == consumer_id, Consumer.email == email, Consumer.email_bounced_at.is_(None)
    )
    return execute_count(statement.values(email_bounced_at=at))


def end_email_alerts(consumer_id: int, email: str) -> int:
    """Stop alerts by e-mail, while the address is the consumer's; return 0 when they are already stopped."""
    statement = update(Consumer).where(
        Consumer.id == consumer_id, Consumer.email == email, Consumer.email_alerts.is_(True)
    )
    return execute_count(statement.values(email_alerts=False))


def set_password_hash(consumer_id: int, password_hash: str) -> None:
    """Replace the hash of the password."""
    session().execute(update(Consumer).where(Consumer.id == consumer_id).values(password_hash=password_hash))


def set_logged_in_at(consumer_id: int, at: datetime) -> None:
    """Record when a consumer last logged in."""
    session().execute(
        update(Consumer)
        .where(Consumer.id == consumer_id)
        .values(signed_in_at=at)
        .execution_options(synchronize_session=False)
    )


def set_language(consumer_id: int, language: str) -> None:
    """Store the language that a consumer chose."""
    session().execute(update(Consumer).where(Consumer.id == consumer_id).values(language=language))


def update_settings(consumer_id: int, **settings: Any) -> None:
    """Store a consumer's settings."""
    session().execute(update(Consumer).where(Consumer.id == consumer_id).values(**settings))
