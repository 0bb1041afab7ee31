"""The restore of a backup: checks the file, and loads its documents and rows into an empty installation."""

from collections.abc import Callable
from hmac import compare_digest
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from wss import vault
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM
from wss.domain.backups import SHORT_LIVED, BackupManifest
from wss.domain.retention import TABLES, RowCause
from wss.gateways.backup_files import checked_manifest, documents_in, row_parts_in
from wss.gateways.documents import DocumentStore
from wss.queries import table_copies
from wss.services.operations.backup import SEAL
from wss.services.shared import audit


class RestoreRefused(Exception):
    """The backup cannot be restored here; the text says why."""


def check_backup(file: Path) -> BackupManifest:
    """Read the whole file and return its manifest; raises BackupDamaged."""
    with file.open("rb") as stream:
        return checked_manifest(stream)


def is_made_here(manifest: BackupManifest) -> bool:
    """Return whether the backup was made with the secret of this site, and its manifest is as it was written."""
    return any(compare_digest(each, manifest.seal) for each in vault.keyed_hashes(SEAL, manifest.unsealed()))


def tables_in_use(manifest: BackupManifest) -> list[str]:
    """Return the tables with rows that a restore would have to overwrite; the site fills some by itself."""
    with reading():
        return table_copies.tables_with_rows(
            name
            for name in table_copies.table_columns()
            if (TABLES[name].cause is not RowCause.SITE if name in TABLES else name in manifest.tables)
        )


def foreign_tables(manifest: BackupManifest) -> list[str]:
    """Return the tables of a backup that no migration of its revision made: those of another program."""
    with reading():
        return sorted(manifest.tables.keys() - table_copies.table_columns().keys())


def restore_documents(file: Path, store: DocumentStore, manifest: BackupManifest) -> int:
    """Store the documents of a backup; return how many. They come before the rows, which name them."""
    many, left_out = 0, frozenset(manifest.left_out)
    store.delete_incomplete()
    with file.open("rb") as stream:
        for key, content in documents_in(stream):
            if key not in left_out:
                try:
                    store.restore(key, content)
                except ValueError as error:
                    raise RestoreRefused(f"{error}: set WSS_DOCUMENTS_URL to an empty folder") from error
                many += 1
    return many


def load_backup(
    file: Path, manifest: BackupManifest, *, hold_messages: bool, report: Callable[[str], None]
) -> int:
    """Load all rows in one transaction; return how many waiting messages were held.

    The tables have to be as they were when the backup was made. Sessions, OTPs and captchas are left out.
    """
    with transaction(), file.open("rb") as stream:
        table_copies.disable_timeouts()
        here = table_copies.table_columns()
        _check_columns(manifest, here)
        ours = manifest.tables.keys() & here.keys()
        loaded = dict.fromkeys(ours - SHORT_LIVED, 0)
        with table_copies.without_constraints(ours):
            table_copies.empty_tables(sorted(ours & TABLES.keys()))
            for name, parts in groupby(row_parts_in(stream), key=itemgetter(0)):
                if name in loaded:
                    report(name)
                    columns = manifest.tables[name].columns
                    loaded[name] += table_copies.load_rows(name, columns, (chunk for _name, chunk in parts))
            _check_rows(manifest, loaded)
            table_copies.set_counters(manifest.counters)
            return table_copies.hold_waiting(now()) if hold_messages else 0


def _check_rows(manifest: BackupManifest, loaded: dict[str, int]) -> None:
    """Refuse a backup that lacks rows, also those of a whole table."""
    for name, rows in loaded.items():
        if rows != manifest.tables[name].rows:
            raise RestoreRefused(f"{name} has {rows} rows instead of {manifest.tables[name].rows}")


def _check_columns(manifest: BackupManifest, here: dict[str, tuple[str, ...]]) -> None:
    for name, table in manifest.tables.items():
        if name in here and set(table.columns) != set(here[name]):
            raise RestoreRefused(f"table {name} has other columns here than in the backup")


def record_restore(manifest: BackupManifest, held: int) -> None:
    """Count the rows for the query planner, and write the restore into the audit trail."""
    with transaction():
        table_copies.disable_timeouts()
        table_copies.analyze()
        audit.record(SYSTEM, "restore_backup", "site", made_at=manifest.made_at, held_messages=held)
