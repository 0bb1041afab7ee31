"""How messages fare: for the page that asks for a code, for staff, and for whoever watches the site."""

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
from wss.domain.delivery import UNREACHED, URGENCIES, DeliveryState, Urgency
from wss.domain.otp_delivery import ASKED_BY_STRANGERS, LATE_AFTER, NOTICES_LATE_AFTER, CodeMessage
from wss.models import Message

# So many of those given up are shown on a page, and so many are sent again at once.
SHOWN, AT_ONCE = 50, 1000
_LONG = timedelta(minutes=1)
_LATE = ((Urgency.NOTICE, NOTICES_LATE_AFTER), (Urgency.CODE, LATE_AFTER))

_table = cast(Table, Message.__table__)
_message = _table.c
# In words, as in the indexes: of values that come later no database knows that an index covers them.
_UNSETTLED = _message.state.in_(
    bindparam(
        "unsettled",
        [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.TEMPORARY_FAILURE],
        expanding=True,
        literal_execute=True,
    )
)
_GIVEN_UP = _message.state == literal_column(f"'{DeliveryState.DEAD}'")


@dataclass(frozen=True, slots=True)
class WaitingMessages:
    """Messages that are not out yet and are alike; `late`, those of them that have been due for more than a minute."""

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
    """What messages that were given up have in common."""

    channel: str
    gateway: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeadLetterCount:
    """Messages that were given up and are alike, and how many of them can go again."""

    alike: DeadLetterGroup
    how_many: int
    can_go: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One that was given up; never whom it is for, nor what it says."""

    id: str
    notice: str
    channel: str
    gateway: str
    reason: str
    attempts: int
    created_at: datetime
    settled_at: datetime
    can_go: bool


@dataclass(frozen=True, slots=True)
class ResendProgress:
    """How far a message has come that somebody wants sent again."""

    state: str
    has_text: bool


def code_message(message_id: str | None) -> CodeMessage | None:
    """The SMS of a code, as far as it has come."""
    columns = (_message.state, _message.attempts, _message.reason, _message.settled_at)
    found = core().execute(select(*columns).where(_message.id == message_id)).first()
    return CodeMessage(*found) if found else None


def is_sending_slow(at: datetime) -> bool:
    """Whether SMS that should be out by now are not, whoever they are for."""
    overdue = (_is_there(urgency, at - late) for urgency, late in _LATE)
    return bool(core().execute(select(or_(*overdue))).scalar())


def due_since() -> dict[int, datetime]:
    """Of each urgency, since when the first message that is not out yet is due, perhaps only later; by one look into
    the index each, however many wait."""
    looks = (_message.urgency == urgency for urgency in URGENCIES)
    each = (
        select(func.min(_message.urgency), func.min(_message.due_at)).where(_UNSETTLED, one) for one in looks
    )
    return {urgency: since for urgency, since in core().execute(union_all(*each)) if since is not None}


def waiting(at: datetime) -> list[WaitingMessages]:
    """What is not out yet, the most urgent first. Goes through all that waits."""
    kind = (_message.urgency, _message.channel, _message.gateway, _message.state)
    late = func.count().filter(_message.due_at <= at - _LONG)
    statement = select(
        *kind, func.count(), late, func.min(_message.due_at), func.min(_message.created_at)
    ).where(_UNSETTLED)
    rows: Any = core().execute(statement.group_by(*kind).order_by(*kind))
    return [WaitingMessages(*row) for row in rows]


def given_up(at: datetime) -> list[DeadLetterCount]:
    """What was given up, by gateway and reason, the most frequent first."""
    kind = (_message.channel, _message.gateway, _message.reason)
    statement = select(*kind, func.count(), func.count().filter(_can_go(at))).where(_GIVEN_UP)
    rows: Any = core().execute(statement.group_by(*kind).order_by(func.count().desc(), *kind))
    return [DeadLetterCount(DeadLetterGroup(*row[:3]), *row[3:]) for row in rows]


def dead_messages(at: datetime, before: str = "") -> list[DeadLetter]:
    """Those given up, the latest first, one more than is shown; only those `before` that message, if it is told."""
    names = ("id", "notice", "channel", "gateway", "reason", "attempts", "created_at", "settled_at")
    place = (_message.settled_at, _message.id)
    statement = select(*(_message[name] for name in names), _can_go(at)).where(_GIVEN_UP)
    last = core().execute(select(*place).where(_message.id == before)).first() if before else None
    if last is not None:
        statement = statement.where(tuple_(*place) < tuple_(*last))
    rows: Any = core().execute(statement.order_by(*(one.desc() for one in place)).limit(SHOWN + 1))
    return [DeadLetter(*row) for row in rows]


def stands(message_id: str) -> ResendProgress | None:
    """How far a message has come; None when there is none."""
    statement = select(_message.state, _message.text_sealed != "").where(_message.id == message_id)
    found = core().execute(statement).first()
    return ResendProgress(*found) if found else None


def send_again(message_id: str, at: datetime) -> list[int | None]:
    """Let a message that was given up wait to be sent once more: the request it is about, or None; empty when it
    cannot."""
    return _send_again(_message.id == message_id, at)


def send_all_again(alike: DeadLetterGroup, at: datetime) -> list[int | None]:
    """The same for those that are alike, the oldest first, and not more than so many at once."""
    same = (
        _message.channel == alike.channel,
        _message.gateway == alike.gateway,
        _message.reason == alike.reason,
    )
    chosen = select(_message.id).where(_GIVEN_UP, *same, _can_go(at))
    return _send_again(_message.id.in_(chosen.order_by(_message.settled_at, _message.id).limit(AT_ONCE)), at)


def _send_again(which: ColumnElement[bool], at: datetime) -> list[int | None]:
    """That a telephone could not be reached stays the reason: what goes out is then a sending with a key of its own."""
    reason = case((_message.reason == UNREACHED, UNREACHED), else_="")
    statement = (
        update(_table)
        .where(which, _GIVEN_UP, _can_go(at))
        .values(state=DeliveryState.WAITING, attempts=0, due_at=at, leased_until=None, reason=reason)
        .returning(_message.service_request_id)
    )
    return list(core().execute(statement).scalars())


def _can_go(at: datetime) -> ColumnElement[bool]:
    """Whether it still has its text, and is of use."""
    return and_(_message.text_sealed != "", or_(_message.expires_at.is_(None), _message.expires_at > at))


def _is_there(urgency: int, since: datetime) -> ColumnElement[bool]:
    """Whether an SMS of this urgency has been due for so long, of those that no stranger can have sent."""
    return exists().where(
        _UNSETTLED,
        _message.urgency == urgency,
        _message.due_at <= since,
        _message.channel == "sms",
        _message.notice.not_in(ASKED_BY_STRANGERS),
    )
