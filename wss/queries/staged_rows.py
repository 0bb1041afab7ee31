"""Staged rows of an extract during an import, in temporary tables; refused rows are kept apart."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, Select, Table, delete, func, select, text
from sqlalchemy import insert as plain_insert

from wss.db import database, insert, session
from wss.models.staged import NOTED_CELLS, REFUSED_ROWS, STAGED, WRITE_ORDER

StagedRow = tuple[Any, ...]
Place = int | str


def open_stage(table: str) -> None:
    """Create the temporary tables for one extract."""
    connection = session().connection()
    if not database().is_sqlite:
        # Before the first of them is used. The connection is closed with the workbench.
        connection.execute(text("SET temp_buffers = '64MB'"))
    for each in (STAGED[table], REFUSED_ROWS, NOTED_CELLS):
        each.create(connection)


def close_stage(table: str) -> None:
    """Drop the temporary tables."""
    connection = session().connection()
    for each in (STAGED[table], REFUSED_ROWS, NOTED_CELLS):
        each.drop(connection)


def stage_rows(table: str, rows: Iterable[StagedRow]) -> None:
    """Insert accepted rows, each preceded by its line number, by the fastest way of the backend."""
    stage = _stage_in_sqlite if database().is_sqlite else _copy_to_postgresql
    stage(STAGED[table], rows)


def refuse_rows(rows: Sequence[tuple[int, str, str]]) -> None:
    """Record refused lines, each with the column and the code of the reason."""
    if rows:
        session().execute(
            plain_insert(REFUSED_ROWS),
            [{"line": line, "column_name": column, "code": code} for line, column, code in rows],
        )


def refuse_lines(lines: Select[tuple[int]], column: str, code: str) -> None:
    """Refuse the lines that a query finds; a line keeps the first reason that was found."""
    found = lines.subquery()
    rows = select(found.c[0], text(":column_name"), text(":code")).where(found.c[0].is_not(None))
    statement = insert(REFUSED_ROWS).from_select(["line", "column_name", "code"], rows)
    session().execute(statement.on_conflict_do_nothing(), {"column_name": column, "code": code})


def leave_out_refused(table: str) -> None:
    """Delete the refused lines from the staged rows."""
    staged = STAGED[table]
    session().execute(delete(staged).where(staged.c.line.in_(select(REFUSED_ROWS.c.line))))


def refused_count() -> int:
    """Return how many lines are refused."""
    return session().execute(select(func.count()).select_from(REFUSED_ROWS)).scalar_one()


def refused_rows() -> Iterator[Row[tuple[int, str, str]]]:
    """Return the refused lines in the order of the file."""
    return iter(session().execute(select(REFUSED_ROWS).order_by(REFUSED_ROWS.c.line)).yield_per(1000))


def staged_count(table: str) -> int:
    """Return how many rows are to be written."""
    return session().execute(select(func.count()).select_from(STAGED[table])).scalar_one()


def end_of_batch(table: str, after: Place | None, size: int) -> Place | None:
    """Return the key (line, or primary key) at which a batch of so many rows ends; None when no row is left."""
    place = WRITE_ORDER[table]
    rows = select(place.label("place")).order_by(place).limit(size)
    batch = (rows if after is None else rows.where(place > after)).subquery()
    return session().execute(select(func.max(batch.c.place))).scalar_one()


def index_rows(table: str) -> None:
    """Index the staged rows in the order in which they are written, and update PostgreSQL's statistics."""
    if not database().is_sqlite:
        session().execute(text("SET LOCAL statement_timeout = 0"))
        session().execute(text("SET LOCAL work_mem = '64MB'"))
    place = WRITE_ORDER[table]
    if not place.primary_key:
        session().execute(text(f"CREATE INDEX ix_staged_{table} ON {STAGED[table].name} ({place.name})"))
    if not database().is_sqlite:
        session().execute(text(f"ANALYZE {STAGED[table].name}"))


def _stage_in_sqlite(staged: Table, rows: Iterable[StagedRow]) -> None:
    # Uses the driver directly: one pass through SQLAlchemy's types costs more than all the checks.
    connection = session().connection()
    statement = str(plain_insert(staged).compile(dialect=connection.dialect))
    if together := list(rows):
        connection.exec_driver_sql(statement, together)


def _copy_to_postgresql(staged: Table, rows: Iterable[StagedRow]) -> None:
    driver: Any = session().connection().connection.dbapi_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {staged.name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
