"""A backup of the running site: every table of one state of the database, and the documents that it names."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO, TextIO

from wss import vault
from wss.clock import now
from wss.db import database, reading, snapshot
from wss.domain.backups import BackupManifest, TableContent
from wss.gateways.backup_files import BackupWriter
from wss.gateways.documents import DocumentMissing, DocumentStore
from wss.queries import audit_chain, table_copies
from wss.queries.documents import storage_keys_after

_PAGE = 1_000
# Documents may be deleted while they are copied. A file that is missing in so many states of the database is lost.
_SNAPSHOTS = 3
SEAL = "backup"


@dataclass(frozen=True, slots=True)
class BackupOrder:
    """What a backup is made of: the stream it is written to, the store of documents, and the version of the code."""

    stream: BinaryIO
    store: DocumentStore
    version: str
    revision: str
    report: Callable[[str], None]


def make_backup(order: BackupOrder) -> BackupManifest:
    """Write a backup. The documents are copied first, then those that came later together with the tables."""
    with (
        closing(BackupWriter(order.stream)) as writer,
        tempfile.TemporaryFile("w+", encoding="ascii") as listed,
    ):
        copies = _DocumentCopies(writer, order.store, listed)
        order.report("documents")
        copies.copy_present()
        for number in range(_SNAPSHOTS):
            with snapshot():
                table_copies.disable_timeouts()
                copies.copy_later()
                if not copies.missing or number == _SNAPSHOTS - 1:
                    manifest = _copied_tables(order, writer, copies)
                    break
        writer.finish(manifest)
    return manifest


def _copied_tables(order: BackupOrder, writer: BackupWriter, copies: "_DocumentCopies") -> BackupManifest:
    """Copy the tables of the open snapshot; return the manifest of the backup."""
    tables = {}
    for name, columns in table_copies.table_columns().items():
        order.report(name)
        rows = writer.add_rows(name, table_copies.copied_rows(name, columns))
        tables[name] = TableContent(columns, rows)
    head = audit_chain.head()
    manifest = BackupManifest(
        made_at=now().isoformat(timespec="seconds"),
        version=order.version,
        revision=order.revision,
        database="SQLite" if database().is_sqlite else "PostgreSQL",
        members=writer.members.hexdigest(),
        tables=tables,
        documents=copies.many,
        left_out=tuple(copies.left_out),
        missing=tuple(copies.missing),
        counters=table_copies.counters(),
        audit_head=f"{head.number}:{head.chain}" if head is not None and head.number else "",
        waiting_messages=table_copies.count_waiting(),
    )
    return replace(manifest, seal=vault.keyed_hash(SEAL, manifest.unsealed()))


class _DocumentCopies:
    """The documents that a backup has. Their names are listed in a file, as there may be millions.

    `left_out` are copied documents that the last state of the database does not name any more, `missing` those that it
    names and the store does not have.
    """

    def __init__(self, writer: BackupWriter, store: DocumentStore, listed: TextIO) -> None:
        self._writer, self._store, self._listed = writer, store, listed
        self._later: set[str] = set()
        self.many = 0
        self.left_out: list[str] = []
        self.missing: list[str] = []

    def copy_present(self) -> None:
        """Copy all documents of this moment, without holding a state of the database all the while."""
        for entry in _entries():
            if self._copy(entry):
                self._listed.write(f"{entry}\n")

    def copy_later(self) -> None:
        """Copy what the open snapshot names and was not copied yet."""
        self.left_out, self.missing = [], []
        self._listed.seek(0, os.SEEK_SET)
        before = merge((line.rstrip("\n") for line in self._listed), sorted(self._later))
        both = merge(((entry, "copied") for entry in before), ((entry, "named") for entry in _entries()))
        for entry, sides in groupby(both, key=itemgetter(0)):
            found = {side for _entry, side in sides}
            if found == {"copied"}:
                self.left_out.append(_key(entry))
            elif found == {"named"}:
                if self._copy(entry):
                    self._later.add(entry)
                else:
                    self.missing.append(_key(entry))

    def _copy(self, entry: str) -> bool:
        try:
            content = self._store.get(_key(entry))
        except DocumentMissing:
            return False
        self._writer.add_document(_key(entry), content)
        self.many += 1
        return True


def _entries() -> Iterator[str]:
    """Yield id and key of every document, in the order of the ids, page by page."""
    last = ""
    while True:
        with reading():
            page = storage_keys_after(last, _PAGE)
        yield from (f"{document_id} {key}" for document_id, key in page)
        if len(page) < _PAGE:
            return
        last = page[-1][0]


def _key(entry: str) -> str:
    return entry.partition(" ")[2]


def document_keys() -> Iterator[str]:
    """Yield the key of every document that the database names."""
    yield from map(_key, _entries())


def missing_documents(store: DocumentStore) -> Iterator[str]:
    """Yield the key of every document that the database names and the store does not have."""
    for key in document_keys():
        try:
            store.get(key)
        except DocumentMissing:
            yield key
