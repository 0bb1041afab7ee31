"""Statements of an import: known codes, conflicts with stored rows, and writing the rows."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased

from wss.db import database, execute_count, insert, session
from wss.domain.compensation import ALL_KINDS
from wss.domain.extracts import EXTRACTS, KnownValues
from wss.domain.notices import NOTICES
from wss.domain.ownership import FORMER_MOBILE_PROTECTS
from wss.domain.routing import LEVELS, Level
from wss.models import Bill, Connection, KindRow, Office, ServiceRequest, SignedIn, Staff, TariffRow
from wss.models.service_request import IS_OPEN
from wss.models.staged import STAGED, TARGETS, WRITE_ORDER
from wss.queries._fragments import is_in_subtree

Lines = Select[tuple[int]]

# Stored with a bill when it is imported; an import that changes the connection later does not change these.
_AT_IMPORT = {
    "at_import_factor_milli": "multiplying_factor_milli",
    "at_import_load_w": "sanctioned_load_w",
    "at_import_category": "category",
    "at_import_meter_no": "meter_no",
}

# A known office may move below one that its file adds. Of the large tables a batch may be new altogether: then nothing
# is looked up for an update.
_INSERTED_FIRST = frozenset({"offices", "connections", "bills"})


class RowClash(NamedTuple):
    """The staged lines that must not be written for one reason, with the column concerned."""

    lines: Lines
    column: str
    code: str


class RowBatch(NamedTuple):
    """Staged rows that are written together: those after one key up to another, and how many they are."""

    table: str
    after: int | str | None
    last: int | str
    rows: int

    @property
    def place(self) -> ColumnElement[bool]:
        """Return the condition of its staged rows."""
        place = WRITE_ORDER[self.table]
        return place <= self.last if self.after is None else and_(place > self.after, place <= self.last)


class BatchResult(NamedTuple):
    """What a batch changed in its table."""

    new: int
    changed: int


def known_codes() -> KnownValues:
    """Return the codes that foreign keys may refer to."""
    offices = session().execute(select(Office.code, Office.level)).all()
    return KnownValues(
        {
            "office": frozenset(code for code, _ in offices),
            "subdivision": frozenset(code for code, level in offices if level == Level.SUBDIVISION),
            "category": frozenset(session().execute(select(TariffRow.category).distinct()).scalars()),
            "notice": frozenset(NOTICES),
            "kind": frozenset(session().execute(select(KindRow.code)).scalars()) | {ALL_KINDS},
        }
    )


def conflicts(table: str) -> list[RowClash]:
    """Return every conflict of staged rows with each other or with stored rows; the more serious first."""
    special = _CLASHES.get(table)
    twice = RowClash(
        _duplicates(table, EXTRACTS[table].key), EXTRACTS[table].columns[0].name, "twice_in_file"
    )
    return [twice, *special()] if special else [twice]


def write_batch(batch: RowBatch, at: datetime, lacking: Collection[str] = ()) -> BatchResult:
    """Write a batch of staged rows: update what differs, insert what is new, leave the rest alone.

    Fields that the file is `lacking` stay as they are. A mobile that is removed from the record is kept as the
    former mobile.
    """
    _look_up_by_key()
    table = batch.table
    staged, target = STAGED[table], TARGETS[table]
    same_row = and_(*(target.c[field] == staged.c[field] for field in EXTRACTS[table].key))
    given = [field for field in EXTRACTS[table].fields if field not in lacking]
    others = [field for field in given if field not in EXTRACTS[table].key]
    differs = or_(*(target.c[field].is_distinct_from(staged.c[field]) for field in others))
    news: dict[str, Any] = {field: staged.c[field] for field in others}
    if table == "connections":
        news |= _former_mobile(target, staged, at)
    if table == "staff":
        _end_sessions_of_transferred(lacking)
    change = update(target).values(news).where(batch.place, same_row, differs)
    values = {**{field: staged.c[field] for field in given}, **_derived(table, staged)}
    # An existence check costs less than a key conflict, and the tariff has no unique key to conflict with.
    rows = select(*values.values()).where(batch.place, ~exists().where(same_row)).order_by(WRITE_ORDER[table])
    if table == "bills":
        connection = Connection.__table__
        rows = rows.select_from(staged.join(connection, connection.c.account_no == staged.c.account_no))
    add = insert(target).from_select(list(values), rows).execution_options(preserve_rowcount=True)
    if table not in _INSERTED_FIRST:
        changed = execute_count(change)
        return BatchResult(execute_count(add), changed)
    new = execute_count(add)
    return BatchResult(new, execute_count(change) if new < batch.rows else 0)


def mark_triage_of_batch(batch: RowBatch) -> None:
    """Have the facts computed again by which officers sort the open requests of the connections of a batch.

    In a transaction after that of the batch: an approval locks a request before its bills.
    """
    accounts = select(STAGED[batch.table].c.account_no).where(batch.place)
    marked = update(ServiceRequest).where(ServiceRequest.account_no.in_(accounts), IS_OPEN)
    session().execute(marked.values(triage_due=True).execution_options(synchronize_session=False))


def _end_sessions_of_transferred(lacking: Collection[str]) -> None:
    """End the sessions of staff who change role or office or leave: the sessions were begun in the former post."""
    staged = STAGED["staff"]
    post = [field for field in ("role", "office_code", "left_on") if field not in lacking]
    differs = or_(*(Staff.__table__.c[field].is_distinct_from(staged.c[field]) for field in post))
    transferred = select(staged.c.employee_id).join(Staff, Staff.employee_id == staged.c.employee_id)
    ended = delete(SignedIn).where(SignedIn.employee_id.in_(transferred.where(differs)))
    session().execute(ended.execution_options(synchronize_session=False))


def _former_mobile(target: Table, staged: Table, at: datetime) -> dict[str, Any]:
    """Return the number that is removed from the record, and when.

    The number that was removed first stays while it protects, since the numbers after it may be the wrong ones. A
    number that comes back is no longer a former one.
    """
    was, becomes = target.c.mobile_on_record, staged.c.mobile_on_record
    former, gone_at = target.c.former_mobile, target.c.former_mobile_gone_at
    stays = or_(becomes.is_not_distinct_from(was), was.is_(None))
    protects = and_(former.is_not(None), gone_at > at - FORMER_MOBILE_PROTECTS)
    is_former = becomes == former
    moment = literal(at, gone_at.type)
    return {
        "former_mobile": case((is_former, null()), (or_(stays, protects), former), else_=was),
        "former_mobile_gone_at": case((is_former, null()), (or_(stays, protects), gone_at), else_=moment),
    }


def drop_former_mobiles(before: datetime) -> None:
    """Delete former mobiles that were removed from the record before a moment."""
    old = and_(Connection.former_mobile.is_not(None), Connection.former_mobile_gone_at <= before)
    news = {"former_mobile": None, "former_mobile_gone_at": None}
    session().execute(update(Connection).where(old).values(news).execution_options(synchronize_session=False))


def _look_up_by_key() -> None:
    """Keep PostgreSQL from reading the whole table for each batch, which would cost more with every batch."""
    if not database().is_sqlite:
        for way in ("seqscan", "hashjoin", "mergejoin"):
            session().execute(text(f"SET LOCAL enable_{way} = off"))


def update_office_paths() -> bool:
    """Compute the path of each office again, since an office that moves takes along all below it.

    Returns whether an office that was known before has moved.
    """
    offices = session().execute(select(Office.code, Office.parent_code, Office.path)).all()
    parents = {office.code: office.parent_code for office in offices}
    has_moved = False
    for office in offices:
        chain, at = [office.code], office.parent_code
        while at is not None and at not in chain:
            chain.append(at)
            at = parents.get(at)
        path = "/".join(reversed(chain))
        if path != office.path:
            session().execute(update(Office).where(Office.code == office.code).values(path=path))
            # A new office begins with its own code as its path, and nothing counts there yet.
            has_moved = has_moved or office.path != office.code
    return has_moved


def _derived(table: str, staged: Table) -> dict[str, ColumnElement[object]]:
    """Return the columns of a new row that no extract has.

    These are a kind's position in the list, an office's first path, and the facts of a bill's connection at the
    time of its import.
    """
    if table == "catalogue":
        last = select(func.coalesce(func.max(KindRow.position), 0)).scalar_subquery()
        return {"position": last + staged.c.line}
    if table == "offices":
        return {"path": staged.c.code}
    if table == "bills":
        return {field: Connection.__table__.c[name] for field, name in _AT_IMPORT.items()}
    return {}


def _duplicates(table: str, fields: Sequence[str]) -> Lines:
    """Select the lines with a value that an earlier line of the file already has."""
    staged = STAGED[table]
    named = [staged.c[field] for field in fields]
    # Usually there are none, and a count costs less than the order.
    several = select(*named).group_by(*named).having(func.count() > 1)
    number = func.row_number().over(partition_by=named, order_by=staged.c.line).label("number")
    counted = select(staged.c.line, number).where(tuple_(*named).in_(several)).subquery()
    return select(counted.c.line).where(counted.c.number > 1)


def _office_clashes() -> list[RowClash]:
    staged, parent = STAGED["offices"], STAGED["offices"].alias("parent")
    with_parents = (
        select(staged.c.line)
        .outerjoin(parent, parent.c.code == staged.c.parent_code)
        .outerjoin(Office, Office.code == staged.c.parent_code)
        .where(staged.c.parent_code.is_not(None))
    )
    level_found = func.coalesce(parent.c.level, Office.level)
    level_above = case(dict(pairwise(LEVELS)), value=staged.c.level)
    return [
        RowClash(with_parents.where(level_found.is_(None)), "parent_code", "unknown_office"),
        RowClash(with_parents.where(level_found != level_above), "level", "not_below_its_parent"),
    ]


def _connection_clashes() -> list[RowClash]:
    staged = STAGED["connections"]
    old, new, discom = aliased(Office), aliased(Office), aliased(Office)
    in_one_discom = exists().where(
        discom.level == Level.DISCOM, _is_below(old, discom), _is_below(new, discom)
    )
    moved = (
        select(staged.c.line)
        .join(Connection, Connection.account_no == staged.c.account_no)
        .join(old, old.code == Connection.subdivision_code)
        .join(new, new.code == staged.c.subdivision_code)
        .where(Connection.subdivision_code != staged.c.subdivision_code, ~in_one_discom)
    )
    return [RowClash(moved, "subdivision_code", "other_discom")]


def _is_below(office: type[Office], above: type[Office]) -> ColumnElement[bool]:
    return is_in_subtree(office.path, above.code)


def _bill_clashes() -> list[RowClash]:
    staged = STAGED["bills"]
    known = select(staged.c.line).join(Bill, Bill.bill_no == staged.c.bill_no)
    taken = select(staged.c.line).join(Bill, Bill.sbm_bill_no == staged.c.sbm_bill_no)
    orphans = select(staged.c.line).where(
        ~exists(literal(1)).where(Connection.account_no == staged.c.account_no)
    )
    return [
        RowClash(orphans, "account_no", "unknown_account"),
        RowClash(known.where(Bill.account_no != staged.c.account_no), "account_no", "other_account"),
        RowClash(known.where(Bill.bill_month != staged.c.bill_month), "bill_month", "other_month"),
        RowClash(taken.where(Bill.bill_no != staged.c.bill_no), "sbm_bill_no", "sbm_bill_no_used"),
        RowClash(_duplicates("bills", ["sbm_bill_no"]), "sbm_bill_no", "twice_in_file"),
    ]


_CLASHES: dict[str, Callable[[], list[RowClash]]] = {
    "offices": _office_clashes,
    "connections": _connection_clashes,
    "bills": _bill_clashes,
}
