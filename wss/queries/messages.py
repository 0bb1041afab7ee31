"""Statements of messages: queue them, and mark the timelines that show them as changed."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from wss.db import core, session, write_later
from wss.models import Message, ServiceRequest
from wss.prepared_statements import PreparedStatement

_add = PreparedStatement(lambda: insert(cast(Table, Message.__table__)))
_request = ServiceRequest.__table__.c
_bump = (
    update(cast(Table, ServiceRequest.__table__))
    .where(_request.id == bindparam("of"))
    .values(news=_request.news + 1)
)


def queue(rows: list[dict[str, Any]]) -> None:
    """Add messages to the outbox, within the transaction that causes them."""
    for row in rows:
        write_later(_add, row)


def newest_messages(how_many: int) -> Sequence[Message]:
    """Return the newest messages; only the development inbox shows them."""
    statement = (
        select(Message).order_by(Message.created_at.desc(), Message.urgency, Message.id).limit(how_many)
    )
    return session().execute(statement).scalars().all()


def messages_to(recipients: Sequence[str], how_many: int) -> Sequence[Message]:
    """Return the newest messages to some mobiles or addresses, for demo data and its tour."""
    statement = (
        select(Message)
        .where(Message.recipient.in_(recipients))
        .order_by(Message.created_at.desc(), Message.id)
        .limit(how_many)
    )
    return session().execute(statement).scalars().all()


def bump_news(*service_request_ids: int) -> None:
    """Mark the timelines of requests as changed."""
    if service_request_ids:
        # Sorted, so that two workers always lock the rows in the same order and cannot deadlock.
        core().execute(_bump, [{"of": number} for number in sorted(service_request_ids)])


def languages_of(message_ids: list[str]) -> dict[str, str]:
    """Return the languages of messages."""
    statement = select(Message.id, Message.language).where(Message.id.in_(message_ids))
    return {message_id: language for message_id, language in core().execute(statement)}
