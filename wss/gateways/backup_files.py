"""The file of a backup: a tar archive that is written and read in one pass, with the hash of every member."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO
from urllib.parse import quote, unquote

from wss.domain.backups import BackupManifest, ManifestFault, MemberHash, manifest_from
from wss.gateways.documents import KEY

MANIFEST = "manifest.json"
# Rows are compressed in parts of this size: one part is in memory at a time.
PART_BYTES = 4 * 1024 * 1024
# Larger than every part and document; a damaged header must not fill the memory.
MEMBER_AT_MOST = 256 * 1024 * 1024
# A part ends with the chunk that fills it: one of a server's rows, or some hundred rows of SQLite.
ROWS_AT_MOST = 16 * PART_BYTES
MANIFEST_AT_MOST = 64 * 1024 * 1024
# What is read for the headers of a member: they are two blocks, or a few with a long name.
_HEADERS_AT_MOST = 64 * 1024
_READ_AHEAD = 2 * tarfile.RECORDSIZE
_HASH = "WSS.sha256"
_TABLES, _DOCUMENTS = "tables/", "documents/"
_DOCUMENT = re.compile(_DOCUMENTS + KEY.pattern)
# The name of a table is quoted as in an address: a table of another program can have any name.
_PART = re.compile(_TABLES + r"([A-Za-z0-9_.~%-]+)/([0-9]{6,})\.gz")


class BackupDamaged(Exception):
    """The file is not a backup, is incomplete, or has been changed; the text says where."""


class BackupTooLarge(Exception):
    """Something is larger than what is read again; the text says what."""


class BackupWriter:
    """Writes a backup to a stream that need not be seekable."""

    def __init__(self, stream: BinaryIO) -> None:
        self._archive = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.members = MemberHash()

    def close(self) -> None:
        """End the archive; without its manifest it is refused when it is read."""
        self._archive.close()

    def add_document(self, key: str, content: bytes) -> None:
        """Add a document under its key in the store."""
        self._add(f"{_DOCUMENTS}{key}", content)

    def add_rows(self, table: str, chunks: Iterable[bytes]) -> int:
        """Add the rows of a table, given as chunks of whole lines, in compressed parts; return how many."""
        many = part = 0
        buffer = bytearray()
        for chunk in chunks:
            buffer += chunk
            many += chunk.count(b"\n")
            if len(buffer) >= PART_BYTES:
                part += 1
                self._add_part(table, part, buffer)
                buffer.clear()
        if buffer:
            self._add_part(table, part + 1, buffer)
        return many

    def finish(self, manifest: BackupManifest) -> None:
        """Add the manifest and end the archive."""
        content = manifest.to_json()
        if len(content) > MANIFEST_AT_MOST:
            raise BackupTooLarge(f"the store has lost {len(manifest.missing)} documents: too many to list")
        self._write(MANIFEST, content, "")
        self.close()

    def _add_part(self, table: str, number: int, rows: bytearray) -> None:
        if len(rows) > ROWS_AT_MOST:
            raise BackupTooLarge(f"rows of {table} are too large for a backup")
        self._add(f"{_TABLES}{quote(table, safe='')}/{number:06d}.gz", gzip.compress(bytes(rows), 3, mtime=0))

    def _add(self, name: str, content: bytes) -> None:
        content_hash = sha256(content).hexdigest()
        self.members.add(name, content_hash)
        self._write(name, content, content_hash)

    def _write(self, name: str, content: bytes, content_hash: str) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o600
        if content_hash:
            member.pax_headers = {_HASH: content_hash}
        self._archive.addfile(member, io.BytesIO(content))
        # The library keeps a list of all members, which it only needs for reading.
        self._archive.members = []  # type: ignore[attr-defined]


def checked_manifest(stream: BinaryIO) -> BackupManifest:
    """Read the whole backup and return its manifest; raise BackupDamaged unless every byte is as it was written."""
    hashes, names = MemberHash(), _MemberNames()
    manifest: BackupManifest | None = None
    for name, content, written_hash in _members(stream):
        if manifest is not None:
            raise BackupDamaged(f"{name} follows the manifest")
        if name == MANIFEST:
            manifest = _parsed(content)
            continue
        content_hash = sha256(content).hexdigest()
        if content_hash != written_hash:
            raise BackupDamaged(f"{name} is not as it was written")
        names.add(name)
        hashes.add(name, content_hash)
    if manifest is None:
        raise BackupDamaged("it has no manifest: it is incomplete, or not a backup")
    if manifest.members != hashes.hexdigest():
        raise BackupDamaged("members were removed, added or exchanged")
    names.compare(manifest)
    return manifest


class _MemberNames:
    """The names of the members of a backup that is read: each is one that a backup has, at its place."""

    def __init__(self) -> None:
        self._tables: set[str] = set()
        self._table, self._part = "", 0
        self._documents = 0

    def add(self, name: str) -> None:
        """Take the next name; refuse one that no backup has, and a part that does not follow the one before."""
        part = _PART.fullmatch(name)
        if part is None:
            if not _DOCUMENT.fullmatch(name):
                raise BackupDamaged(f"{name!r} is no part of a backup")
            self._documents += 1
            return
        table, number = unquote(part[1]), int(part[2])
        is_next = number == self._part + 1 if table == self._table else number == 1
        if not is_next or (table != self._table and table in self._tables):
            raise BackupDamaged(f"{name} is not at its place")
        self._table, self._part = table, number
        self._tables.add(table)

    def compare(self, manifest: BackupManifest) -> None:
        """Refuse a backup without a table or a document of its manifest, or with another one."""
        differing = self._tables ^ {name for name, table in manifest.tables.items() if table.rows}
        if differing:
            raise BackupDamaged(
                f"its manifest and its rows differ: {', '.join(sorted(map(repr, differing)))}"
            )
        if self._documents != manifest.documents:
            raise BackupDamaged(f"it has {self._documents} documents instead of {manifest.documents}")


def documents_in(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield key and content of every document of a backup."""
    for name, content, _hash in _members(stream):
        if name.startswith(_DOCUMENTS):
            yield name.removeprefix(_DOCUMENTS), content


