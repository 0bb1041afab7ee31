"""The format of a backup: its manifest, and table rows as lines of text in the form of PostgreSQL's COPY.

The same lines can be loaded into either kind of database.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

FORMAT = 2
# Rows of these tables are not restored: a session that its owner ended, or a code that was used, would be valid again.
SHORT_LIVED = frozenset({"session", "otp", "captcha"})
# The reason of a message that waited when the backup was made, and is not sent after the restore.
HELD = "held after a restore"

# What a field of a manifest looks like. It is printed and compared before anything proves where the file is from.
_FORMS = {
    "made_at": re.compile(r"[0-9T:+.-]{10,40}"),
    "version": re.compile(r"[0-9A-Za-z.+-]{1,40}"),
    "revision": re.compile(r"[0-9a-z_]{1,32}"),
    "database": re.compile(r"SQLite|PostgreSQL"),
    "members": re.compile(r"[0-9a-f]{64}"),
    "audit_head": re.compile(r"([0-9]{1,18}:[0-9a-f]{1,64})?"),
    "seal": re.compile(r"([0-9a-f]{64})?"),
}
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = str.maketrans(_ESCAPES)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NULL = "\\N"


class ManifestFault(Exception):
    """The manifest is not one of a backup, or of a newer format."""


class ColumnKind(StrEnum):
    """The kind of a column's values, where SQLite and PostgreSQL write them differently."""

    BOOLEAN = "boolean"
    MOMENT = "moment"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class TableContent:
    """A table in a backup: its columns in the order of the lines, and how many rows it has."""

    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup contains. It is written last, so a backup without one is incomplete.

    `members` is the hash of the names and hashes of all other members, in their order. `counters` are the last numbers
    of the keys that PostgreSQL assigns. `left_out` are documents that were deleted while the backup was made, `missing`
    those that the store had lost. `seal` is a hash that needs the secret of the site.
    """

    made_at: str
    version: str
    revision: str
    database: str
    members: str
    tables: dict[str, TableContent]
    documents: int
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    counters: dict[str, int]
    audit_head: str
    waiting_messages: int
    seal: str = ""
    format: int = field(default=FORMAT)

    @property
    def rows(self) -> int:
        """Return the number of rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    def unsealed(self) -> str:
        """Return the text that the seal is computed from."""
        return json.dumps(asdict(replace(self, seal="")), sort_keys=True)

    def to_json(self) -> bytes:
        """Return the manifest as it is written."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def manifest_from(content: bytes) -> BackupManifest:
    """Parse a manifest; raise ManifestFault if it is none, or of another format."""
    try:
        read: dict[str, Any] = json.loads(content)
        if read.get("format") != FORMAT:
            raise ManifestFault(f"format {read.get('format')!r} is not known here, only {FORMAT}")
        values = {each.name: read[each.name] for each in fields(BackupManifest)}
        tables = {
            name: TableContent(_texts(table["columns"]), _number(table["rows"]))
            for name, table in read["tables"].items()
        }
        counters = {name: _number(last) for name, last in values["counters"].items()}
        lists = {name: _texts(values[name]) for name in ("left_out", "missing")}
        numbers = {name: _number(values[name]) for name in ("documents", "waiting_messages")}
        wrong = [name for name, form in _FORMS.items() if not form.fullmatch(values[name])]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ManifestFault("not the manifest of a backup") from error
    if wrong:
        raise ManifestFault(f"not the manifest of a backup: {', '.join(wrong)}")
    return BackupManifest(**{**values, **lists, **numbers, "tables": tables, "counters": counters})


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a number of a manifest")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise ValueError("not a list of a manifest")
    return tuple(values)


class MemberHash:
    """The hash of all members of a backup: their names and hashes in their order."""

    def __init__(self) -> None:
        self._hash = sha256()

    def add(self, name: str, content_hash: str) -> None:
        """Add the next member, in a form in which no name can imitate the end of a member and the next one."""
        self._hash.update(json.dumps([name, content_hash]).encode())

    def hexdigest(self) -> str:
        """Return the hash of the members so far."""
        return self._hash.hexdigest()


def encoded_row(values: Iterable[str | None]) -> bytes:
    """Return a row as a line of COPY's text format."""
    cells = (_NULL if value is None else value.translate(_TO_ESCAPE) for value in values)
    return ("\t".join(cells) + "\n").encode()


def decoded_row(line: bytes) -> list[str | None]:
    """Return the values of a line of COPY's text format, given without its line feed."""
    cells = line.decode().split("\t")
    return [None if cell == _NULL else _unescaped(cell) for cell in cells]


def _unescaped(cell: str) -> str:
    return _ESCAPED.sub(lambda found: _UNESCAPED.get(found[1], found[1]), cell) if "\\" in cell else cell


def value_from_sqlite(kind: ColumnKind, value: Any) -> str | None:
    """Return a value that SQLite has stored as PostgreSQL writes it."""
    if value is None:
        return None
    if kind is ColumnKind.BOOLEAN:
        return "t" if value else "f"
    return f"{value}+00" if kind is ColumnKind.MOMENT else str(value)


def value_for_sqlite(kind: ColumnKind, text: str | None) -> str | int | None:
    """Return a value that PostgreSQL has written as SQLite stores it."""
    if text is None or kind is ColumnKind.PLAIN:
        return text
    if kind is ColumnKind.BOOLEAN:
        return int(text == "t")
    moment = datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(" ", "microseconds")


def whole_lines(chunks: Iterable[bytes]) -> Iterable[Sequence[bytes]]:
    """Yield the lines of each chunk, which ends with a line feed; a line feed within a value is escaped."""
    for chunk in chunks:
        yield chunk.split(b"\n")[:-1]
