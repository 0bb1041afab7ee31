"""The effective bill of a month after its revisions, and the connection it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, Table, and_, exists, func, or_, select

from wss.db import core, database
from wss.domain.billed import EffectiveBill
from wss.domain.errors import NotFound
from wss.models import Bill, Connection, Office, RevisedBill
from wss.queries._fragments import is_in_subtree, path_of_office

_bill = cast(Table, Bill.__table__)
_connection = cast(Table, Connection.__table__)
_office = cast(Table, Office.__table__)
_revised = cast(Table, RevisedBill.__table__)


@dataclass(frozen=True, slots=True)
class RevisedConnection:
    """A connection with the fields that a revision needs."""

    account_no: str
    subdivision_code: str
    consumer_name: str
    category: str
    sanctioned_load_w: int
    billing_unit: str
    meter_no: str
    multiplying_factor_milli: int


_supplied = [_connection.c[field.name] for field in fields(RevisedConnection)]
_figures = [
    field.name for field in fields(EffectiveBill) if field.name not in ("charged_on", "changed_paise")
]
# These inputs of a revised bill's calculation are stored with its revision.
_of_revision = ("old_meter_reading", "new_meter_initial", "register_digits")
# A bill that did not come from an import has no facts as of its import: the connection's present ones are used.
_at_import = {
    "at_import_factor_milli": _connection.c.multiplying_factor_milli,
    "at_import_load_w": _connection.c.sanctioned_load_w,
    "at_import_category": _connection.c.category,
    "at_import_meter_no": _connection.c.meter_no,
}


def _column(name: str) -> ColumnElement[Any]:
    if name in _at_import:
        return func.coalesce(_bill.c[name], _at_import[name]).label(name)
    return (_revised if name in _of_revision else _bill).c[name]


_rows = (
    select(*(_column(name) for name in _figures), _bill.c.issue_date)
    .join(_connection, _connection.c.account_no == _bill.c.account_no)
    .outerjoin(_revised, _revised.c.revised_bill_no == _bill.c.bill_no)
)


def connection_of(account_no: str) -> RevisedConnection:
    """Return the connection of a request that the officer may see (already checked)."""
    return _supplied_by(select(*_supplied).where(_connection.c.account_no == account_no))


def connection_in_office(account_no: str, office_code: str) -> RevisedConnection:
    """Return a connection in the area of an office or of one below it; raises NotFound for any other."""
    path = path_of_office(office_code)
    statement = (
        select(*_supplied)
        .join(_office, _office.c.code == _connection.c.subdivision_code)
        .where(
            _connection.c.account_no == account_no,
            is_in_subtree(_office.c.path, path),
        )
    )
    return _supplied_by(statement)


def effective_bills(account_no: str, bill_nos: Sequence[str], *, lock: bool = False) -> list[EffectiveBill]:
    """Return the bills that replace these now, oldest month first. With `lock` they cannot be changed by others."""
    rows = _bills(account_no, _bill.c.bill_no.in_(bill_nos), lock)
    begun = {row.bill_no: _since_issue(row) for row in rows}
    effective = {row.bill_no: row for row in rows}
    while rows:
        rows = _bills(account_no, _bill.c.revises.in_([row.bill_no for row in rows]), lock)
        for row in rows:
            before = effective.pop(row.revises, None) or _bill_row(row.revises)
            effective[row.bill_no] = row
            issued, changed = begun[row.revises]
            begun[row.bill_no] = issued, changed + abs(row.amount_paise - before.amount_paise)
    bills = [_billed(row, *begun[number]) for number, row in effective.items()]
    return sorted(bills, key=lambda bill: (bill.bill_month, bill.bill_no))


def a_year_before(bill_month: str) -> str:
    """Return the same month a year ago: "2025-10"."""
    return f"{int(bill_month[:4]) - 1}{bill_month[4:]}"


def bill_as_billed(account_no: str, bill_no: str) -> EffectiveBill:
    """Return a bill of a connection as it is, even if a revision has replaced it; raises NotFound for any other."""
    rows = _bills(account_no, _bill.c.bill_no == bill_no, lock=False)
    if not rows:
        raise NotFound
    return _billed(rows[0], *_since_issue(rows[0]))


def bills_to_compare(account_no: str, bill_month: str) -> dict[str, EffectiveBill]:
    """Return the effective bills of the last month with a bill before this one, and of the same month a year ago.

    By month; of several bills of a month the one with the highest number.
    """
    other, later = _bill.alias(), _bill.alias()
    last = select(func.max(other.c.bill_month)).where(
        other.c.account_no == account_no, other.c.bill_month < bill_month
    )
    conditions = and_(
        or_(_bill.c.bill_month == a_year_before(bill_month), _bill.c.bill_month == last.scalar_subquery()),
        ~exists().where(later.c.revises == _bill.c.bill_no),
    )
    rows = _bills(account_no, conditions, lock=False)
    return {row.bill_month: _billed(row, *_since_issue(row)) for row in rows}


def recent_bills(account_no: str, how_many: int = 24) -> list[tuple[str, str]]:
    """Return number and month of the effective bills, newest first, as choices."""
    later = _bill.alias()
    statement = (
        select(_bill.c.bill_no, _bill.c.bill_month)
        .where(_bill.c.account_no == account_no, ~exists().where(later.c.revises == _bill.c.bill_no))
        .order_by(_bill.c.bill_month.desc(), _bill.c.bill_no.desc())
        .limit(how_many)
    )
    return [(row.bill_no, row.bill_month) for row in core().execute(statement)]


def bills_starting_at(account_no: str, bill: EffectiveBill) -> list[EffectiveBill]:
    """Return the effective bills after one that begin with the reading at which it ended, oldest first."""
    later = _bill.alias()
    conditions = and_(
        _bill.c.previous_reading == bill.current_reading,
        _bill.c.period_from > bill.period_from,
        ~exists().where(later.c.revises == _bill.c.bill_no),
    )
    found = [_billed(row, *_since_issue(row)) for row in _bills(account_no, conditions, lock=False)]
    return sorted(found, key=lambda each: (each.bill_month, each.bill_no))


def reading_before(account_no: str, bill: EffectiveBill) -> int | None:
    """The reading at which the bill ended that counts for the period before; None without one."""
    later = _bill.alias()
    statement = (
        select(_bill.c.current_reading)
        .where(
            _bill.c.account_no == account_no,
            _bill.c.period_to <= bill.period_from,
            ~exists().where(later.c.revises == _bill.c.bill_no),
        )
        .order_by(_bill.c.period_to.desc(), _bill.c.bill_no.desc())
        .limit(1)
    )
    return core().execute(statement).scalar()


def _supplied_by(statement: Select[Any]) -> RevisedConnection:
    found: Any = core().execute(statement).first()
    if found is None:
        raise NotFound
    return RevisedConnection(*found)


def _bills(account_no: str, condition: Any, lock: bool) -> list[Row[Any]]:
    statement = _rows.where(condition, _bill.c.account_no == account_no).order_by(_bill.c.bill_no)
    if lock and not database().is_sqlite:
        statement = statement.with_for_update(of=_bill)
    return list(core().execute(statement))


def _since_issue(row: Row[Any]) -> tuple[date, int]:
    """Return when the first bill of a chain of revisions was issued, and the sum of all changes in paise."""
    at: Any = row
    changed = 0
    while at.revises is not None:
        before = _bill_row(at.revises)
        changed += abs(at.amount_paise - before.amount_paise)
        at = before
    return at.issue_date, changed


def _bill_row(bill_no: str) -> Any:
    return core().execute(_rows.where(_bill.c.bill_no == bill_no)).one()


def _billed(row: Row[Any], charged_on: date, changed_paise: int) -> EffectiveBill:
    facts = {name: getattr(row, name) for name in _figures}
    return EffectiveBill(charged_on=charged_on, changed_paise=changed_paise, **facts)