def row_parts_in(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yield the table and the lines of every part of rows; the parts of a table follow each other."""
    for name, content, _hash in _members(stream):
        if name.startswith(_TABLES):
            yield unquote(name.split("/")[1]), _decompressed(name, content)


def _decompressed(name: str, content: bytes) -> bytes:
    """Return the lines of a part, which is no larger than one that is written."""
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        lines = stream.decompress(content, ROWS_AT_MOST + 1)
    except zlib.error as error:
        raise BackupDamaged(f"{name} cannot be decompressed") from error
    if len(lines) > ROWS_AT_MOST or not stream.eof or stream.unused_data:
        raise BackupDamaged(f"{name} has more rows than a part, or ends early")
    return lines


class _LimitedStream:
    """A stream of which a reader gets no more than it was allowed: the library trusts the sizes in headers."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left = stream, 0

    def allow(self, size: int) -> None:
        """Allow so many bytes from here on, and what the reader has in its buffer."""
        self._left = size + _READ_AHEAD

    def read(self, size: int) -> bytes:
        """Read at most so many bytes."""
        if size > self._left:
            raise BackupDamaged("a header is too large")
        self._left -= size
        return self._stream.read(size)


def _members(stream: BinaryIO) -> Iterator[tuple[str, bytes, str]]:
    """Yield name, content and written hash of every member."""
    limited = _LimitedStream(stream)
    limited.allow(_HEADERS_AT_MOST)
    try:
        with tarfile.open(fileobj=limited, mode="r|") as archive:  # type: ignore[call-overload]
            while (member := archive.next()) is not None:
                if not member.isreg():
                    raise BackupDamaged(f"{member.name!r} is no file")
                if not 0 <= member.size <= (MANIFEST_AT_MOST if member.name == MANIFEST else MEMBER_AT_MOST):
                    raise BackupDamaged(f"{member.name} is too large")
                limited.allow(member.size)
                file = archive.extractfile(member)
                content = file.read() if file else b""
                yield member.name, content, str(member.pax_headers.get(_HASH, ""))
                archive.members = []
                limited.allow(_HEADERS_AT_MOST)
    except (tarfile.TarError, EOFError, ValueError, RecursionError) as error:
        raise BackupDamaged(f"it ends early or is no backup ({error})") from error


def _parsed(content: bytes) -> BackupManifest:
    try:
        return manifest_from(content)
    except ManifestFault as error:
        raise BackupDamaged(f"{MANIFEST}: {error}") from error
