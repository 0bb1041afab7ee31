"""Validation of a row of an extract: accepted, accepted with a warning, or refused with column and reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wss.domain.errors import Malformed
from wss.domain.extracts.cells import SPREADSHEET_NUMBER, ZERO_RESTORED, RepairedCell, UnreadableCell
from wss.domain.extracts.values import CachedReader, Reader

MISSING = -1
# Cells that were read although a program had changed their form; any other code means an unreadable cell.
REPAIRED = frozenset({ZERO_RESTORED, SPREADSHEET_NUMBER})
# Code of a file that is not CSV from a line on; the number of the line follows.
UNREADABLE_FROM = "unreadable_from_line_"


class RowRefused(Exception):
    """A row, or a whole file, is refused: the column, and the reason as a code."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(column, code)
        self.column = column
        self.code = code


class DroppedCell(NamedTuple):
    """A cell of an accepted row that is unreadable or was repaired, depending on the code."""

    column: str
    code: str


@dataclass(frozen=True)
class KnownValues:
    """The values that the database has already: for each vocabulary the existing words."""

    words: Mapping[str, Collection[str]] = field(default_factory=dict)


NO_BLANK = object()


@dataclass(frozen=True, slots=True)
class ExtractColumn:
    """A column: the parser of its cells, the field it fills, and the errors that do not refuse the row.

    A cell with such an error leaves a known value unchanged. A file may lack an `extra` column; then the field
    stays unchanged, and a new row has the table's own default.
    """

    name: str
    read: Reader
    field: str = ""
    vocabulary: str = ""
    spares: frozenset[str] = frozenset()
    # Values that seldom repeat are not cached.
    repeats: bool = True
    extra: bool = False
    # The value belongs to one row only: if many equal the next row's, the column has slipped; a stable one seldom
    # changes.
    own: bool = False
    steady: bool = False

    @property
    def target(self) -> str:
        """Return the field of the table that this column fills."""
        return self.field or self.name

    @property
    def may_be_blank(self) -> bool:
        """Return whether a cell may be blank."""
        return self.blank is not NO_BLANK

    @property
    def blank(self) -> Any:
        """Return the value of an empty cell; NO_BLANK if it is refused."""
        try:
            return self.read("")
        except Malformed:
            return NO_BLANK


Agreement = Callable[[list[Any]], None]


@dataclass(frozen=True, slots=True)
class Extract:
    """The extract of a table: its columns in order, the key fields of a row, and the check across its cells."""

    table: str
    columns: tuple[ExtractColumn, ...]
    key: tuple[str, ...]
    agree: Agreement | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the header row."""
        return tuple(column.name for column in self.columns)

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields of an accepted row, in the order of its values."""
        return tuple(column.target for column in self.columns)


AcceptedRow = tuple[list[Any], Sequence[DroppedCell]]


@dataclass(frozen=True, slots=True)
class RowRule:
    """The rule for the rows of an extract: called with a row it returns its values and warnings, or raises RowRefused.

    A good row, the usual case, is parsed in one step; only a doubtful one is checked cell by cell.
    """

    columns: tuple[ExtractColumn, ...]
    readers: tuple[Reader, ...]
    agree: Agreement | None

    def __call__(self, cells: Sequence[str]) -> AcceptedRow:
        """Return the values and warnings of a row."""
        if len(cells) != len(self.readers):
            raise RowRefused("", "wrong_number_of_columns")
        warnings: Sequence[DroppedCell] = ()
        try:
            values = [read(cell) for read, cell in zip(self.readers, cells, strict=True)]
        except Malformed:
            values, warnings = _cell_by_cell(self.columns, self.readers, cells)
        if self.agree is not None:
            self.agree(values)
        return values, warnings

    def values_of_good(self, rows: Sequence[Sequence[str]]) -> list[list[Any]] | None:
        """Return the values of rows that are all accepted without a warning; None if one of them is not.

        Column by column, which takes half the time.
        """
        if set(map(len, rows)) != {len(self.readers)}:
            return None
        try:
            columns = map(map, self.readers, zip(*rows, strict=True))
            values = list(map(list, zip(*columns, strict=True)))
            if self.agree is not None:
                for of_row in values:
                    self.agree(of_row)
        except (Malformed, RowRefused):
            return None
        return values


def row_rule(extract: Extract, known: KnownValues) -> RowRule:
    """Return the rule for the rows of an extract."""
    readers = tuple(_bound(column, known) for column in extract.columns)
    return RowRule(extract.columns, readers, extract.agree)


def layout(extract: Extract, header: Sequence[str]) -> tuple[int, ...]:
    """Return the position in the file of each column of the extract (-1: an extra column that it lacks).

    Further columns and columns without a name are ignored.
    """
    found = [name.strip().casefold() for name in header]
    named = [name for name in found if name]
    if len(set(named)) != len(named):
        raise RowRefused("", "column_twice")
    for column in extract.columns:
        if column.name not in found and not column.extra:
            raise RowRefused(column.name, "column_missing")
    return tuple(found.index(name) if name in found else MISSING for name in extract.names)


def _cell_by_cell(
    columns: Sequence[ExtractColumn], readers: Sequence[Reader], cells: Sequence[str]
) -> AcceptedRow:
    values: list[Any] = []
    noted = []
    for column, read, cell in zip(columns, readers, cells, strict=True):
        try:
            values.append(read(cell))
        except RepairedCell as error:
            values.append(error.value)
            noted.append(DroppedCell(column.name, error.code))
        except Malformed as error:
            if not isinstance(error, UnreadableCell) and error.code not in column.spares:
                raise RowRefused(column.name, error.code) from None
            values.append(read(""))
            noted.append(DroppedCell(column.name, error.code))
    return values, noted


def _bound(column: ExtractColumn, known: KnownValues) -> Reader:
    read = column.read
    if column.vocabulary:
        read = _one_of(read, known.words.get(column.vocabulary, ()), f"unknown_{column.vocabulary}")
    return CachedReader(read).__getitem__ if column.repeats else read


def _one_of(read: Reader, allowed: Collection[str], refusal: str) -> Reader:
    def checked(cell: str) -> Any:
        value = read(cell)
        if value and value not in allowed:
            raise Malformed(refusal)
        return value

    return checked
