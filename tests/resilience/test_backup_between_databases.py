"""A backup of SQLite is restored into PostgreSQL, and the other way round, without a difference."""

import re
import shutil
from pathlib import Path
from typing import Any

from tests.factories import a_household, a_message, a_service_request, bill_correction, given
from tests.fixtures.databases import SECRET
from tests.services.operations.test_backup import a_document, backup, contents
from wss import db, vault
from wss.domain.actor import SYSTEM
from wss.gateways.documents import FolderStore
from wss.services.operations import audit_chain, restore
from wss.services.shared import audit


def sqlite_copy(template: Path, folder: Path) -> str:
    shutil.copyfile(template, folder / "copy.db")
    return f"sqlite:///{folder / 'copy.db'}"


def restored(file: Path, url: str) -> dict[str, list[str]]:
    """Restore a file into the empty database at an address; return the rows of its tables."""
    db.database().dispose()
    db.configure(db.Database(url))
    restore.load_backup(file, restore.check_backup(file), hold_messages=False, report=lambda _words: None)
    return contents()


def test_rows_survive_the_way_to_the_other_database_and_back(
    sqlite_template: Path, postgresql_database: Any, tmp_path: Path
):
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    vault.configure(SECRET)
    db.configure(db.Database(sqlite_copy(sqlite_template, folders[0])))
    given(*bill_correction(), a_message())
    a_service_request(a_household())
    with db.transaction():
        audit.record(SYSTEM, "import", "extract:bills", b=1, a={"deep": [True, None, "हिन्दी"]})
    audit_chain.chain()
    store = FolderStore(tmp_path / "documents")
    a_document(store, "1")
    before = contents()
    backup(store, tmp_path / "of-sqlite")
    postgresql_database.empty()

    between = restored(tmp_path / "of-sqlite", postgresql_database.url)
    backup(store, tmp_path / "of-postgresql")
    after = restored(tmp_path / "of-postgresql", sqlite_copy(sqlite_template, folders[1]))

    assert between.keys() == before.keys() and canonical(between) == canonical(before) == canonical(after)
    assert not [one for one in audit_chain.verify() if isinstance(one, audit_chain.ChainFault)]
    db.database().dispose()


def canonical(tables: dict[str, list[str]]) -> dict[str, list[list[str]]]:
    """Return the rows without the order of the keys in JSON, which PostgreSQL does not keep."""
    return {
        name: sorted(sorted(re.findall(r"[^\s{}()\[\],]+", row)) for row in rows)
        for name, rows in tables.items()
    }
