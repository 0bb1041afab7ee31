"""The reference tables that an administrator keeps: how their rows are written out, and what a change comes to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from json import dumps
from typing import Any

from wss.domain.extracts import EXTRACTS
from wss.domain.extracts.rows import Extract

# These come from the billing systems, not from an administrator.
FROM_BILLING = frozenset({"connections", "bills"})
KEPT = tuple(name for name in EXTRACTS if name not in FROM_BILLING)
# Nothing points at their rows, so that a row may go as it came. Offices, staff, kinds and reasons stay: old requests
# name them.
REMOVABLE = frozenset({"escalation", "holidays", "forums", "tariff", "limits", "texts"})
LARGEST_FILE = 1_000_000
KEPT_UNCONFIRMED = timedelta(days=1)
# For so long a change that gives rights waits for a second administrator; so long it is shown after that.
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
    """What a file would change in a table; rows as they are written out, by their keys."""

    before: dict[Key, Cells] = field(default_factory=dict)
    after: dict[Key, Cells] = field(default_factory=dict)
    unchanged: int = 0

    @property
    def new(self) -> list[Cells]:
        """The rows that would come."""
        return [cells for key, cells in self.after.items() if key not in self.before]

    @property
    def removed(self) -> list[Cells]:
        """The rows that would go."""
        return [cells for key, cells in self.before.items() if key not in self.after]

    def changed(self, names: Sequence[str]) -> list[ChangedRow]:
        """The rows that would differ, with the columns in which they do."""
        return [
            ChangedRow(key, _apart(names, self.before[key], cells))
            for key, cells in self.after.items()
            if key in self.before
        ]

    @property
    def keys(self) -> list[Key]:
        """The keys of all rows that would differ, come or go."""
        return list(self.after | self.before)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.before and not self.after

    def only(self, keys: Collection[Key]) -> TableDifference:
        """Return the part of it that concerns these rows."""
        return TableDifference(
            {key: cells for key, cells in self.before.items() if key in keys},
            {key: cells for key, cells in self.after.items() if key in keys},
        )

    def fingerprint(self, table: str) -> str:
        """Return a hash of exactly these rows, before and after."""
        rows = [table, sorted(self.before.items()), sorted(self.after.items())]
        return sha256(dumps(rows, ensure_ascii=True).encode()).hexdigest()


def written_row(extract: Extract, values: Sequence[Any]) -> Cells:
    """A row as its file has it: dates as YYYY-MM-DD, paise as rupees, watts as kilowatts."""
    return tuple(
        _cell(column.name, column.target, value)
        for column, value in zip(extract.columns, values, strict=True)
    )


def key_of(extract: Extract, cells: Sequence[str]) -> Key:
    """The cells by which a row is known."""
    return tuple(cells[extract.fields.index(field)] for field in extract.key)


def difference(
    present: Mapping[Key, Cells], wished: Mapping[Key, Cells], *, removable: Mapping[Key, Cells]
) -> TableDifference:
    """What has to change so that a table says what a file says, without the removable rows that the file lacks."""
    before = {key: present[key] for key, cells in wished.items() if key in present and present[key] != cells}
    after = {key: cells for key, cells in wished.items() if present.get(key) != cells}
    before |= {key: cells for key, cells in removable.items() if key not in wished}
    return TableDifference(before, after, len(wished) - len(after))


def _apart(names: Sequence[str], before: Cells, after: Cells) -> tuple[tuple[str, str, str], ...]:
    cells = zip(names, before, after, strict=True)
    return tuple((name, old, new) for name, old, new in cells if old != new)


def _cell(name: str, target: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    # A column that is in paise already says so itself.
    if target.endswith("_paise") and not name.endswith("_paise"):
        return f"{value // 100}.{value % 100:02d}"
    return str(value)
