"""Effect of an extract's staged rows on known values: kept, lost, moved to other rows."""

from collections.abc import Callable, Collection, Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    insert,
    literal,
    select,
    true,
    union,
    update,
)

from wss.db import session
from wss.domain.extracts import EXTRACTS, REPAIRED, ExtractColumn
from wss.domain.extracts.cells import SPREADSHEET_NUMBER, ZERO_RESTORED
from wss.domain.extracts.losses import EXAMPLES
from wss.domain.extracts.rows import NO_BLANK
from wss.models.staged import NOTED_CELLS, REFUSED_ROWS, STAGED, TARGETS

Noted = tuple[int, str, str]
_PHONE = "phone"


class LineKind(StrEnum):
    """What happens to known values on some lines of a file."""

    EMPTIED = "emptied"
    UNREADABLE = "unreadable"
    REFORMATTED = "reformatted"
    SHIFTED = "shifted"
    CHANGED = "changed"


class ColumnCounts(NamedTuple):
    """Counts of a column over the known rows of the file: values, emptied values, changed values."""

    known: int
    emptied: int
    changed: int


def note_cells(cells: Sequence[Noted]) -> None:
    """Record the cells that cannot be read or were repaired: line, column, code."""
    if cells:
        named = [{"line": line, "column_name": column, "code": code} for line, column, code in cells]
        session().execute(insert(NOTED_CELLS), named)


def restore_known(table: str) -> None:
    """Restore the known value of unreadable cells.

    Also the leading zero of a telephone number where only that is missing.
    """
    staged, target = STAGED[table], TARGETS[table]
    if _PHONE in staged.c:
        _restore_leading_zeros(table)
    unreadable = NOTED_CELLS.c.code.not_in(REPAIRED)
    names = session().execute(select(NOTED_CELLS.c.column_name).where(unreadable).distinct()).scalars().all()
    for column in EXTRACTS[table].columns:
        if column.name in names:
            lines = select(NOTED_CELLS.c.line).where(unreadable, NOTED_CELLS.c.column_name == column.name)
            keep = update(staged).values({column.target: target.c[column.target]})
            session().execute(keep.where(_same_row(table), staged.c.line.in_(lines)))


def _restore_leading_zeros(table: str) -> None:
    staged, target = STAGED[table], TARGETS[table]
    lacks_zero = and_(_same_row(table), target.c.phone == literal("0").concat(staged.c.phone))
    is_noted = exists().where(NOTED_CELLS.c.line == staged.c.line, NOTED_CELLS.c.column_name == _PHONE)
    rows = select(staged.c.line, literal(_PHONE), literal(ZERO_RESTORED)).where(lacks_zero, ~is_noted)
    session().execute(insert(NOTED_CELLS).from_select(["line", "column_name", "code"], rows))
    session().execute(update(staged).values(phone=target.c.phone).where(lacks_zero))


def noted_cells(table: str, codes: Collection[str], at_most: int) -> Iterator[tuple[int, str, str, Any]]:
    """Yield the first noted cells of accepted rows, except those with some codes: line, column, code, staged value."""
    staged = STAGED[table]
    statement = (
        select(NOTED_CELLS, *(staged.c[field] for field in EXTRACTS[table].fields))
        .join(staged, staged.c.line == NOTED_CELLS.c.line)
        .where(NOTED_CELLS.c.code.not_in(codes))
        .order_by(NOTED_CELLS.c.line)
        .limit(at_most)
    )
    places = {column.name: place for place, column in enumerate(EXTRACTS[table].columns, 3)}
    for row in session().execute(statement):
        yield row.line, row.column_name, row.code, row[places[row.column_name]]


def noted_rows(table: str, codes: Collection[str]) -> int:
    """Return how many accepted rows have noted cells with other codes than these."""
    staged = STAGED[table]
    lines = select(NOTED_CELLS.c.line).where(NOTED_CELLS.c.code.not_in(codes)).distinct()
    return session().execute(select(func.count()).where(staged.c.line.in_(lines))).scalar_one()


def is_known(table: str) -> bool:
    """Return whether the table has any row yet."""
    return session().execute(select(literal(1)).select_from(TARGETS[table]).limit(1)).first() is not None


def column_counts(table: str, columns: Sequence[ExtractColumn]) -> dict[str, ColumnCounts]:
    """Return the counts of each column, in one pass over the rows."""
    counts: list[ColumnElement[Any]] = []
    for column in columns:
        known, is_emptied, other = _known(table, column), _is_emptied(table, column), _differs(table, column)
        counts += [func.count().filter(known), func.count().filter(known, is_emptied)]
        counts.append(func.count().filter(known, ~is_emptied, other) if column.own else literal(0))
    if not counts:
        return {}
    row = session().execute(select(*counts).where(_same_row(table))).one()
    return {column.name: ColumnCounts(*row[3 * at : 3 * at + 3]) for at, column in enumerate(columns)}


