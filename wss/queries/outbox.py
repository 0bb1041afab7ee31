"""The worker's statements: claim messages with a lease, settle them, also by what their gateway tells, end those that
are over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    false,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)

from wss.db import affected, core, database, session
from wss.domain.delivery import KEPT_ONCE_SENT, TOO_LATE, URGENCIES, DeliveryState
from wss.models import Message
from wss.models.message import NAMES_SOMEBODY, OF_STRANGERS
from wss.queries._fragments import delete_some

# A message that a worker has in hand: every column, and not a row of the session's, which takes three times as long.
Claimed = Row[Any]
# What a worker may change of it.
SETTLED = ("state", "attempts", "due_at", "reason", "gateway", "is_in_doubt", "provider_id", "settled_at")

_table = cast(Table, Message.__table__)
_message = _table.c
_NOT_YET = [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.TEMPORARY_FAILURE]
# In words, as in the index of what is due: of a value that comes later no database knows that the index covers it.
_IS_NOT_YET = _message.state.in_(bindparam("not_yet", _NOT_YET, expanding=True, literal_execute=True))

# In words, as in the indexes of what is to be forgotten.
_IS_OF_STRANGERS: ColumnElement[bool] = literal_column(OF_STRANGERS)
_NAMES_SOMEBODY: ColumnElement[bool] = literal_column(NAMES_SOMEBODY)
_IS_SETTLED = _message.state.not_in(_NOT_YET)


@dataclass(frozen=True, slots=True)
class Channels:
    """Whose messages are claimed: of `only` these channels, or of all but some; none of those that are shut, and one
    each of those on trial."""

    only: frozenset[str] = frozenset()
    all_but: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    on_trial: frozenset[str] = frozenset()

    def without(self, others: frozenset[str]) -> ColumnElement[bool]:
        """Of these channels but for the others."""
        if self.only:
            return _message.channel.in_(sorted(self.only - self.shut - others))
        barred = self.all_but | self.shut | others
        return _message.channel.not_in(sorted(barred)) if barred else true()


def claim_messages(
    at: datetime,
    leased_until: datetime,
    how_many: int,
    channels: Channels,
) -> list[Claimed]:
    """Lease the most urgent messages that are due to this worker; another worker gets others."""
    claimed: list[Claimed] = []
    for channel in sorted(channels.on_trial):
        claimed += _claim_by_urgency(at, leased_until, 1, _message.channel == channel)
    return claimed + _claim_by_urgency(at, leased_until, how_many, channels.without(channels.on_trial))


def is_anything_due(at: datetime, channels: Channels) -> bool:
    """Whether there is something to claim; asked first where there may well be nothing, as it keeps nobody from
    writing."""
    waits = (_IS_NOT_YET, _message.due_at <= at, _is_free(at), channels.without(frozenset()))
    due = [exists().where(_message.urgency == urgency, *waits) for urgency in URGENCIES]
    return bool(core().execute(select(or_(*due))).scalar())


def begin_anew(claimed: list[Claimed], keys: dict[str, str]) -> list[Claimed]:
    """Make another sending of those that have a key here, each under its key; all that are claimed, as they are now."""
    core().execute(_anew, [{"of": message_id, "key": key} for message_id, key in keys.items()])
    now_so = {row.id: row for row in core().execute(select(_table).where(_message.id.in_(keys)))}
    return [now_so.get(message.id, message) for message in claimed]


def settle_sent(fates: list[dict[str, Any]]) -> None:
    """Write down that gateways have taken messages; as `settle` does, and in less time, as nearly all fare so."""
    core().execute(_settle_sent, fates)


def settle(fates: list[dict[str, Any]]) -> None:
    """Write down how claimed messages fared: of each `of` (its id), `lease`, `empties` and what changes; nothing of
    those whose lease has passed to another worker, or of which the gateway has told more meanwhile."""
    core().execute(_settle, fates)


def message_of(key: str, *, to_change: bool = False) -> Message | None:
    """The message that a gateway knows by this key, now or from a former sending; nobody else changes it meanwhile if
    it is `to_change`."""
    found = select(Message).where(or_(Message.id == key, Message.sending_key == key)).limit(1)
    return session().execute(found.with_for_update() if to_change else found).scalar()


def settle_by_receipt(message_id: str, states: Iterable[DeliveryState], changes: dict[str, Any]) -> int:
    """Let a message be what its gateway tells, if it is still in one of these states; 0 when it is in another."""
    statement = update(_table).where(_message.id == message_id, _message.state.in_(sorted(states)))
    return affected(statement.values(leased_until=None, **changes))


def empty_old_secrets(at: datetime) -> int:
    """Empty the texts of secret messages whose code or link is over, or that have been on their way for a day."""
    is_over = or_(
        _message.expires_at <= at,
        and_(_message.state == DeliveryState.SENT, _message.settled_at <= at - KEPT_ONCE_SENT),
    )
    # In words, as in the index of texts to be emptied.
    is_there = _message.text_sealed != literal_column("''")
    statement = update(_table).where(_message.secret, is_there, is_over)
    return affected(statement.values(text_sealed=""))


def delete_messages_of_strangers(before: datetime, how_many: int) -> int:
    """Delete what went, or was withheld, on behalf of people who are no consumers of ours, so many at most; not what
    still waits to be sent."""
    over = (_IS_OF_STRANGERS, _IS_SETTLED, _message.created_at <= before)
    return affected(delete_some(Message, how_many, *over))


def forget_messages(before: datetime, how_many: int) -> int:
    """Of old messages delete those about no request, and empty recipient and text of all others, whose states stand on
    a timeline; so many at most."""
    over = (_NAMES_SOMEBODY, _IS_SETTLED, _message.created_at <= before)
    old = select(_message.id, _message.service_request_id).where(*over).limit(how_many)
    found = core().execute(old).all()
    about_none = [row.id for row in found if row.service_request_id is None]
    others = [row.id for row in found if row.service_request_id is not None]
    core().execute(delete(_table).where(_message.id.in_(about_none)))
    core().execute(update(_table).where(_message.id.in_(others)).values(recipient="", text_sealed=""))
    return len(found)


def expire_messages(at: datetime, how_many: int) -> set[int | None]:
    """End messages whose life is over while they wait, also for a gateway that nobody asks now: the requests whose
    timelines then have news, None for a message that is about none. Empty when none was ended."""
    chosen = select(_message.id).where(_IS_NOT_YET, _message.expires_at <= at, _is_free(at)).limit(how_many)
    statement = (
        update(_table)
        .where(_message.id.in_(_unlocked(chosen)))
        .values(
            state=DeliveryState.EXPIRED, leased_until=None, text_sealed="", reason=TOO_LATE, settled_at=at
        )
        .returning(_message.service_request_id)
    )
    return set(core().execute(statement).scalars())


def _claim_by_urgency(
    at: datetime, leased_until: datetime, how_many: int, which: ColumnElement[bool]
) -> list[Claimed]:
    """Lease the first that are due, one urgency after the other: so that what is put off for hours is not gone through
    on the way to what is less urgent."""
    claimed: list[Claimed] = []
    for urgency in URGENCIES:
        if len(claimed) == how_many:
            break
        chosen = (
            select(_message.id)
            .where(_IS_NOT_YET, _message.urgency == urgency, _message.due_at <= at, _is_free(at), which)
            .order_by(_message.due_at, _message.id)
            .limit(how_many - len(claimed))
        )
        statement = (
            update(_table)
            .where(_message.id.in_(_unlocked(chosen)))
            .values(state=DeliveryState.SENDING, leased_until=leased_until)
            .returning(_table)
        )
        found = core().execute(statement).all()
        claimed += sorted(found, key=lambda message: (message.due_at, message.id))
    return claimed


def _is_free(at: datetime) -> ColumnElement[bool]:
    """Nobody has it in hand, or whoever had it is heard of no more."""
    return or_(_message.state != DeliveryState.SENDING, _message.leased_until <= at)


def _unlocked(chosen: Select[str]) -> Select[str]:
    """Those of the chosen that no other worker is about to take."""
    return chosen if database().is_sqlite else chosen.with_for_update(skip_locked=True)


_anew = (
    update(_table)
    .where(_message.id == bindparam("of"))
    .values(
        sending_key=bindparam("key"),
        sendings=_message.sendings + 1,
        gateway="",
        provider_id="",
        is_in_doubt=False,
        reason="",
    )
)
_IS_IN_HAND = and_(
    _message.id == bindparam("of"),
    _message.state == literal_column(f"'{DeliveryState.SENDING}'"),
    _message.leased_until == bindparam("lease"),
)
_TEXT_THEN = case((bindparam("empties", type_=Boolean), literal_column("''")), else_=_message.text_sealed)
# Whatever is the same for all stands in the statement itself: a value more for each is a tenth more time.
_settle_sent = (
    update(_table)
    .where(_IS_IN_HAND)
    .values(
        state=literal_column(f"'{DeliveryState.SENT}'"),
        attempts=_message.attempts + literal_column("1"),
        leased_until=null(),
        settled_at=bindparam("at"),
        reason=literal_column("''"),
        gateway=bindparam("gateway"),
        provider_id=bindparam("provider_id"),
        is_in_doubt=false(),
        text_sealed=_TEXT_THEN,
    )
)
_settle = (
    update(_table)
    .where(_IS_IN_HAND)
    .values(
        leased_until=null(),
        text_sealed=_TEXT_THEN,
        **{name: bindparam(f"then_{name}", type_=_message[name].type) for name in SETTLED},
    )
)
