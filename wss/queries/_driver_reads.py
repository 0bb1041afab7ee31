"""Reading statements that the driver executes: compiled once, without SQLAlchemy's work for every execution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Dialect, Select

from wss.db import core

Row = TypeVar("Row")
Conversion = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class DriverStatement:
    """A statement as the driver takes it, and how parameters and columns are converted."""

    sql: str
    # Of SQLite the names in the order of the statement; drivers with named parameters need none.
    order: tuple[str, ...] | None
    fixed: dict[str, Any]
    bound: tuple[tuple[str, Conversion], ...]
    columns: tuple[tuple[int, Conversion], ...]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return what is passed to the driver."""
        given = {**self.fixed, **values}
        for name, convert in self.bound:
            given[name] = convert(given[name])
        return given if self.order is None else [given[name] for name in self.order]


class DriverRead(Generic[Row]):
    """A SELECT of the pages that are opened most, and what each row becomes.

    SQLAlchemy took three quarters of the time of such a statement on SQLite, to find what it had compiled before and
    to prepare a result of which every column is read once.
    """

    def __init__(self, statement: Select[Any], row: Callable[..., Row]) -> None:
        self.statement, self._row = statement, row
        self._compiled: dict[str, DriverStatement] = {}

    def all(self, **values: Any) -> list[Row]:
        """Return every row that is found with these parameters."""
        connection = core()
        if connection.dispatch.before_cursor_execute:
            # Someone counts or records the statements.
            return [self._row(*row) for row in connection.execute(self.statement, values)]
        name = connection.dialect.name
        known = self._compiled.get(name)
        if known is None:
            known = self._compiled[name] = _compiled(self.statement, connection.dialect)
        asked = known.parameters(values)
        driver: Any = connection.connection.dbapi_connection
        try:
            rows = driver.execute(known.sql, asked).fetchall()
        except Exception as error:
            # As for any statement: counted, without its parameters, and a lost connection leaves the pool.
            connection._handle_dbapi_exception(error, known.sql, asked, None, None)
        return [self._made(known, row) for row in rows]

    def first(self, **values: Any) -> Row | None:
        """Return the first row; None if there is none."""
        found = self.all(**values)
        return found[0] if found else None

    def _made(self, known: DriverStatement, row: Any) -> Row:
        if known.columns:
            row = list(row)
            for position, convert in known.columns:
                row[position] = convert(row[position])
        return self._row(*row)


def _compiled(statement: Select[Any], dialect: Dialect) -> DriverStatement:
    """Compile a statement for a database. Lists of unknown length are no parameters of it."""
    compiled: Any = statement.compile(dialect=dialect)
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise ValueError("the driver takes no list as a parameter")
    named = {name: bind for bind, name in compiled.bind_names.items()}
    bound = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in named.items()}
    columns = [each[3] for each in compiled._result_columns]
    read = [column.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return DriverStatement(
        str(compiled),
        tuple(compiled.positiontup) if compiled.positional else None,
        {name: bind.value for name, bind in named.items() if not bind.required},
        tuple((name, convert) for name, convert in bound.items() if convert),
        tuple((position, convert) for position, convert in enumerate(read) if convert),
    )