def noted_known(table: str, column: ExtractColumn, kind: LineKind) -> int:
    """Return how many known values of a column are on lines of one kind."""
    lines = _LINES[kind](table, column).subquery()
    return session().execute(select(func.count()).select_from(lines)).scalar_one()


def month_first_cells(table: str) -> list[tuple[str, int, int]]:
    """Return the columns with refused cells that can only be dates with the month first.

    Each with the number of cells, and of rows.
    """
    staged = session().execute(select(func.count()).select_from(STAGED[table])).scalar_one()
    refused = session().execute(select(func.count()).select_from(REFUSED_ROWS)).scalar_one()
    statement = select(REFUSED_ROWS.c.column_name, func.count()).where(REFUSED_ROWS.c.code == "month_first")
    rows = session().execute(statement.group_by(REFUSED_ROWS.c.column_name))
    return [(name, count, staged + refused) for name, count in rows]


def examples(table: str, column: ExtractColumn, kinds: Sequence[LineKind]) -> tuple[int, ...]:
    """Return the first lines of some kinds."""
    lines = union(*(_LINES[kind](table, column) for kind in kinds)).subquery()
    return tuple(session().execute(select(lines.c[0]).order_by(lines.c[0]).limit(EXAMPLES)).scalars())


def _same_row(table: str) -> ColumnElement[bool]:
    staged, target = STAGED[table], TARGETS[table]
    return and_(*(target.c[field] == staged.c[field] for field in EXTRACTS[table].key))


def _known(table: str, column: ExtractColumn) -> ColumnElement[bool]:
    """Return whether the table has a value in this column."""
    value = TARGETS[table].c[column.target]
    return value.is_not(None) if column.blank in (None, NO_BLANK) else value.is_distinct_from(column.blank)


def _is_emptied(table: str, column: ExtractColumn) -> ColumnElement[bool]:
    """Return whether the file has no value in this column."""
    value = STAGED[table].c[column.target]
    if column.blank is NO_BLANK:
        return ~true()
    return value.is_(None) if column.blank is None else value.is_not_distinct_from(column.blank)


def _differs(table: str, column: ExtractColumn) -> ColumnElement[bool]:
    return STAGED[table].c[column.target].is_distinct_from(TARGETS[table].c[column.target])


def _lines(table: str, *conditions: ColumnElement[bool]) -> Select[tuple[int]]:
    return select(STAGED[table].c.line).where(_same_row(table), *conditions)


def _emptied_lines(table: str, column: ExtractColumn) -> Select[tuple[int]]:
    return _lines(table, _known(table, column), _is_emptied(table, column))


def _changed_lines(table: str, column: ExtractColumn) -> Select[tuple[int]]:
    return _lines(table, _known(table, column), ~_is_emptied(table, column), _differs(table, column))


def _unreadable_lines(table: str, column: ExtractColumn) -> Select[tuple[int]]:
    return _noted_lines(table, column, NOTED_CELLS.c.code.not_in(REPAIRED))


def _reformatted_lines(table: str, column: ExtractColumn) -> Select[tuple[int]]:
    return _noted_lines(table, column, NOTED_CELLS.c.code == SPREADSHEET_NUMBER)


def _noted_lines(table: str, column: ExtractColumn, of_code: ColumnElement[bool]) -> Select[tuple[int]]:
    noted = select(NOTED_CELLS.c.line).where(NOTED_CELLS.c.column_name == column.name, of_code)
    return _lines(table, _known(table, column), STAGED[table].c.line.in_(noted))


def _shifted_lines(table: str, column: ExtractColumn) -> Select[tuple[int]]:
    """Select the lines with a value that another row had before: the column was shifted, or sorted on its own."""
    new, old = STAGED[table].c[column.target], TARGETS[table].c[column.target]
    had = select(old).where(_same_row(table), _known(table, column)).correlate(None)
    return _changed_lines(table, column).where(new.in_(had))


_LINES: dict[LineKind, Callable[[str, ExtractColumn], Select[tuple[int]]]] = {
    LineKind.EMPTIED: _emptied_lines,
    LineKind.UNREADABLE: _unreadable_lines,
    LineKind.REFORMATTED: _reformatted_lines,
    LineKind.SHIFTED: _shifted_lines,
    LineKind.CHANGED: _changed_lines,
}
