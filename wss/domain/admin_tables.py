"""The reference tables that an administrator maintains: how rows are written to a file, and how a file differs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from json import dumps
from typing import Any

from wss.domain.extracts import EXTRACTS
from wss.domain.extracts.rows import Extract

# These tables come from the billing systems, not from an administrator.
FROM_BILLING = frozenset({"connections", "bills"})
STORED = tuple(name for name in EXTRACTS if name not in FROM_BILLING)
# No other table refers to their rows, so a row can be deleted. Offices, staff, kinds and reasons are never deleted:
# old requests refer to them.
REMOVABLE = frozenset(
    {
        "escalation",
        "holidays",
        "forums",
        "tariff",
        "limits",
        "texts",
        "canned",
        "self_bills",
        "compensation",
        "clusters",
    }
)
LARGEST_FILE = 1_000_000
KEPT_UNCONFIRMED = timedelta(days=1)
# How long a change that gives rights waits for a second administrator, and how long it is shown after that.
WAITS_FOR_SECOND = timedelta(days=7)
SHOWN_AFTER_EXPIRY = timedelta(days=30)

Key = tuple[str, ...]
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row whose cells differ: its key, and each column with its cell before and after."""

    key: Key
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """The changes that a file makes to a table: rows as written to a file, by their keys."""

    before: dict[Key, Cells] = field(default_factory=dict)
    after: dict[Key, Cells] = field(default_factory=dict)
    unchanged: int = 0

    @property
    def new(self) -> list[Cells]:
        """Return the rows that would be added."""
        return [cells for key, cells in self.after.items() if key not in self.before]

    @property
    def removed(self) -> list[Cells]:
        """Return the rows that would be deleted."""
        return [cells for key, cells in self.before.items() if key not in self.after]

    def changed(self, names: Sequence[str]) -> list[ChangedRow]:
        """Return the rows that would change, with the columns that differ."""
        return [
            ChangedRow(key, _rows_by_key(names, self.before[key], cells))
            for key, cells in self.after.items()
            if key in self.before
        ]

    @property
    def keys(self) -> list[Key]:
        """Return the keys of all rows that would be added, changed or deleted."""
        return list(self.after | self.before)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing would change."""
        return not self.before and not self.after

    def only(self, keys: Collection[Key]) -> TableDifference:
        """Return the part of the difference that concerns these rows."""
        return TableDifference(
            {key: cells for key, cells in self.before.items() if key in keys},
            {key: cells for key, cells in self.after.items() if key in keys},
        )

    def fingerprint(self, table: str) -> str:
        """Return a hash of exactly these rows, before and after."""
        rows = [table, sorted(self.before.items()), sorted(self.after.items())]
        return sha256(dumps(rows, ensure_ascii=True).encode()).hexdigest()


def written_row(extract: Extract, values: Sequence[Any]) -> Cells:
    """Return a row as its file has it: dates as YYYY-MM-DD, paise as rupees, watts as kilowatts."""
    return tuple(
        _cell(column.name, column.target, value)
        for column, value in zip(extract.columns, values, strict=True)
    )


def key_of(extract: Extract, cells: Sequence[str]) -> Key:
    """Return the cells that are the key of a row."""
    return tuple(cells[extract.fields.index(field)] for field in extract.key)


def difference(
    present: Mapping[Key, Cells], requested: Mapping[Key, Cells], *, removable: Mapping[Key, Cells]
) -> TableDifference:
    """Return the changes that make a table equal to a file; removable rows that the file lacks are deleted."""
    before = {
        key: present[key] for key, cells in requested.items() if key in present and present[key] != cells
    }
    after = {key: cells for key, cells in requested.items() if present.get(key) != cells}
    before |= {key: cells for key, cells in removable.items() if key not in requested}
    return TableDifference(before, after, len(requested) - len(after))


def _rows_by_key(names: Sequence[str], before: Cells, after: Cells) -> tuple[tuple[str, str, str], ...]:
    cells = zip(names, before, after, strict=True)
    return tuple((name, old, new) for name, old, new in cells if old != new)


def _cell(name: str, target: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    # The names of some columns already say that they are in paise.
    if target.endswith("_paise") and not name.endswith("_paise"):
        return f"{value // 100}.{value % 100:02d}"
    return str(value)
