"""Limits on the share of known values that a file may remove or change: beyond them the column is probably damaged."""

from __future__ import annotations

from typing import NamedTuple

# In a month fewer than one consumer in a hundred gives a number up or moves; five in a hundred are a damaged column.
# Below five rows a share is no evidence: a short file of corrections may empty some cells, but not over half of
# them.
_SHARE, _FEWEST = 0.05, 5
_OF_A_SHORT_FILE, _FEWEST_OF_A_SHORT_FILE = 0.5, 1
# Numbers do change, and a file may hold the changed rows only: a short one is accepted.
_SHARE_CHANGED, _FEWEST_CHANGED = 0.2, 20
EXAMPLES = 5

LOST = "values_lost"
REFORMATTED = "values_reformatted"
SHIFTED = "values_shifted"
CHANGED = "values_changed"
MONTH_FIRST = "month_first"


class ColumnLoss(NamedTuple):
    """An unusual loss in a column: how many of the known values are affected, and the first lines."""

    column: str
    code: str
    many: int
    known: int
    lines: tuple[int, ...]


def is_unusual(count: int, known: int) -> bool:
    """Return whether so many of the known values cannot have been removed, reformatted or moved on purpose."""
    many = count >= _FEWEST and count > _SHARE * known
    return many or (count > _FEWEST_OF_A_SHORT_FILE and count > _OF_A_SHORT_FILE * known)


def are_too_many_changed(count: int, known: int) -> bool:
    """Return whether so many of the known values cannot all have changed since the last file."""
    return count >= _FEWEST_CHANGED and count > _SHARE_CHANGED * known
