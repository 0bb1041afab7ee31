"""Whole tables as lines of text: copied out of a snapshot for a backup, and loaded into empty tables."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import Boolean, DateTime, Table, func, inspect, select, text, update

from wss.db import core, database, execute_count, insert, session
from wss.domain.backups import (
    HELD,
    ColumnKind,
    decoded_row,
    encoded_row,
    value_for_sqlite,
    value_from_sqlite,
    whole_lines,
)
from wss.domain.delivery import DeliveryState
from wss.models import Counter, Message
from wss.models.reference import COMPLAINT_COUNTER

REVISIONS = "alembic_version"
_ROWS_AT_A_TIME = 500
_message = cast(Table, Message.__table__)
_counter = cast(Table, Counter.__table__)
_IS_WAITING = _message.c.state.in_(
    [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.TEMPORARY_FAILURE]
)
_TRIGGERED = """SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = quote_ident(current_schema())::regnamespace"""
_FOREIGN_KEYS = """SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND c.relnamespace = quote_ident(current_schema())::regnamespace ORDER BY c.relname, k.conname"""
# The planner chooses the order of joins: every part can be evaluated for the rows of other schemas too.
COUNTERS = """SELECT c.relname, a.attname, d.objid::regclass::text AS sequence
FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class c ON c.oid = d.refobjid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
AND c.relnamespace = quote_ident(current_schema())::regnamespace"""


def disable_timeouts() -> None:
    """Turn the timeouts off for this transaction: copying a table takes longer than a page may."""
    if database().is_sqlite:
        return
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        session().execute(text(f"SET LOCAL {name} = 0"))


def table_columns() -> dict[str, tuple[str, ...]]:
    """Return the columns of every table as it is in the database, without the table of migrations."""
    found = inspect(core()).get_multi_columns()
    tables = {name: tuple(column["name"] for column in columns) for (_schema, name), columns in found.items()}
    return {name: tables[name] for name in sorted(tables.keys() - {REVISIONS})}


def tables_with_rows(names: Iterable[str]) -> list[str]:
    """Return those of the tables that have a row."""
    return [name for name in names if _execute(f"SELECT 1 FROM {_quoted(name)} LIMIT 1").first()]  # noqa: S608


def copied_rows(table: str, columns: tuple[str, ...]) -> Iterator[bytes]:
    """Yield the rows of a table as chunks of whole lines."""
    chosen = f"SELECT {_quoted(*columns)} FROM {_quoted(table)}"  # noqa: S608
    if not database().is_sqlite:
        with _driver().cursor() as cursor, cursor.copy(f"COPY ({chosen}) TO STDOUT") as copy:
            yield from map(bytes, copy)
        return
    kinds = _kinds(table, columns)
    cursor = _driver().execute(chosen)
    while rows := cursor.fetchmany(_ROWS_AT_A_TIME):
        yield b"".join(encoded_row(map(value_from_sqlite, kinds, row)) for row in rows)
    cursor.close()


def load_rows(table: str, columns: tuple[str, ...], chunks: Iterable[bytes]) -> int:
    """Load chunks of whole lines into a table; return how many rows."""
    target = f"{_quoted(table)} ({_quoted(*columns)})"
    many = 0
    if not database().is_sqlite:
        with _driver().cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for chunk in chunks:
                copy.write(chunk)
                many += chunk.count(b"\n")
        return many
    kinds = _kinds(table, columns)
    statement = f"INSERT INTO {target} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    for lines in whole_lines(chunks):
        rows = (tuple(map(value_for_sqlite, kinds, decoded_row(line))) for line in lines)
        while some := list(islice(rows, _ROWS_AT_A_TIME)):
            _driver().executemany(statement, some)
        many += len(lines)
    return many


@contextmanager
def without_constraints(names: Collection[str]) -> Iterator[None]:
    """Load tables in any order: without triggers and foreign keys, which are made again and checked at the end.

    The audit trail's triggers refuse entries that are chained already.
    """
    if database().is_sqlite:
        _execute("PRAGMA defer_foreign_keys=ON")
        triggers = _execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        triggers = [trigger for trigger in triggers if trigger.tbl_name in names]
        for trigger in triggers:
            _execute(f"DROP TRIGGER {_quoted(trigger.name)}")
        yield
        for trigger in triggers:
            _execute(trigger.sql)
        return
    keys = [key for key in _execute(_FOREIGN_KEYS).all() if key.relname in names]
    tables = [table for table in _execute(_TRIGGERED).scalars() if table in names]
    for table, name, _definition in keys:
        _execute(f"ALTER TABLE {_quoted(table)} DROP CONSTRAINT {_quoted(name)}")
    for table in tables:
        _execute(f"ALTER TABLE {_quoted(table)} DISABLE TRIGGER USER")
    yield
    for table in tables:
        _execute(f"ALTER TABLE {_quoted(table)} ENABLE TRIGGER USER")
    for table, name, definition in keys:
        _execute(f"ALTER TABLE {_quoted(table)} ADD CONSTRAINT {_quoted(name)} {definition}")


def empty_tables(names: Iterable[str]) -> None:
    """Delete the rows that migrations inserted."""
    for name in names:
        _execute(f"DELETE FROM {_quoted(name)}")  # noqa: S608


def counters() -> dict[str, int]:
    """Return the last number of each key that PostgreSQL assigns, by table; SQLite continues after the last row."""
    if database().is_sqlite:
        return {}
    found = {}
    for table, _column, sequence in _execute(COUNTERS).all():
        is_used, last = _execute(f"SELECT is_called, last_value FROM {sequence}").one()  # noqa: S608
        if is_used:
            found[table] = int(last)
    return found


def set_counters(saved: dict[str, int]) -> None:
    """Let the keys continue after those that were in use, also after numbers that no row has any more."""
    if database().is_sqlite:
        # Of PostgreSQL, where complaint numbers are a sequence of this table.
        if _counter.name in saved:
            numbers = insert(_counter).values(name=COMPLAINT_COUNTER, value=saved[_counter.name])
            greater = func.max(_counter.c.value, numbers.excluded.value)
            core().execute(numbers.on_conflict_do_update(index_elements=["name"], set_={"value": greater}))
        return
    for table, column, sequence in _execute(COUNTERS).all():
        highest = _execute(f"SELECT max({_quoted(column)}) FROM {_quoted(table)}").scalar() or 0  # noqa: S608
        last = max(int(highest), saved.get(table, 0))
        if last:
            # A sequence can begin later than the column that it belongs to.
            _execute(f"SELECT setval('{sequence}', {last}) FROM {sequence} WHERE last_value <= {last}")  # noqa: S608


def analyze() -> None:
    """Let the planner count the rows, which are all new."""
    _execute("ANALYZE")


def count_waiting() -> int:
    """Return how many messages have not been sent."""
    return int(session().execute(select(func.count()).select_from(_message).where(_IS_WAITING)).scalar_one())


def hold_waiting(at: datetime) -> int:
    """Make dead letters of the messages that have not been sent; return how many. Staff can resend them."""
    values = {"state": DeliveryState.DEAD, "reason": HELD, "leased_until": None, "settled_at": at}
    return execute_count(update(_message).where(_IS_WAITING).values(**values))


def _execute(statement: str) -> Any:
    return core().exec_driver_sql(statement)


def _driver() -> Any:
    return core().connection.driver_connection


def _quoted(*names: str) -> str:
    """Return names of tables or columns for a statement, quoted so that they cannot be anything else."""
    quote = core().dialect.identifier_preparer.quote_identifier
    return ", ".join(quote(name) for name in names)


def _kinds(table: str, columns: tuple[str, ...]) -> list[ColumnKind]:
    """Return the kinds of the columns of a table of SQLite."""
    types = {column["name"]: column["type"] for column in inspect(core()).get_columns(table)}
    return [_kind(types[name]) for name in columns]


def _kind(column_type: Any) -> ColumnKind:
    if isinstance(column_type, Boolean):
        return ColumnKind.BOOLEAN
    return ColumnKind.MOMENT if isinstance(column_type, DateTime) else ColumnKind.PLAIN
