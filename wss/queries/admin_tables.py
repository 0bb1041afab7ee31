"""Reference tables as their administrator sees them: rows, uploaded files, and the history of changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, and_, delete, func, select, update
from sqlalchemy.orm import aliased

from wss.db import execute_count, insert, session
from wss.domain.extracts import EXTRACTS
from wss.models import KindRow, ReferenceChange, ReferenceUpload, Staff
from wss.models.staged import STAGED, TARGETS

HISTORY = 20


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change in a table's history. `undone_by` is the change that reverted it."""

    id: int
    at: datetime
    employee_id: str | None
    employee_name: str | None
    rows_before: list[Any]
    rows_after: list[Any]
    undoes_id: int | None
    confirmed_by: str | None
    confirmed_by_name: str | None
    undone_by: int | None


def stored_rows(table: str) -> Sequence[Sequence[Any]]:
    """Return every row of a table, in the order of its key, each with the values of its extract's fields."""
    target, extract = TARGETS[table], EXTRACTS[table]
    statement = select(*(target.c[field] for field in extract.fields))
    return session().execute(statement.order_by(*(target.c[field] for field in extract.key))).all()


def staged_rows(table: str) -> Sequence[Sequence[Any]]:
    """Return the valid rows of the staged file."""
    staged = STAGED[table]
    statement = select(*(staged.c[field] for field in EXTRACTS[table].fields)).order_by(staged.c.line)
    return session().execute(statement).all()


def row_counts(tables: Sequence[str]) -> dict[str, int]:
    """Return how many rows each table has. The tables are small."""
    return {
        table: session().execute(select(func.count()).select_from(TARGETS[table])).scalar_one()
        for table in tables
    }


def staged_lines(table: str) -> dict[tuple[Any, ...], int]:
    """Return the line of the file for each staged row, by its key."""
    staged = STAGED[table]
    columns = (staged.c[field] for field in EXTRACTS[table].key)
    return {tuple(key): line for *key, line in session().execute(select(*columns, staged.c.line))}


def remove_row(table: str, key: Sequence[Any]) -> int:
    """Delete a row by its key; return how many rows were deleted."""
    return execute_count(delete(TARGETS[table]).where(_named(table, key)))


def put_row(table: str, values: Sequence[Any]) -> None:
    """Insert a row, or replace the row with the same key."""
    extract = EXTRACTS[table]
    row = {field: _typed(table, field, value) for field, value in zip(extract.fields, values, strict=True)}
    key = [row[field] for field in extract.key]
    if not execute_count(update(TARGETS[table]).where(_named(table, key)).values(row)):
        session().execute(insert(TARGETS[table]).values(row | _derived(table, row)))


def _derived(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that no file has: a new kind is last in the list, an office's path is computed afterwards."""
    if table == "catalogue":
        return {"position": select(func.coalesce(func.max(KindRow.position), 0) + 1).scalar_subquery()}
    return {"path": row["code"]} if table == "offices" else {}


def add_upload(upload: ReferenceUpload) -> None:
    """Store an uploaded file until its administrator has confirmed it."""
    session().add(upload)


def upload_of(upload_id: str, employee_id: str) -> ReferenceUpload | None:
    """Return a file that this administrator has uploaded."""
    statement = select(ReferenceUpload).where(
        ReferenceUpload.id == upload_id, ReferenceUpload.employee_id == employee_id
    )
    return session().execute(statement).scalar()


def delete_upload(upload_id: str) -> int:
    """Delete an uploaded file; return how many there were: 0 when it has already been confirmed."""
    return execute_count(delete(ReferenceUpload).where(ReferenceUpload.id == upload_id))


def delete_old_uploads(before: datetime) -> None:
    """Delete uploaded files that were never confirmed."""
    session().execute(delete(ReferenceUpload).where(ReferenceUpload.created_at < before))


def add_change(change: ReferenceChange) -> int:
    """Add a change to the history; return its id."""
    session().add(change)
    session().flush()
    return change.id


def history_of(table: str, before_id: int | None = None, discom: str | None = None) -> list[ChangeLine]:
    """Return a table's changes, newest first: those of a discom, or (None) of a table that all discoms share."""
    of_discom = ReferenceChange.discom_code.is_not_distinct_from(discom)
    statement = _changes().where(ReferenceChange.table_name == table, of_discom)
    if before_id is not None:
        statement = statement.where(ReferenceChange.id < before_id)
    rows = session().execute(statement.order_by(ReferenceChange.id.desc()).limit(HISTORY))
    return [ChangeLine(*row) for row in rows]


def change_of(table: str, discom: str | None, change_id: int) -> ChangeLine | None:
    """Return one change of a table: of a discom, or (None) of a table that all discoms share."""
    statement = _changes().where(
        ReferenceChange.table_name == table,
        ReferenceChange.discom_code.is_not_distinct_from(discom),
        ReferenceChange.id == change_id,
    )
    found = session().execute(statement).first()
    return ChangeLine(*found) if found else None


def last_changes(discom: str) -> dict[str, datetime]:
    """Return when each table was last changed by an administrator.

    For a table of discoms, only the rows of this discom count.
    """
    here = ReferenceChange.discom_code
    statement = (
        select(ReferenceChange.table_name, func.max(ReferenceChange.at))
        .where(here.is_(None) | (here == discom))
        .group_by(ReferenceChange.table_name)
    )
    return {table: at for table, at in session().execute(statement)}


def _changes() -> Any:
    second = aliased(Staff)
    later = ReferenceChange.__table__.alias("later")
    undone_by = select(later.c.id).where(later.c.undoes_id == ReferenceChange.id).scalar_subquery()
    return (
        select(
            ReferenceChange.id,
            ReferenceChange.at,
            ReferenceChange.employee_id,
            Staff.name,
            ReferenceChange.rows_before,
            ReferenceChange.rows_after,
            ReferenceChange.undoes_id,
            ReferenceChange.confirmed_by,
            second.name,
            undone_by,
        )
        .outerjoin(Staff, Staff.employee_id == ReferenceChange.employee_id)
        .outerjoin(second, second.employee_id == ReferenceChange.confirmed_by)
    )


def _named(table: str, key: Sequence[Any]) -> Any:
    target, fields = TARGETS[table], EXTRACTS[table].key
    typed = ((field, _typed(table, field, value)) for field, value in zip(fields, key, strict=True))
    return and_(*(target.c[field].is_not_distinct_from(value) for field, value in typed))


def _typed(table: str, field: str, value: Any) -> Any:
    """Return the value in its column's type. An extract delivers a date as text."""
    is_day = isinstance(TARGETS[table].c[field].type, Date) and isinstance(value, str)
    return date.fromisoformat(value) if is_day else value
