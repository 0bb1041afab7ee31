"""The outbox's statements: queue, claim with a lease, settle."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, func, insert, or_, select, update

from wss.db import affected, core, database, session
from wss.domain.delivery import State
from wss.models import Message, ServiceRequest

_add = insert(cast(Table, Message.__table__))
_UNSETTLED = Message.state.in_([State.WAITING, State.SENDING])


def queue(rows: list[dict[str, Any]]) -> None:
    """Put messages into the outbox, within the transaction that causes them."""
    core().execute(_add, rows)


def claim_messages(at: datetime, leased_until: datetime, how_many: int) -> Sequence[Message]:
    """Lease the most urgent messages that are due to this worker; another worker gets others."""
    due = or_(
        and_(Message.state == State.WAITING, Message.due_at <= at),
        and_(Message.state == State.SENDING, Message.leased_until <= at),
    )
    chosen = (
        select(Message.id)
        .where(_UNSETTLED, due)
        .order_by(Message.urgency, Message.due_at, Message.id)
        .limit(how_many)
    )
    if not database().is_sqlite:
        chosen = chosen.with_for_update(skip_locked=True)
    statement = (
        update(Message)
        .where(Message.id.in_(chosen))
        .values(state=State.SENDING, leased_until=leased_until)
        .returning(Message)
        .execution_options(synchronize_session=False)
    )
    claimed = session().execute(statement).scalars().all()
    return sorted(claimed, key=lambda message: (message.urgency, message.due_at, message.id))


def settle(message_id: str, leased_until: datetime | None, **changes: Any) -> int:
    """Write down how a claimed message fared; 0 when the lease has passed to another worker meanwhile."""
    statement = (
        update(Message)
        .where(Message.id == message_id, Message.state == State.SENDING, Message.leased_until == leased_until)
        .values(leased_until=None, **changes)
        .execution_options(synchronize_session=False)
    )
    return affected(statement)


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


def empty_old_secrets(at: datetime) -> int:
    """Empty the texts of secret messages whose code or link is over."""
    statement = (
        update(Message)
        .where(Message.secret, Message.expires_at <= at, Message.text_sealed != "")
        .values(text_sealed="")
        .execution_options(synchronize_session=False)
    )
    return affected(statement)


def bump_news(service_request_id: int) -> None:
    """Say that the timeline of a request shows something new."""
    session().execute(
        update(ServiceRequest)
        .where(ServiceRequest.id == service_request_id)
        .values(news=ServiceRequest.news + 1)
        .execution_options(synchronize_session=False)
    )


def unsettled_by_channel() -> list[tuple[str, int]]:
    """How many messages wait or are being sent, by channel."""
    statement = select(Message.channel, func.count()).where(_UNSETTLED).group_by(Message.channel)
    return [(channel, count) for channel, count in session().execute(statement.order_by(Message.channel))]
