"""States of message delivery: for the page that asks for an OTP, for staff, and for monitoring."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from wss.db import core
from wss.domain.delivery import UNREACHABLE, URGENCIES, DeliveryState, Urgency
from wss.domain.otp_delivery import LATE_AFTER, NOTICES_LATE_AFTER, REQUESTED_BY_VISITORS, CodeMessage
from wss.models import Message

# How many dead letters a page shows, and how many are resent at once.
SHOWN, AT_ONCE = 50, 1000
_LONG = timedelta(minutes=1)
_LATE = ((Urgency.NOTICE, NOTICES_LATE_AFTER), (Urgency.CODE, LATE_AFTER))

_table = cast(Table, Message.__table__)
_message = _table.c
# Literal values, as in the partial indexes: with bound parameters the planner cannot know that an index applies.
_UNSETTLED = _message.state.in_(
    bindparam(
        "unsettled",
        [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.TEMPORARY_FAILURE],
        expanding=True,
        literal_execute=True,
    )
)
_IS_DEAD_LETTER = _message.state == literal_column(f"'{DeliveryState.DEAD}'")


@dataclass(frozen=True, slots=True)
class WaitingMessages:
    """A group of messages that are not sent yet; `late` counts those that have been due for more than a minute."""

    urgency: int
    channel: str
    gateway: str
    state: str
    how_many: int
    late: int
    due_since: datetime
    oldest_from: datetime


@dataclass(frozen=True, slots=True)
class DeadLetterGroup:
    """The key by which dead letters are grouped."""

    channel: str
    gateway: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeadLetterCount:
    """A group of dead letters, and how many of them can be resent."""

    alike: DeadLetterGroup
    how_many: int
    can_be_resent: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter, without its recipient and text."""

    id: str
    notice: str
    channel: str
    gateway: str
    reason: str
    attempts: int
    created_at: datetime
    settled_at: datetime
    can_be_resent: bool


@dataclass(frozen=True, slots=True)
class ResendProgress:
    """The delivery state of a message that is to be resent."""

    state: str
    has_text: bool


def code_message(message_id: str | None) -> CodeMessage | None:
    """Return the SMS of an OTP with its delivery state."""
    columns = (_message.state, _message.attempts, _message.reason, _message.settled_at)
    found = core().execute(select(*columns).where(_message.id == message_id)).first()
    return CodeMessage(*found) if found else None


def is_sending_slow(at: datetime) -> bool:
    """Return whether SMS of any kind are delayed."""
    overdue = (_is_overdue(urgency, at - late) for urgency, late in _LATE)
    return bool(core().execute(select(or_(*overdue))).scalar())


def due_since() -> dict[int, datetime]:
    """Return, for each urgency, when the first unsent message is or becomes due.

    Takes one index lookup each, however many messages wait.
    """
    looks = (_message.urgency == urgency for urgency in URGENCIES)
    each = (
        select(func.min(_message.urgency), func.min(_message.due_at)).where(_UNSETTLED, one) for one in looks
    )
    return {urgency: since for urgency, since in core().execute(union_all(*each)) if since is not None}


def waiting_messages(at: datetime) -> list[WaitingMessages]:
    """Return the unsent messages in groups, the most urgent first. Reads all waiting messages."""
    kind = (_message.urgency, _message.channel, _message.gateway, _message.state)
    late = func.count().filter(_message.due_at <= at - _LONG)
    statement = select(
        *kind, func.count(), late, func.min(_message.due_at), func.min(_message.created_at)
    ).where(_UNSETTLED)
    rows: Any = core().execute(statement.group_by(*kind).order_by(*kind))
    return [WaitingMessages(*row) for row in rows]


def dead_letter_counts(at: datetime) -> list[DeadLetterCount]:
    """Return the dead letters by gateway and reason, the most frequent first."""
    kind = (_message.channel, _message.gateway, _message.reason)
    statement = select(*kind, func.count(), func.count().filter(_can_be_resent(at))).where(_IS_DEAD_LETTER)
    rows: Any = core().execute(statement.group_by(*kind).order_by(func.count().desc(), *kind))
    return [DeadLetterCount(DeadLetterGroup(*row[:3]), *row[3:]) for row in rows]


def dead_letters(at: datetime, before: str = "") -> list[DeadLetter]:
    """Return the dead letters, the latest first, one more than is shown.

    `before` is the cursor: a message id, or "".
    """
    names = ("id", "notice", "channel", "gateway", "reason", "attempts", "created_at", "settled_at")
    place = (_message.settled_at, _message.id)
    statement = select(*(_message[name] for name in names), _can_be_resent(at)).where(_IS_DEAD_LETTER)
    last = core().execute(select(*place).where(_message.id == before)).first() if before else None
    if last is not None:
        statement = statement.where(tuple_(*place) < tuple_(*last))
    rows: Any = core().execute(statement.order_by(*(one.desc() for one in place)).limit(SHOWN + 1))
    return [DeadLetter(*row) for row in rows]


def resend_progress(message_id: str) -> ResendProgress | None:
    """Return the delivery state of a message; None when there is none."""
    statement = select(_message.state, _message.text_sealed != "").where(_message.id == message_id)
    found = core().execute(statement).first()
    return ResendProgress(*found) if found else None


def resend(message_id: str, at: datetime) -> list[int | None]:
    """Queue a dead letter again; return the request it is about, or None; empty when it cannot be resent."""
    return _resend(_message.id == message_id, at)


def resend_group(alike: DeadLetterGroup, at: datetime) -> list[int | None]:
    """Queue the dead letters of a group again, the oldest first, at most so many at once."""
    same = (
        _message.channel == alike.channel,
        _message.gateway == alike.gateway,
        _message.reason == alike.reason,
    )
    chosen = select(_message.id).where(_IS_DEAD_LETTER, *same, _can_be_resent(at))
    return _resend(_message.id.in_(chosen.order_by(_message.settled_at, _message.id).limit(AT_ONCE)), at)


def _resend(which: ColumnElement[bool], at: datetime) -> list[int | None]:
    """Queue the chosen dead letters again.

    The reason "unreached" stays: the next attempt then has a sending key of its own.
    """
    reason = case((_message.reason == UNREACHABLE, UNREACHABLE), else_="")
    statement = (
        update(_table)
        .where(which, _IS_DEAD_LETTER, _can_be_resent(at))
        .values(state=DeliveryState.WAITING, attempts=0, due_at=at, leased_until=None, reason=reason)
        .returning(_message.service_request_id)
    )
    return list(core().execute(statement).scalars())


def _can_be_resent(at: datetime) -> ColumnElement[bool]:
    """Return whether a message still has its text and has not expired."""
    return and_(_message.text_sealed != "", or_(_message.expires_at.is_(None), _message.expires_at > at))


def _is_overdue(urgency: int, since: datetime) -> ColumnElement[bool]:
    """Return whether an SMS of this urgency has been due for so long.

    Notices that strangers can cause do not count.
    """
    return exists().where(
        _UNSETTLED,
        _message.urgency == urgency,
        _message.due_at <= since,
        _message.channel == "sms",
        _message.notice.not_in(REQUESTED_BY_VISITORS),
    )
