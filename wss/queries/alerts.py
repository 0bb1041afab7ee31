"""Alerts: what owners of connections chose, which of it is to be checked, and what was sent."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, Select, Table, bindparam, delete, exists, select, tuple_, update

from wss.db import core, database, execute_count, insert, session
from wss.domain.alerts import AlertBill
from wss.models import AlertChoice, AlertSent, Bill, Connection, Consumer, Ownership

_choice = cast(Table, AlertChoice.__table__)
_sent = cast(Table, AlertSent.__table__)
_bill = cast(Table, Bill.__table__)
_consumer = cast(Table, Consumer.__table__)
_connection = cast(Table, Connection.__table__)
_ownership = cast(Table, Ownership.__table__)
_KEY = (_choice.c.consumer_id, _choice.c.account_no)
_SENT_KEY = (_sent.c.consumer_id, _sent.c.account_no, _sent.c.kind, _sent.c.about)
_RECIPIENT = "mobile email email_verified_at email_bounced_at language sms_alerts email_alerts"
_due: Select[Any] = (
    select(
        *_choice.c,
        *(_consumer.c[name] for name in _RECIPIENT.split()),
        _connection.c.mobile_on_record,
        _ownership.c.id.label("ownership_id"),
        _ownership.c.held_until,
    )
    .join(_consumer, _consumer.c.id == _choice.c.consumer_id)
    .join(_connection, _connection.c.account_no == _choice.c.account_no)
    .outerjoin(
        _ownership,
        (_ownership.c.account_no == _choice.c.account_no)
        & (_ownership.c.consumer_id == _choice.c.consumer_id)
        & _ownership.c.ended_at.is_(None),
    )
    .where(_choice.c.check_at <= bindparam("at"))
    .order_by(_choice.c.check_at)
    .limit(bindparam("how_many"))
)
_later, _newer = _bill.alias(), _bill.alias()
_newest = (
    select(_newer.c.bill_no)
    .where(
        _newer.c.account_no == _connection.c.account_no,
        ~exists().where(_later.c.revises == _newer.c.bill_no),
    )
    .order_by(_newer.c.bill_month.desc(), _newer.c.bill_no.desc())
    .limit(1)
    .correlate(_connection)
    .scalar_subquery()
)
_newest_of_each = (
    select(_bill)
    .join(_connection, _connection.c.account_no == _bill.c.account_no)
    .where(_connection.c.account_no.in_(bindparam("numbers", expanding=True)), _bill.c.bill_no == _newest)
)
# "FOR NO KEY UPDATE": whatever else only refers to the consumer does not wait.
_LOCKED: dict[str, Any] = {"key_share": True, "skip_locked": True, "of": [_choice, _consumer]}
_postpone = (
    update(_choice)
    .where(_choice.c.consumer_id == bindparam("of"), _choice.c.account_no == bindparam("number"))
    .values(check_at=bindparam("next"))
)


def choice_of(consumer_id: int, account_no: str) -> AlertChoice | None:
    """Return what a consumer chose for a connection; None before the first choice."""
    statement = select(AlertChoice).where(
        AlertChoice.consumer_id == consumer_id, AlertChoice.account_no == account_no
    )
    return session().execute(statement.execution_options(populate_existing=True)).scalars().first()


def store_choice(columns: dict[str, Any], changed: dict[str, Any]) -> None:
    """Store a choice, or change some columns of the one that is there, in one statement."""
    statement = insert(_choice).values(**columns, **changed)
    session().execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changed))


def claim_due_choices(at: datetime, how_many: int) -> Sequence[Row[Any]]:
    """Return the choices to check now, locked, with their recipients; concurrent workers get others.

    The consumers are locked as well: an erasure locks the consumer first, and would wait for the choice while the
    message waits for the consumer.
    """
    statement = _due if database().is_sqlite else _due.with_for_update(**_LOCKED)
    return core().execute(statement, {"at": at, "how_many": how_many}).all()


def postpone(rows: Sequence[tuple[Row[Any], datetime]]) -> None:
    """Set when each of these choices is checked next."""
    if rows:
        core().execute(
            _postpone, [{"of": row.consumer_id, "number": row.account_no, "next": at} for row, at in rows]
        )


def delete_choices(rows: Sequence[Row[Any]]) -> None:
    """Delete the choices of former owners."""
    keys = [(row.consumer_id, row.account_no) for row in rows]
    if keys:
        core().execute(delete(_choice).where(tuple_(*_KEY).in_(keys)))


def newest_bills(account_nos: Sequence[str]) -> dict[str, AlertBill]:
    """Return the newest bill in force of each of these connections that has one."""
    found = core().execute(_newest_of_each, {"numbers": list(account_nos)}) if account_nos else ()
    return {row.account_no: _alert_bill(row) for row in found}


def claim_alerts(rows: Sequence[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Note these alerts as sent, in one statement; return the keys of those that were not before."""
    if not rows:
        return set()
    statement = insert(_sent).on_conflict_do_nothing().returning(*_SENT_KEY)
    return {tuple(row) for row in core().execute(statement, list(rows))}


def delete_old_sent(before: datetime, how_many: int) -> int:
    """Delete the notes of alerts of long ago, at most so many."""
    old = select(*_SENT_KEY).where(_sent.c.sent_at <= before).limit(how_many)
    return execute_count(delete(_sent).where(tuple_(*_SENT_KEY).in_(old)))


def choices_of(consumer_id: int) -> Sequence[Row[Any]]:
    """Return everything that a consumer chose and typed, for each connection."""
    statement = select(*_choice.c).where(_choice.c.consumer_id == consumer_id)
    return core().execute(statement.order_by(_choice.c.account_no)).all()


def sent_to(consumer_id: int) -> Sequence[Row[Any]]:
    """Return the alerts that a consumer got, oldest first."""
    statement = select(*_sent.c).where(_sent.c.consumer_id == consumer_id)
    return core().execute(statement.order_by(_sent.c.sent_at, *_SENT_KEY)).all()


def language_of(consumer_id: int) -> str | None:
    """Return the language of a consumer's messages."""
    return core().execute(select(_consumer.c.language).where(_consumer.c.id == consumer_id)).scalar()


def _alert_bill(row: Row[Any]) -> AlertBill:
    period_to: date = row.period_to
    return AlertBill(
        row.bill_no,
        row.bill_month,
        period_to,
        row.bill_basis,
        row.issue_date,
        row.due_date,
        row.amount_paise,
        row.amount_paise - (row.paid_amount_paise or 0),
        row.revises is not None,
    )
