"""The worker's statements on messages: claim with a lease, settle, apply delivery receipts, expire."""

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

from wss.db import core, database, execute_count, session
from wss.domain.delivery import KEPT_ONCE_SENT, TOO_LATE, URGENCIES, DeliveryState
from wss.models import Message
from wss.models.message import HAS_RECIPIENT, IS_FORGOTTEN, OF_STRANGERS
from wss.queries._fragments import delete_some

# A claimed message: a row with every column instead of an entity of the session, which would take three times as
# long.
Claimed = Row[Any]
# The columns that a worker may change.
SETTLED = ("state", "attempts", "due_at", "reason", "gateway", "is_in_doubt", "provider_id", "settled_at")

_table = cast(Table, Message.__table__)
_message = _table.c
_NOT_YET = [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.TEMPORARY_FAILURE]
# Literal values, as in the partial index of due messages: with bound parameters the planner cannot know that it
# applies.
_IS_NOT_YET = _message.state.in_(bindparam("not_yet", _NOT_YET, expanding=True, literal_execute=True))

# Literal conditions, as in the partial indexes of messages to be erased.
_IS_OF_STRANGERS: ColumnElement[bool] = literal_column(OF_STRANGERS)
_HAS_RECIPIENT: ColumnElement[bool] = literal_column(HAS_RECIPIENT)
_IS_FORGOTTEN: ColumnElement[bool] = literal_column(IS_FORGOTTEN)
_IS_SETTLED = _message.state.not_in(_NOT_YET)


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels whose messages are claimed: `only` these, or all but `all_but`.

    No messages of channels that are `shut`, and one each of those `on_trial`.
    """

    only: frozenset[str] = frozenset()
    all_but: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    on_trial: frozenset[str] = frozenset()

    def without(self, others: frozenset[str]) -> ColumnElement[bool]:
        """Return the condition for these channels without `others`."""
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
    """Claim for this worker the most urgent messages that are due; concurrent workers get others."""
    claimed: list[Claimed] = []
    for channel in sorted(channels.on_trial):
        claimed += _claim_by_urgency(at, leased_until, 1, _message.channel == channel)
    return claimed + _claim_by_urgency(at, leased_until, how_many, channels.without(channels.on_trial))


def is_anything_due(at: datetime, channels: Channels) -> bool:
    """Return whether there is something to claim.

    This read does not block writers: run it first when there is probably nothing.
    """
    waits = (_IS_NOT_YET, _message.due_at <= at, _is_free(at), channels.without(frozenset()))
    due = [exists().where(_message.urgency == urgency, *waits) for urgency in URGENCIES]
    return bool(core().execute(select(or_(*due))).scalar())


def begin_sending(claimed: list[Claimed], keys: dict[str, str]) -> list[Claimed]:
    """Begin a new sending for each claimed message that has a key in `keys`; return all claimed messages, updated."""
    core().execute(_begin_sending, [{"of": message_id, "key": key} for message_id, key in keys.items()])
    now_so = {row.id: row for row in core().execute(select(_table).where(_message.id.in_(keys)))}
    return [now_so.get(message.id, message) for message in claimed]


def settle_sent(results: list[dict[str, Any]]) -> None:
    """Store that gateways have accepted messages: `settle` for the most frequent result, and faster."""
    core().execute(_settle_sent, results)


def settle(results: list[dict[str, Any]]) -> None:
    """Store the results of claimed messages.

    Each row has `of` (the message id), `lease`, `empties`, and the new values. Messages whose lease another worker
    holds now, or that a receipt has settled already, stay as they are.
    """
    core().execute(_settle, results)


def message_of(key: str, *, to_change: bool = False) -> Message | None:
    """Return the message that a gateway knows by this key, from the current or a former sending.

    With `to_change` the row is locked.
    """
    found = select(Message).where(or_(Message.id == key, Message.sending_key == key)).limit(1)
    return session().execute(found.with_for_update() if to_change else found).scalar()


def settle_by_receipt(message_id: str, states: Iterable[DeliveryState], changes: dict[str, Any]) -> int:
    """Apply a delivery receipt to a message that is still in one of these states; return 0 when it is in another."""
    statement = update(_table).where(_message.id == message_id, _message.state.in_(sorted(states)))
    return execute_count(statement.values(leased_until=None, **changes))


def empty_old_secrets(at: datetime) -> int:
    """Erase the texts of secret messages that have expired, or that were sent a day ago."""
    is_expired = or_(
        _message.expires_at <= at,
        and_(_message.state == DeliveryState.SENT, _message.settled_at <= at - KEPT_ONCE_SENT),
    )
    # A literal, as in the partial index of texts to be erased.
    is_there = _message.text_sealed != literal_column("''")
    statement = update(_table).where(_message.secret, is_there, is_expired)
    return execute_count(statement.values(text_sealed=""))


def delete_messages_of_strangers(before: datetime, how_many: int) -> int:
    """Delete settled messages that were caused by people who are not consumers, at most so many.

    Messages that still wait to be sent stay.
    """
    conditions = (_IS_OF_STRANGERS, _IS_SETTLED, _message.created_at <= before)
    return execute_count(delete_some(Message, how_many, *conditions))


def forget_messages(before: datetime, how_many: int) -> int:
    """Erase old settled messages, at most so many.

    Those about no request are deleted. Of all others, whose states a timeline shows, recipient and text are
    erased.
    """
    conditions = (_HAS_RECIPIENT, _IS_SETTLED, _message.created_at <= before)
    old = select(_message.id, _message.service_request_id).where(*conditions).limit(how_many)
    found = core().execute(old).all()
    about_none = [row.id for row in found if row.service_request_id is None]
    others = [row.id for row in found if row.service_request_id is not None]
    core().execute(delete(_table).where(_message.id.in_(about_none)))
    core().execute(update(_table).where(_message.id.in_(others)).values(recipient="", text_sealed=""))
    return len(found)


def delete_forgotten_messages(before: datetime, how_many: int) -> int:
    """Delete messages about requests that have lost recipient and text long ago, at most so many."""
    conditions = (_IS_FORGOTTEN, _IS_SETTLED, _message.created_at <= before)
    return execute_count(delete_some(Message, how_many, *conditions))


def expire_messages(at: datetime, how_many: int) -> set[int | None]:
    """End messages that expired while they waited, also those of a gateway that is currently not used.

    Returns the requests whose timelines have changed, None for a message about no request; empty when none was
    ended.
    """
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
    """Claim the first due messages, one urgency after the other.

    One query per urgency, so that messages postponed for hours are not scanned on the way to less urgent ones.
    """
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
    """Return the condition that no worker holds the message, or that its lease has expired."""
    return or_(_message.state != DeliveryState.SENDING, _message.leased_until <= at)


def _unlocked(chosen: Select[str]) -> Select[str]:
    """Lock the chosen messages, and skip those that another worker has locked."""
    return chosen if database().is_sqlite else chosen.with_for_update(skip_locked=True)


_begin_sending = (
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
_IS_CLAIMED = and_(
    _message.id == bindparam("of"),
    _message.state == literal_column(f"'{DeliveryState.SENDING}'"),
    _message.leased_until == bindparam("lease"),
)
_TEXT_THEN = case((bindparam("empties", type_=Boolean), literal_column("''")), else_=_message.text_sealed)
# Values that are the same for all rows are literals: one more parameter per row costs a tenth more time.
_settle_sent = (
    update(_table)
    .where(_IS_CLAIMED)
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
    .where(_IS_CLAIMED)
    .values(
        leased_until=null(),
        text_sealed=_TEXT_THEN,
        **{name: bindparam(f"then_{name}", type_=_message[name].type) for name in SETTLED},
    )
)
