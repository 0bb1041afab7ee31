"""Statements that are compiled once and executed by the driver, several of them in one round trip to PostgreSQL.

For the few statements of which the duration delays every registration: SQLAlchemy needs three times as long as the
driver to execute one, and each round trip costs as much again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.orm import Session

# So many statements are joined to one; each number and order of them is a statement of its own to the server.
_JOINED = 24
# Marks a statement of PostgreSQL that the server parses once for each connection (engines.py).
PREPARE = "wss_prepare"


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a statement: its name, or a constant, and what converts it for the driver."""

    name: str | None
    constant: Any
    convert: Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _CompiledText:
    """A statement as the driver of one database understands it."""

    sql: str
    values: tuple[_Value, ...]
    returns: bool

    def parameters(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values in the order of the statement."""
        return tuple(
            each.constant
            if each.name is None
            else (each.convert(given[each.name]) if each.convert else given[each.name])
            for each in self.values
        )


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
    given: Mapping[str, Any]


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

    def commit(self) -> None:
        """Commit, the deferred statements included."""
        if self.deferred:
            self.run()
        super().commit()


def run_together(connection: Connection, calls: list[StatementCall]) -> list[Any]:
    """Execute statements that find at most one row each; return the first value of each row, None without one.

    PostgreSQL executes them as one statement, so that none sees what another has changed; keys are checked at the
    end of it.
    """
    dialect = connection.dialect
    texts = [call.statement.compiled(dialect, tuple(call.given)) for call in calls]
    values = [text.parameters(call.given) for text, call in zip(texts, calls, strict=True)]
    if dialect.name == "sqlite":
        return [
            _first_value(connection, text.sql, given, text.returns)
            for text, given in zip(texts, values, strict=True)
        ]
    found: list[Any] = []
    for first in range(0, len(calls), _JOINED):
        some = slice(first, first + _JOINED)
        found += _run_joined(connection, texts[some], [each for given in values[some] for each in given])
    return found


def _run_joined(connection: Connection, texts: list[_CompiledText], values: list[Any]) -> list[Any]:
    prepare = {PREPARE: True}
    if len(texts) == 1:
        return [_first_value(connection, texts[0].sql, tuple(values), texts[0].returns, prepare)]
    steps = ", ".join(f"s{number} AS ({text.sql})" for number, text in enumerate(texts))
    results = (f"(TABLE s{number})" if text.returns else "NULL" for number, text in enumerate(texts))
    joined = f"WITH {steps} SELECT {', '.join(results)}"
    return list(connection.exec_driver_sql(joined, tuple(values), execution_options=prepare).one())


def _first_value(
    connection: Connection,
    sql: str,
    values: tuple[Any, ...],
    returns: bool,
    options: Mapping[str, Any] | None = None,
) -> Any:
    result = connection.exec_driver_sql(sql, values, execution_options=options)
    return result.scalar() if returns else None


def _compile(statement: Any, dialect: Dialect, names: Iterable[str]) -> _CompiledText:
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
    values = []
    for name in compiled.positiontup:
        convert = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        if name in names:
            values.append(_Value(name, None, convert))
        else:
            constant = constants[name]
            values.append(_Value(None, convert(constant) if convert else constant, None))
    returns = statement.is_select or bool(compiled.effective_returning)
    return _CompiledText(compiled.string, tuple(values), returns)
