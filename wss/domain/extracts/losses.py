"""When a file would lose or move so many known values that the column is probably damaged."""

from __future__ import annotations

from typing import NamedTuple

# In a month fewer than one consumer in a hundred gives up a number or moves; five in a hundred are a damaged column.
# Below five rows a share says nothing: a short file of corrections may empty some cells, but not over half of them.
_SHARE, _FEWEST = 0.05, 5
_OF_A_SHORT_FILE, _FEWEST_OF_A_SHORT_FILE = 0.5, 1
# Numbers do change, and a file may hold the changed rows only: a short one passes.
_SHARE_CHANGED, _FEWEST_CHANGED = 0.2, 20
EXAMPLES = 5

LOST = "values_lost"
REFORMATTED = "values_reformatted"
SHIFTED = "values_shifted"
CHANGED = "values_changed"
MONTH_FIRST = "month_first"


class ColumnLoss(NamedTuple):
    """What a file would do to an unusual share of a column: how many of the known values, and the first lines."""

    column: str
    code: str
    many: int
    known: int
    lines: tuple[int, ...]


def is_unusual(count: int, known: int) -> bool:
    """Whether so many of the known values are too many to be lost, reformatted or moved on purpose."""
    many = count >= _FEWEST and count > _SHARE * known
    return many or (count > _FEWEST_OF_A_SHORT_FILE and count > _OF_A_SHORT_FILE * known)


def are_too_many_changed(count: int, known: int) -> bool:
    """Whether so many of the known values are too many to have become others since the last file."""
    return count >= _FEWEST_CHANGED and count > _SHARE_CHANGED * known
