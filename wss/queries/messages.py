"""The outbox's statements, for messages and for revised bills: queue, claim with a lease, settle."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from wss.db import affected, core, database, session
from wss.domain.delivery import KEPT_ONCE_SENT, TOO_LATE, URGENCIES, State
from wss.models import BillingPost, Message, ServiceRequest

_add = insert(cast(Table, Message.__table__))
_add_post = insert(cast(Table, BillingPost.__table__))
_POST_NOT_YET = [State.WAITING, State.SENDING]
_NOT_YET = [State.WAITING, State.SENDING, State.TEMPORARY_FAILURE]
# In words, as in the index of what is due: of a value that comes later no database knows that the index covers it.
_UNSETTLED = Message.state.in_(bindparam("not_yet", _NOT_YET, expanding=True, literal_execute=True))
_request = ServiceRequest.__table__.c
_bump = (
    update(cast(Table, ServiceRequest.__table__))
    .where(_request.id == bindparam("of"))
    .values(news=_request.news + 1)
)
_message = Message.__table__.c


def queue(rows: list[dict[str, Any]]) -> None:
    """Put messages into the outbox, within the transaction that causes them."""
    core().execute(_add, rows)


def queue_posts(rows: list[dict[str, Any]]) -> None:
    """Put revised bills on their way to the billing system, within the transaction that approves them."""
    core().execute(_add_post, rows)


def claim_messages(
    at: datetime,
    leased_until: datetime,
    how_many: int,
    *,
    shut: Iterable[str] = (),
    on_trial: Iterable[str] = (),
) -> list[Message]:
    """Lease the most urgent messages that are due to this worker; another worker gets others. None of channels that are
    shut, and one each of those on trial."""
    claimed: list[Message] = []
    for channel in on_trial:
        claimed += _claim_by_urgency(at, leased_until, 1, Message.channel == channel)
    barred = [*shut, *on_trial]
    others = Message.channel.not_in(barred) if barred else true()
    return claimed + _claim_by_urgency(at, leased_until, how_many, others)


def claim_posts(at: datetime, leased_until: datetime, how_many: int) -> Sequence[BillingPost]:
    """The same for revised bills, the longest due first."""
    claimed = _claim_posts(at, leased_until, how_many)
    return sorted(claimed, key=lambda post: (post.due_at, post.id))


def settle(fates: list[dict[str, Any]]) -> None:
    """Write down how claimed messages fared: of each `of` (its id), `lease`, `empties` and what changes; nothing of
    those whose lease has passed to another worker, or of which the gateway has told more meanwhile."""
    core().execute(_settle_all, fates)


def message_of(key: str, *, to_change: bool = False) -> Message | None:
    """The message that a gateway knows by this key, now or from a former sending; nobody else changes it meanwhile if
    it is `to_change`."""
    found = select(Message).where(or_(Message.id == key, Message.sending_key == key)).limit(1)
    return session().execute(found.with_for_update() if to_change else found).scalar()


def settle_by_receipt(message_id: str, states: Iterable[State], changes: dict[str, Any]) -> int:
    """Let a message be what its gateway tells, if it is still in one of these states; 0 when it is in another."""
    statement = (
        update(Message)
        .where(Message.id == message_id, Message.state.in_(sorted(states)))
        .values(leased_until=None, **changes)
        .execution_options(synchronize_session=False)
    )
    return affected(statement)


def settle_post(post_id: str, leased_until: datetime | None, **changes: Any) -> int:
    """Write down how a claimed revised bill fared; 0 when the lease has passed to another worker meanwhile."""
    statement = (
        update(BillingPost)
        .where(
            BillingPost.id == post_id,
            BillingPost.state == State.SENDING,
            BillingPost.leased_until == leased_until,
        )
        .values(leased_until=None, **changes)
        .execution_options(synchronize_session=False)
    )
    return affected(statement)


def oldest_post_waiting(at: datetime) -> datetime | None:
    """Since when the oldest revised bill that has not reached the billing system is there."""
    statement = select(func.min(BillingPost.created_at))
    return (
        session()
        .execute(statement.where(BillingPost.state.in_(_POST_NOT_YET), BillingPost.created_at <= at))
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
    """Empty the texts of secret messages whose code or link is over, or that have been on their way for a day."""
    is_over = or_(
        Message.expires_at <= at,
        and_(Message.state == State.SENT, Message.settled_at <= at - KEPT_ONCE_SENT),
    )
    statement = (
        update(Message)
        .where(Message.secret, Message.text_sealed != "", is_over)
        .values(text_sealed="")
        .execution_options(synchronize_session=False)
    )
    return affected(statement)


def expire_messages(at: datetime, how_many: int) -> set[int | None]:
    """End messages whose life is over while they wait, also for a gateway that nobody asks now: the requests whose
    timelines then have news, None for a message that is about none. Empty when none was ended."""
    chosen = select(Message.id).where(_UNSETTLED, Message.expires_at <= at, _is_free(at))
    statement = (
        update(Message)
        .where(Message.id.in_(_unlocked(chosen.limit(how_many))))
        .values(state=State.EXPIRED, leased_until=None, text_sealed="", reason=TOO_LATE, settled_at=at)
        .returning(Message.service_request_id)
        .execution_options(synchronize_session=False)
    )
    return set(session().execute(statement).scalars())


def bump_news(*service_request_ids: int) -> None:
    """Say that the timelines of requests show something new."""
    if service_request_ids:
        # In one order everywhere, so that two workers never wait for each other.
        core().execute(_bump, [{"of": number} for number in sorted(service_request_ids)])


def unsettled_by_channel() -> list[tuple[str, int]]:
    """How many messages wait or are being sent, by channel."""
    statement = select(Message.channel, func.count()).where(_UNSETTLED).group_by(Message.channel)
    return [(channel, count) for channel, count in session().execute(statement.order_by(Message.channel))]


def _claim_by_urgency(
    at: datetime, leased_until: datetime, how_many: int, which: ColumnElement[bool]
) -> list[Message]:
    """Lease the first that are due, one urgency after the other: so that what is put off for hours is not gone through
    on the way to what is less urgent."""
    claimed: list[Message] = []
    for urgency in URGENCIES:
        if len(claimed) == how_many:
            break
        chosen = (
            select(Message.id)
            .where(_UNSETTLED, Message.urgency == urgency, Message.due_at <= at, _is_free(at), which)
            .order_by(Message.due_at, Message.id)
            .limit(how_many - len(claimed))
        )
        found = session().execute(_leased(Message, chosen, leased_until)).scalars().all()
        claimed += sorted(found, key=lambda message: (message.due_at, message.id))
    return claimed


def _claim_posts(at: datetime, leased_until: datetime, how_many: int) -> Sequence[BillingPost]:
    """Lease the first revised bills that are due, and those whose worker has died."""
    due = or_(
        and_(BillingPost.state == State.WAITING, BillingPost.due_at <= at),
        and_(BillingPost.state == State.SENDING, BillingPost.leased_until <= at),
    )
    chosen = select(BillingPost.id).where(BillingPost.state.in_(_POST_NOT_YET), due)
    chosen = chosen.order_by(BillingPost.due_at, BillingPost.id).limit(how_many)
    return session().execute(_leased(BillingPost, chosen, leased_until)).scalars().all()


def _is_free(at: datetime) -> ColumnElement[bool]:
    """Nobody has it in hand, or whoever had it is heard of no more."""
    return or_(Message.state != State.SENDING, Message.leased_until <= at)


def _unlocked(chosen: Any) -> Any:
    return chosen if database().is_sqlite else chosen.with_for_update(skip_locked=True)


def _leased(model: Any, chosen: Any, leased_until: datetime) -> Any:
    """The statement that leases the chosen rows."""
    return (
        update(model)
        .where(model.id.in_(_unlocked(chosen)))
        .values(state=State.SENDING, leased_until=leased_until)
        .returning(model)
        .execution_options(synchronize_session=False)
    )


SETTLED = ("state", "attempts", "due_at", "reason", "gateway", "is_in_doubt", "provider_id", "settled_at")
_settle_all = (
    update(cast(Table, Message.__table__))
    .where(
        _message.id == bindparam("of"),
        _message.state == State.SENDING,
        _message.leased_until == bindparam("lease"),
    )
    .values(
        leased_until=None,
        text_sealed=case((bindparam("empties", type_=Boolean), ""), else_=_message.text_sealed),
        **{name: bindparam(f"then_{name}", type_=_message[name].type) for name in SETTLED},
    )
)
