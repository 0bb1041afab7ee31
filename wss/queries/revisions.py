"""Bill revisions: proposals, approved ones, and the statements that decide them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, Table, and_, bindparam, exists, func, select, update

from wss.db import core, execute_count
from wss.db import insert as upsert
from wss.domain.billed import BillInput
from wss.domain.calculation import Calculation
from wss.domain.errors import NotFound
from wss.domain.identifiers import FIRST_COMPLAINT_COUNTER, complaint_no_from
from wss.domain.lifecycle import Status
from wss.domain.revision import Revised
from wss.models import Bill, Connection, Counter, Office, RevisedBill, Revision, ServiceRequest, Staff
from wss.queries._driver_reads import DriverRead
from wss.queries._fragments import is_in_subtree, path_of_office

PAGE = 50
_COUNTED_AT_MOST = 2_000
PROPOSED, APPROVED, SENT_BACK, WITHDRAWN, VOID = "proposed", "approved", "sent_back", "withdrawn", "void"
_COUNTER = "revised_bill_no"
# No billing system of the state uses this prefix for bill numbers.
_PREFIX = "RV"

_bill = cast(Table, Bill.__table__)
_connection = cast(Table, Connection.__table__)
_revision = cast(Table, Revision.__table__)
_revised = cast(Table, RevisedBill.__table__)
_request = cast(Table, ServiceRequest.__table__)
_office = cast(Table, Office.__table__)
_staff = cast(Table, Staff.__table__)


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A revision, without its bills."""

    id: int
    service_request_id: int | None
    account_no: str
    office_code: str
    reason: str
    note: str
    state: str
    issued_paise: int
    revised_paise: int
    figures_hash: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    remark: str
    version: int
    suggestion_outcome: str
    change_paise: int | None
    sampling: str
    proposed_role: str


