"""Finds the columns of an extract of which too many known values would be lost, moved or were spoilt."""

from collections.abc import Collection, Iterator

from wss.domain.extracts import EXTRACTS, Column
from wss.domain.extracts.losses import (
    CHANGED,
    LOST,
    MONTH_FIRST,
    SHIFTED,
    SPOILT,
    Loss,
    are_too_many_changed,
    is_unusual,
)
from wss.queries import losses
from wss.queries.losses import Lines, Tally


def found_losses(table: str, lacking: Collection[str]) -> list[Loss]:
    """What stands against the staged file as a whole; needs an open transaction on its workbench."""
    found = [Loss(name, MONTH_FIRST, count, count, ()) for name, count in losses.month_first_cells()]
    if not losses.is_known(table):
        return found
    columns = [column for column in EXTRACTS[table].columns if _is_watched(table, column, lacking)]
    for name, tally in losses.tallies(table, columns).items():
        column = next(one for one in columns if one.name == name)
        if tally.known:
            found += _of_column(table, column, tally)
    return found


def _is_watched(table: str, column: Column, lacking: Collection[str]) -> bool:
    is_given = column.target not in lacking and column.target not in EXTRACTS[table].key
    return is_given and (column.may_be_blank or column.own)


def _of_column(table: str, column: Column, tally: Tally) -> Iterator[Loss]:
    def loss(code: str, count: int, *kinds: Lines) -> Loss:
        return Loss(column.name, code, count, tally.known, losses.examples(table, column, kinds))

    lost = tally.emptied + losses.noted_known(table, column, Lines.UNREADABLE)
    if is_unusual(lost, tally.known):
        yield loss(LOST, lost, Lines.EMPTIED, Lines.UNREADABLE)
    spoilt = losses.noted_known(table, column, Lines.SPOILT)
    if is_unusual(spoilt, tally.known):
        yield loss(SPOILT, spoilt, Lines.SPOILT)
    # Only changed values can be those of another row.
    if is_unusual(tally.changed, tally.known):
        shifted = losses.noted_known(table, column, Lines.SHIFTED)
        if is_unusual(shifted, tally.known):
            yield loss(SHIFTED, shifted, Lines.SHIFTED)
            return
    if column.steady and are_too_many_changed(tally.changed, tally.known):
        yield loss(CHANGED, tally.changed, Lines.CHANGED)
