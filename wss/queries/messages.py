"""Statements of messages: queue them, and how they stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, update

from wss.db import core, session
from wss.domain.delivery import State
from wss.models import Message, ServiceRequest

_add = insert(cast(Table, Message.__table__))
_NOT_YET = [State.WAITING, State.SENDING, State.TEMPORARY_FAILURE]
# In words, as in the index of what is due: of a value that comes later no database knows that the index covers it.
_UNSETTLED = Message.state.in_(bindparam("not_yet", _NOT_YET, expanding=True, literal_execute=True))
_request = ServiceRequest.__table__.c
_bump = (
    update(cast(Table, ServiceRequest.__table__))
    .where(_request.id == bindparam("of"))
    .values(news=_request.news + 1)
)


def queue(rows: list[dict[str, Any]]) -> None:
    """Put messages into the outbox, within the transaction that causes them."""
    core().execute(_add, rows)


def newest_messages(how_many: int) -> Sequence[Message]:
    """The newest messages; only the development inbox shows them."""
    statement = (
        select(Message).order_by(Message.created_at.desc(), Message.urgency, Message.id).limit(how_many)
    )
    return session().execute(statement).scalars().all()


def oldest_waiting(at: datetime) -> datetime | None:
    """Since when the oldest message that is due has been waiting."""
    statement = select(func.min(Message.due_at)).where(_UNSETTLED, Message.due_at <= at)
    return session().execute(statement).scalar()


def latest_to_subject(notice: str, recipient: str) -> Message | None:
    """The newest message of this notice to this recipient; the OTP page tells how it fares."""
    statement = (
        select(Message)
        .where(Message.notice == notice, Message.recipient == recipient)
        .order_by(Message.created_at.desc())
        .limit(1)
    )
    return session().execute(statement).scalars().first()


def bump_news(*service_request_ids: int) -> None:
    """Say that the timelines of requests show something new."""
    if service_request_ids:
        # In one order everywhere, so that two workers never wait for each other.
        core().execute(_bump, [{"of": number} for number in sorted(service_request_ids)])


def unsettled_by_channel() -> list[tuple[str, int]]:
    """How many messages wait or are being sent, by channel."""
    statement = select(Message.channel, func.count()).where(_UNSETTLED).group_by(Message.channel)
    return [(channel, count) for channel, count in session().execute(statement.order_by(Message.channel))]
