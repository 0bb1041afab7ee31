"""The outbox's statements, for messages and for revised bills: queue, claim with a lease, settle."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, func, insert, or_, select, update

from wss.db import affected, core, database, session
from wss.domain.delivery import State
from wss.models import BillingPost, Message, ServiceRequest

_add = insert(cast(Table, Message.__table__))
_add_post = insert(cast(Table, BillingPost.__table__))
_NOT_YET = [State.WAITING, State.SENDING]
_UNSETTLED = Message.state.in_(_NOT_YET)


def queue(rows: list[dict[str, Any]]) -> None:
    """Put messages into the outbox, within the transaction that causes them."""
    core().execute(_add, rows)


def queue_posts(rows: list[dict[str, Any]]) -> None:
    """Put revised bills on their way to the billing system, within the transaction that approves them."""
    core().execute(_add_post, rows)


def claim_messages(at: datetime, leased_until: datetime, how_many: int) -> Sequence[Message]:
    """Lease the most urgent messages that are due to this worker; another worker gets others."""
    claimed = _claim(Message, Message.urgency, at, leased_until, how_many)
    return sorted(claimed, key=lambda message: (message.urgency, message.due_at, message.id))


def claim_posts(at: datetime, leased_until: datetime, how_many: int) -> Sequence[BillingPost]:
    """The same for revised bills, the longest due first."""
    claimed = _claim(BillingPost, BillingPost.due_at, at, leased_until, how_many)
    return sorted(claimed, key=lambda post: (post.due_at, post.id))


def settle(message_id: str, leased_until: datetime | None, **changes: Any) -> int:
    """Write down how a claimed message fared; 0 when the lease has passed to another worker meanwhile."""
    return _settle(Message, message_id, leased_until, changes)


def settle_post(post_id: str, leased_until: datetime | None, **changes: Any) -> int:
    """The same for a revised bill."""
    return _settle(BillingPost, post_id, leased_until, changes)


def oldest_post_waiting(at: datetime) -> datetime | None:
    """Since when the oldest revised bill that has not reached the billing system is there."""
    statement = select(func.min(BillingPost.created_at))
    return (
        session()
        .execute(statement.where(BillingPost.state.in_(_NOT_YET), BillingPost.created_at <= at))
        .scalar()
    )


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


def _claim(model: Any, first: Any, at: datetime, leased_until: datetime, how_many: int) -> Sequence[Any]:
    """Lease the first rows that are due, and those whose worker has died."""
    due = or_(
        and_(model.state == State.WAITING, model.due_at <= at),
        and_(model.state == State.SENDING, model.leased_until <= at),
    )
    chosen = select(model.id).where(model.state.in_(_NOT_YET), due)
    chosen = chosen.order_by(first, model.due_at, model.id).limit(how_many)
    if not database().is_sqlite:
        chosen = chosen.with_for_update(skip_locked=True)
    statement = (
        update(model)
        .where(model.id.in_(chosen))
        .values(state=State.SENDING, leased_until=leased_until)
        .returning(model)
        .execution_options(synchronize_session=False)
    )
    return session().execute(statement).scalars().all()


def _settle(model: Any, row_id: str, leased_until: datetime | None, changes: dict[str, Any]) -> int:
    statement = (
        update(model)
        .where(model.id == row_id, model.state == State.SENDING, model.leased_until == leased_until)
        .values(leased_until=None, **changes)
        .execution_options(synchronize_session=False)
    )
    return affected(statement)
