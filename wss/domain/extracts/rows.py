"""How a row of an extract is judged: taken, taken with a warning, or refused with column and reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wss.domain.errors import Malformed
from wss.domain.extracts.cells import SPREADSHEET_NUMBER, ZERO_RESTORED, RepairedCell, UnreadableCell
from wss.domain.extracts.values import CachedReader, Reader

LACKING = -1
# Cells that were read although a program had changed their form; any other code means an unreadable cell.
REPAIRED = frozenset({ZERO_RESTORED, SPREADSHEET_NUMBER})


class RowRefused(Exception):
    """A row, or a whole file, that cannot be taken: which column, and why, as a code."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(column, code)
        self.column = column
        self.code = code


class DroppedCell(NamedTuple):
    """A cell of a taken row that cannot be read, or that was repaired: the code tells which."""

    column: str
    code: str


@dataclass(frozen=True)
class KnownValues:
    """What the database knows already: for each vocabulary the words that exist."""

    words: Mapping[str, Collection[str]] = field(default_factory=dict)


NO_BLANK = object()


@dataclass(frozen=True, slots=True)
class ExtractColumn:
    """A column: how a cell is read, the field it fills, and what spares the row when the cell is bad.

    A cell that spares its row leaves a known value as it is. A file may lack an `extra` column; then the field stays
    as it is, and a new row has the table's own default.
    """

    name: str
    read: Reader
    field: str = ""
    vocabulary: str = ""
    spares: frozenset[str] = frozenset()
    # Cells that hardly repeat are not worth remembering.
    repeats: bool = True
    extra: bool = False
    # The value belongs to one row only: many that are the next row's are a slipped column; a steady one seldom changes.
    own: bool = False
    steady: bool = False

    @property
    def target(self) -> str:
        """The field of the table that this column fills."""
        return self.field or self.name

    @property
    def may_be_blank(self) -> bool:
        """Whether a cell may say nothing."""
        return self.blank is not NO_BLANK

    @property
    def blank(self) -> Any:
        """The value of an empty cell; NO_BLANK where it is refused."""
        try:
            return self.read("")
        except Malformed:
            return NO_BLANK


Agreement = Callable[[list[Any]], None]


@dataclass(frozen=True, slots=True)
class Extract:
    """A table's extract: its columns in order, the fields that name a row, what its cells owe each other."""

    table: str
    columns: tuple[ExtractColumn, ...]
    key: tuple[str, ...]
    agree: Agreement | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the header row."""
        return tuple(column.name for column in self.columns)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a taken row, in the order of its values."""
        return tuple(column.target for column in self.columns)


Taken = tuple[list[Any], Sequence[DroppedCell]]
RowRule = Callable[[Sequence[str]], Taken]


def row_rule(extract: Extract, known: KnownValues) -> RowRule:
    """The rule for the rows of an extract: the values and warnings of a row, or Refused.

    A good row, the usual case, is read in one go; only a doubtful one is looked at cell by cell.
    """
    readers = tuple(_bound(column, known) for column in extract.columns)
    width, agree = len(readers), extract.agree

    def check(cells: Sequence[str]) -> Taken:
        if len(cells) != width:
            raise RowRefused("", "wrong_number_of_columns")
        warnings: Sequence[DroppedCell] = ()
        try:
            values = [read(cell) for read, cell in zip(readers, cells, strict=True)]
        except Malformed:
            values, warnings = _cell_by_cell(extract.columns, readers, cells)
        if agree is not None:
            agree(values)
        return values, warnings

    return check


def layout(extract: Extract, header: Sequence[str]) -> tuple[int, ...]:
    """Where in the file each column of the extract stands (-1: an extra one that it lacks); further ones are left
    alone, and columns without a name are nothing."""
    found = [name.strip().casefold() for name in header]
    named = [name for name in found if name]
    if len(set(named)) != len(named):
        raise RowRefused("", "column_twice")
    for column in extract.columns:
        if column.name not in found and not column.extra:
            raise RowRefused(column.name, "column_missing")
    return tuple(found.index(name) if name in found else LACKING for name in extract.names)


def _cell_by_cell(columns: Sequence[ExtractColumn], readers: Sequence[Reader], cells: Sequence[str]) -> Taken:
    values: list[Any] = []
    noted = []
    for column, read, cell in zip(columns, readers, cells, strict=True):
        try:
            values.append(read(cell))
        except RepairedCell as repaired:
            values.append(repaired.value)
            noted.append(DroppedCell(column.name, repaired.code))
        except Malformed as wrong:
            if not isinstance(wrong, UnreadableCell) and wrong.code not in column.spares:
                raise RowRefused(column.name, wrong.code) from None
            values.append(read(""))
            noted.append(DroppedCell(column.name, wrong.code))
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
