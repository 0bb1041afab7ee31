"""Rows by the hundred thousand: each table is filled by one statement over a series of numbers."""

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import CTE, BigInteger, ColumnElement, Engine, String, Table, insert, literal, select
from sqlalchemy import cast as sql_cast

from wss.db import Base

Number = ColumnElement[int]
Text = ColumnElement[str]
Columns = Callable[[Number], dict[str, Any]]

_AT_ONCE = 100_000


class SeriesFiller:
    """Adds rows 1 to so many to a table; each column is a value or an expression of the row's number."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(wss_begin="BEGIN IMMEDIATE")

    def __call__(self, model: type[Base], rows: int, columns: Columns) -> None:
        table = cast(Table, model.__table__)
        for first in range(1, rows + 1, _AT_ONCE):
            counted = numbers(first, min(first + _AT_ONCE - 1, rows))
            values = columns(counted.c.n)
            chosen = select(*(as_column(table, name, value) for name, value in values.items()))
            with self._engine.begin() as connection:
                connection.execute(insert(table).from_select(list(values), chosen.select_from(counted)))


def numbers(first: int, last: int) -> CTE:
    """Return the whole numbers from first to last, as a query that runs on both databases."""
    counted = select(literal(first, BigInteger).label("n")).cte("counted", recursive=True)
    return counted.union_all(select(counted.c.n + 1).where(counted.c.n < last))


def as_column(table: Table, name: str, value: Any) -> ColumnElement[Any]:
    """Return a value, or an expression of the row's number, for a column of a table."""
    return value if isinstance(value, ColumnElement) else literal(value, table.c[name].type)


def as_text(number: Number) -> Text:
    """Return a number as text."""
    return sql_cast(number, String)
