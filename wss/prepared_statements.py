"""Statements that are compiled once and executed by the driver, several of them at a time.

For the few statements of which the duration delays every registration: SQLAlchemy needs three times as long as the
driver to execute one, and each round trip to PostgreSQL costs as much again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, event
from sqlalchemy.orm import ORMExecuteState, Session

# So many statements are joined to one; each number and order of them is a statement of its own to the server.
_JOINED = 24
# Options of an execution: the statement that the server parses once for each connection; several statements of SQLite.
PREPARE, SEVERAL = "wss_prepare", "wss_several"


@dataclass(frozen=True, slots=True)
class _CompiledText:
    """A statement as the driver of one database understands it.

    `constants` are the values by position, without those that are `given`: name, conversion, positions.
    """

    sql: str
    constants: tuple[Any, ...]
    given: tuple[tuple[str, Callable[[Any], Any] | None, tuple[int, ...]], ...]
    returns: bool

    def parameters(self, named: Mapping[str, Any]) -> list[Any]:
        """Return the values in the order of the statement."""
        values = [*self.constants]
        for name, convert, positions in self.given:
            value = named[name] if convert is None else convert(named[name])
            for position in positions:
                values[position] = value
        return values


class PreparedStatement:
    """A statement whose values are given by name, none of them a list; an INSERT of one row names its columns so."""

    def __init__(self, build: Callable[[], Any]) -> None:
        """`build` returns the statement for the configured database; called once for each kind of database."""
        self._build = build
        self._compiled: dict[tuple[str, tuple[str, ...]], _CompiledText] = {}

    def compiled(self, dialect: Dialect, names: tuple[str, ...]) -> _CompiledText:
        """Return the text for a kind of database and these names of values."""
        key = dialect.name, names
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = _compile(self._build(), dialect, names)
        return found


class StatementCall(NamedTuple):
    """A statement with its values."""

    statement: PreparedStatement
    named: Mapping[str, Any]


class DriverCall(NamedTuple):
    """A statement as text, with its values; whether it returns something."""

    sql: str
    values: Sequence[Any]
    returns: bool


class WriteSession(Session):
    """The session of a transaction: it keeps the writes whose results are not needed, and executes them together."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.deferred: list[StatementCall] = []

    def run(self, *calls: StatementCall) -> list[Any]:
        """Execute the deferred statements, then these; return the first value of the row that each of these finds."""
        before, self.deferred = self.deferred, []
        values = run_together(self.connection(), [*before, *calls])
        return values[len(before) :]


@event.listens_for(WriteSession, "do_orm_execute")
def _before_a_statement(state: ORMExecuteState) -> None:
    _run_deferred(state.session)


@event.listens_for(WriteSession, "before_flush")
def _before_a_flush(session: Session, *_: Any) -> None:
    _run_deferred(session)


def _run_deferred(session: Session) -> None:
    # Every statement of the session sees them, whichever way it is executed.
    if isinstance(session, WriteSession) and session.deferred:
        session.run()


def run_together(connection: Connection, calls: Sequence[StatementCall]) -> list[Any]:
    """Execute statements that find at most one row each; return the first value of each row, None without one.

    PostgreSQL executes them as one statement, in this order; none sees what another has changed, and keys are checked
    at the end of it.
    """
    dialect = connection.dialect
    texts = [
        DriverCall(text.sql, text.parameters(named), text.returns)
        for text, named in ((each.compiled(dialect, tuple(named)), named) for each, named in calls)
    ]
    if dialect.name == "sqlite":
        return _run_each(connection, texts)
    found: list[Any] = []
    for first in range(0, len(texts), _JOINED):
        found += _run_joined(connection, texts[first : first + _JOINED])
    return found


def _run_each(connection: Connection, calls: list[DriverCall]) -> list[Any]:
    found: list[Any] = []
    # One execution for SQLAlchemy, which begins the transaction and translates errors.
    several = "; ".join(call.sql for call in calls)
    connection.exec_driver_sql(several, execution_options={SEVERAL: (calls, found)})
    return found


def execute_several(cursor: Any, _statement: str, _values: Any, context: Any) -> bool:
    """Execute what `run_together` has asked for; SQLAlchemy calls it for every statement of SQLite."""
    asked = context.execution_options.get(SEVERAL)
    if asked is None:
        return False
    calls, found = asked
    for sql, values, returns in calls:
        cursor.execute(sql, values)
        row = cursor.fetchone() if returns else None
        found.append(row[0] if row else None)
    return True


def _run_joined(connection: Connection, calls: list[DriverCall]) -> list[Any]:
    prepare = {PREPARE: True}
    values = tuple(value for call in calls for value in call.values)
    if len(calls) == 1:
        [call] = calls
        result = connection.exec_driver_sql(call.sql, values, execution_options=prepare)
        return [result.scalar() if call.returns else None]
    # A step is executed when its result is needed, so each returns one, and they are executed in their order.
    texts = (call.sql if call.returns else f"{call.sql} RETURNING NULL" for call in calls)
    steps = ", ".join(f"s{number} AS ({text})" for number, text in enumerate(texts))
    results = ", ".join(f"(TABLE s{number})" for number in range(len(calls)))
    joined = f"WITH {steps} SELECT {results}"
    return list(connection.exec_driver_sql(joined, values, execution_options=prepare).one())


def execute_prepared(cursor: Any, statement: str, values: Any, context: Any) -> bool:
    """Have the server parse a marked statement once for each connection; called for every statement of PostgreSQL."""
    is_marked = PREPARE in context.execution_options
    if is_marked:
        cursor.execute(statement, values, prepare=True)
    return is_marked


def _compile(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> _CompiledText:
    if dialect.name != "sqlite":
        # By position, so that the values of several statements can be joined.
        dialect = type(dialect)(paramstyle="format")  # type: ignore[call-arg]
    if statement.is_insert:
        statement = statement.inline()
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    constants = compiled.params
    for column in compiled.insert_prefetch:
        if not column.default.is_scalar:
            raise TypeError(f"{column} has a default that only SQLAlchemy can compute")
        constants[column.key] = column.default.arg
    order = compiled.positiontup
    given = []
    for name in dict.fromkeys(order):
        convert = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        if name in names:
            given.append((name, convert, tuple(place for place, each in enumerate(order) if each == name)))
        elif convert:
            constants[name] = convert(constants[name])
    returns = statement.is_select or bool(compiled.effective_returning)
    return _CompiledText(
        compiled.string,
        tuple(None if name in names else constants[name] for name in order),
        tuple(given),
        returns,
    )
