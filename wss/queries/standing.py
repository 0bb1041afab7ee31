"""What stands: the bill that counts for a month after its revisions, and the connection it is of."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, cast

from sqlalchemy import Row, Select, Table, exists, select

from wss.db import core, database
from wss.domain.errors import NotFound
from wss.domain.revision import Billed
from wss.models import Bill, Connection, Office
from wss.models.office import lies_within

_bill = cast(Table, Bill.__table__)
_connection = cast(Table, Connection.__table__)
_office = cast(Table, Office.__table__)


@dataclass(frozen=True, slots=True)
class Supplied:
    """A connection as a revision looks at it."""

    account_no: str
    subdivision_code: str
    consumer_name: str
    category: str
    sanctioned_load_w: int
    billing_unit: str
    meter_no: str
    multiplying_factor_milli: int


_supplied = [_connection.c[field.name] for field in fields(Supplied)]
_figures = [field.name for field in fields(Billed) if field.name != "charged_on"]
_row = [*(_bill.c[name] for name in _figures), _bill.c.issue_date, _bill.c.revises]


def connection_of(account_no: str) -> Supplied:
    """The connection of a request that the officer has been found to see."""
    return _supplied_by(select(*_supplied).where(_connection.c.account_no == account_no))


def connection_in_office(account_no: str, office_code: str) -> Supplied:
    """A connection in the area of an office or of one below it; NotFound for any other."""
    path = select(_office.c.path).where(_office.c.code == office_code).scalar_subquery()
    statement = (
        select(*_supplied)
        .join(_office, _office.c.code == _connection.c.subdivision_code)
        .where(
            _connection.c.account_no == account_no,
            lies_within(_office.c.path, path),
        )
    )
    return _supplied_by(statement)


def standing_bills(account_no: str, bill_nos: Sequence[str], *, lock: bool = False) -> list[Billed]:
    """The bills that stand in the place of these now, oldest month first. A locked one is changed by nobody else."""
    rows = _bills(account_no, _bill.c.bill_no.in_(bill_nos), lock)
    charged_on = {row.bill_no: _first_issue(row) for row in rows}
    standing = {row.bill_no: row for row in rows}
    while rows:
        rows = _bills(account_no, _bill.c.revises.in_([row.bill_no for row in rows]), lock)
        for row in rows:
            standing.pop(row.revises, None)
            standing[row.bill_no] = row
            charged_on[row.bill_no] = charged_on[row.revises]
    bills = [_billed(row, charged_on[number]) for number, row in standing.items()]
    return sorted(bills, key=lambda bill: (bill.bill_month, bill.bill_no))


def recent_bills(account_no: str, how_many: int = 24) -> list[tuple[str, str]]:
    """Number and month of the bills that stand, newest first, to choose another one from."""
    later = _bill.alias()
    statement = (
        select(_bill.c.bill_no, _bill.c.bill_month)
        .where(_bill.c.account_no == account_no, ~exists().where(later.c.revises == _bill.c.bill_no))
        .order_by(_bill.c.bill_month.desc(), _bill.c.bill_no.desc())
        .limit(how_many)
    )
    return [(row.bill_no, row.bill_month) for row in core().execute(statement)]


def _supplied_by(statement: Select[Any]) -> Supplied:
    found: Any = core().execute(statement).first()
    if found is None:
        raise NotFound
    return Supplied(*found)


def _bills(account_no: str, condition: Any, lock: bool) -> list[Row[Any]]:
    statement = select(*_row).where(condition, _bill.c.account_no == account_no).order_by(_bill.c.bill_no)
    if lock and not database().is_sqlite:
        statement = statement.with_for_update()
    return list(core().execute(statement))


def _first_issue(row: Row[Any]) -> date:
    """When the bill at the beginning of a row of revisions was issued."""
    at: Any = row
    while at.revises is not None:
        at = core().execute(select(*_row).where(_bill.c.bill_no == at.revises)).one()
    issued: date = at.issue_date
    return issued


def _billed(row: Row[Any], charged_on: date) -> Billed:
    return Billed(charged_on=charged_on, **{name: getattr(row, name) for name in _figures})
