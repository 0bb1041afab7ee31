"""Losses of an import: columns of which an unusual share would be lost, moved or reformatted."""

from collections.abc import Collection, Iterator

from wss.domain.extracts import EXTRACTS, ExtractColumn
from wss.domain.extracts.losses import (
    CHANGED,
    LOST,
    MONTH_FIRST,
    REFORMATTED,
    SHIFTED,
    ColumnLoss,
    are_too_many_changed,
    is_unusual,
)
from wss.queries import losses
from wss.queries.losses import ColumnCounts, LineKind


def found_losses(table: str, lacking: Collection[str]) -> list[ColumnLoss]:
    """Return the columns of the staged file with unusual losses; needs an open transaction on its workbench."""
    found = [
        ColumnLoss(name, MONTH_FIRST, many, rows, ())
        for name, many, rows in losses.month_first_cells(table)
        if is_unusual(many, rows)
    ]
    if not losses.is_known(table):
        return found
    columns = [column for column in EXTRACTS[table].columns if _is_watched(table, column, lacking)]
    for name, counts in losses.column_counts(table, columns).items():
        column = next(one for one in columns if one.name == name)
        if counts.known:
            found += _of_column(table, column, counts)
    return found


def _is_watched(table: str, column: ExtractColumn, lacking: Collection[str]) -> bool:
    is_given = column.target not in lacking and column.target not in EXTRACTS[table].key
    return is_given and (column.may_be_blank or column.own)


def _of_column(table: str, column: ExtractColumn, counts: ColumnCounts) -> Iterator[ColumnLoss]:
    def loss(code: str, count: int, *kinds: LineKind) -> ColumnLoss:
        return ColumnLoss(column.name, code, count, counts.known, losses.examples(table, column, kinds))

    lost = counts.emptied + losses.noted_known(table, column, LineKind.UNREADABLE)
    if is_unusual(lost, counts.known):
        yield loss(LOST, lost, LineKind.EMPTIED, LineKind.UNREADABLE)
    reformatted = losses.noted_known(table, column, LineKind.REFORMATTED)
    if is_unusual(reformatted, counts.known):
        yield loss(REFORMATTED, reformatted, LineKind.REFORMATTED)
    # Only changed values can be those of another row.
    if is_unusual(counts.changed, counts.known):
        shifted = losses.noted_known(table, column, LineKind.SHIFTED)
        if is_unusual(shifted, counts.known):
            yield loss(SHIFTED, shifted, LineKind.SHIFTED)
            return
    if column.steady and are_too_many_changed(counts.changed, counts.known):
        yield loss(CHANGED, counts.changed, LineKind.CHANGED)