@dataclass(frozen=True, slots=True)
class BillAfterRevision:
    """One bill of a revision: its revised figures, and its new number."""

    revised: Revised
    revised_bill_no: str | None


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A revision without a complaint that waits for its approver, as a list shows it."""

    id: int
    account_no: str
    consumer_name: str
    office_code: str
    reason: str
    issued_paise: int
    revised_paise: int
    proposed_by: str
    proposed_at: datetime


_row = [_revision.c[name] for name in RevisionRow.__slots__ if name != "proposed_role"]
_one = select(*_row, _staff.c.role).join(_staff, _staff.c.employee_id == _revision.c.proposed_by)
_latest = DriverRead(
    _one.where(_revision.c.service_request_id == bindparam("request_id"))
    .order_by(_revision.c.id.desc())
    .limit(1),
    RevisionRow,
)


def proposed_revision(request_id: int) -> RevisionRow | None:
    """Return the present proposal for a request."""
    statement = _one.where(_revision.c.service_request_id == request_id, _revision.c.state == PROPOSED)
    return _revision_row(statement)


def latest_revision(request_id: int) -> RevisionRow | None:
    """Return the newest revision of a request, in whatever state."""
    return _latest.first(request_id=request_id)


def revision_seen(account_no: str, figures_hash: str) -> RevisionRow | None:
    """Return the newest revision of a connection with exactly these figures, in whatever state."""
    statement = _one.where(_revision.c.account_no == account_no, _revision.c.figures_hash == figures_hash)
    return _revision_row(statement.order_by(_revision.c.id.desc()).limit(1))


def revision_in_office(revision_id: int, office_code: str) -> RevisionRow:
    """Return a revision without a complaint that counts in an office or below it; raises NotFound for any other."""
    statement = _one.join(_office, _office.c.code == _revision.c.office_code).where(
        _revision.c.id == revision_id,
        _revision.c.service_request_id.is_(None),
        _in_or_below(office_code),
    )
    found = _revision_row(statement)
    if found is None:
        raise NotFound
    return found


def bills_of_revision(revision_id: int) -> list[BillAfterRevision]:
    """Return the bills of a revision in their order."""
    statement = select(_revised).where(_revised.c.revision_id == revision_id).order_by(_revised.c.position)
    return [BillAfterRevision(_as_revised(row), row.revised_bill_no) for row in core().execute(statement)]


def revised_as(bill_nos: Sequence[str]) -> dict[str, Revised]:
    """Return those of these bills that a revision has written, by number, with their calculation."""
    statement = select(_revised).where(_revised.c.revised_bill_no.in_(bill_nos))
    return {row.revised_bill_no: _as_revised(row) for row in core().execute(statement)}


def waiting_revisions(office_code: str, after_id: int = 0) -> list[WaitingLine]:
    """Return the revisions without a complaint that wait in an office or below it, oldest first.

    One page and the first entry of the next one; `after_id` is the cursor.
    """
    statement = _lines().join(_office, _office.c.code == _revision.c.office_code)
    return _listed(
        statement.where(
            _revision.c.state == PROPOSED, _revision.c.id > after_id, _in_or_below(office_code)
        ).limit(PAGE + 1)
    )


def waiting_for(office_code: str, employee_id: str) -> int:
    """Return how many revisions without a complaint an employee could decide in an office or below it.

    Those that the employee proposed do not count.
    """
    some = (
        select(_revision.c.id)
        .join(_office, _office.c.code == _revision.c.office_code)
        .where(
            _revision.c.state == PROPOSED,
            _revision.c.service_request_id.is_(None),
            _revision.c.proposed_by != employee_id,
            _in_or_below(office_code),
        )
        .limit(_COUNTED_AT_MOST)
    )
    return core().execute(select(func.count()).select_from(some.subquery())).scalar_one()


def sent_back_to(employee_id: str) -> list[WaitingLine]:
    """Return the revisions without a complaint that were sent back to their proposer and not proposed again since."""
    later = _revision.alias("later")
    is_done = exists().where(later.c.account_no == _revision.c.account_no, later.c.id > _revision.c.id)
    return _listed(
        _lines()
        .where(_revision.c.state == SENT_BACK, _revision.c.proposed_by == employee_id, ~is_done)
        .limit(PAGE)
    )


def _lines() -> Select[Any]:
    columns = [
        (_connection if name == "consumer_name" else _revision).c[name] for name in WaitingLine.__slots__
    ]
    return (
        select(*columns)
        .join(_connection, _connection.c.account_no == _revision.c.account_no)
        .where(_revision.c.service_request_id.is_(None))
        .order_by(_revision.c.id)
    )


def _listed(statement: Select[Any]) -> list[WaitingLine]:
    return [WaitingLine(*row) for row in core().execute(statement)]


def add_revision(columns: dict[str, Any], bills: Sequence[dict[str, Any]]) -> int | None:
    """Store a proposal with its bills, and return its id; None when one of the bills is already in another one."""
    added = core().execute(_revision.insert().returning(_revision.c.id), columns).scalar_one()
    put_in = upsert(_revised).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for position, row in enumerate(bills):
        if not core().execute(put_in, {**row, "revision_id": added, "position": position}).rowcount:
            return None
    return int(added)


def void_abandoned(account_no: str, request_id: int | None) -> None:
    """Void proposals of a connection whose request has left the proposed state, as when it was withdrawn.

    Also those of the request `request_id`, which gets a new proposal.
    """
    still = (
        select(_request.c.id)
        .where(
            _request.c.account_no == account_no,
            _request.c.status == Status.PROPOSED.value,
            _request.c.id != (request_id or 0),
        )
        .scalar_subquery()
    )
    left = and_(
        _revision.c.account_no == account_no,
        _revision.c.state == PROPOSED,
        _revision.c.service_request_id.is_not(None),
        _revision.c.service_request_id.not_in(still),
    )
    ids = list(core().execute(select(_revision.c.id).where(left)).scalars())
    if ids:
        execute_count(update(_revision).where(_revision.c.id.in_(ids)).values(state=VOID))
        execute_count(update(_revised).where(_revised.c.revision_id.in_(ids)).values(is_open=False))


def decide_if(seen: RevisionRow, state: str, columns: dict[str, Any]) -> int:
    """Decide a proposal that still has the version that was read: 1, or 0 when another transaction was first."""
    statement = (
        update(_revision)
        .where(_revision.c.id == seen.id, _revision.c.state == PROPOSED, _revision.c.version == seen.version)
        .values(state=state, version=_revision.c.version + 1, **columns)
    )
    settled = execute_count(statement)
    if settled:
        execute_count(update(_revised).where(_revised.c.revision_id == seen.id).values(is_open=False))
    return settled


def draw_if(revision_id: int, sampling: str) -> int:
    """Store what was drawn for a proposal: 1, or 0 when something was drawn for it before."""
    waits = _revision.c.id == revision_id, _revision.c.state == PROPOSED, _revision.c.sampling == ""
    return execute_count(update(_revision).where(*waits).values(sampling=sampling))


def add_revised_bill(revision_id: int, position: int, columns: dict[str, Any]) -> None:
    """Insert a revised bill, and store its number with the approved figures."""
    core().execute(_bill.insert(), columns)
    execute_count(
        update(_revised)
        .where(_revised.c.revision_id == revision_id, _revised.c.position == position)
        .values(revised_bill_no=columns["bill_no"])
    )


def next_revised_bill_no() -> str:
    """Take the next number for a revised bill; its check digit is that of a complaint number."""
    value = Counter.__table__.c.value
    statement = (
        upsert(Counter.__table__)
        .values(name=_COUNTER, value=FIRST_COMPLAINT_COUNTER)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value + 1})
        .returning(value)
    )
    return _PREFIX + complaint_no_from(core().execute(statement).scalar_one())


def _in_or_below(office_code: str) -> ColumnElement[bool]:
    path = path_of_office(office_code)
    return is_in_subtree(_office.c.path, path)


def _revision_row(statement: Select[Any]) -> RevisionRow | None:
    found: Any = core().execute(statement).first()
    return RevisionRow(*found) if found else None


def _as_revised(row: Row[Any]) -> Revised:
    put = BillInput(**{field.name: getattr(row, field.name) for field in fields(BillInput)})
    money = {
        field.name: getattr(row, field.name) for field in fields(Revised) if field.name.endswith("_paise")
    }
    calculation = Calculation(**row.calculation) if row.calculation else None
    return Revised(row.bill_no, put, row.units, **money, units_from=row.units_from, calculation=calculation)
