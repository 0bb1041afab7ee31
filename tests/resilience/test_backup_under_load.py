"""Backups of a site in use: each is one state of it, and none lacks what was acknowledged before."""

import os
import random
import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.fixtures.registration import rows
from tests.services.operations.test_backup import backup, emptied
from wss.clock import now
from wss.db import Database, transaction
from wss.domain.actor import SYSTEM
from wss.domain.audit_chain import ChainFault
from wss.gateways.documents import FolderStore
from wss.models import AuditEntry, Document
from wss.services.operations import audit_chain, restore
from wss.services.operations.backup import missing_documents
from wss.services.shared import audit

WRITERS = 3
BACKUPS = 20 if os.environ.get("WSS_SOAK") else 1


class Writer(threading.Thread):
    """Adds audit entries in pairs and documents, deletes every other document, and notes what was committed."""

    def __init__(self, name: int, store: FolderStore, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number, self.store, self.stop, self.acknowledged = name, store, stop, 0
        self.chance = random.Random(name)

    def run(self) -> None:
        """Write until stopped."""
        while not self.stop.is_set():
            key = self.store.put(b"page", "pdf")
            row = {
                "label": "d",
                "media_type": "application/pdf",
                "size": 4,
                "scan": "clean",
                "created_at": now(),
            }
            with transaction() as session:
                session.add(Document(id=f"{self.chance.getrandbits(128):032x}", storage_key=key, **row))
                for _half in range(2):
                    audit.record(SYSTEM, "import", f"writer:{self.number}", n=self.acknowledged)
            self.acknowledged += 1
            if self.acknowledged % 2:
                with transaction() as session:
                    session.execute(sa.delete(Document).where(Document.storage_key == key))
                self.store.delete(key)
            audit_chain.chain()


def test_each_backup_is_one_state_with_all_that_was_acknowledged(database: Database, tmp_path: Path):
    store, stop = FolderStore(tmp_path / "documents"), threading.Event()
    writers = [Writer(number, store, stop) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    acknowledged = []
    for number in range(BACKUPS):
        acknowledged.append([writer.acknowledged for writer in writers])
        assert backup(store, tmp_path / f"{number}").missing == ()
    stop.set()
    for writer in writers:
        writer.join()

    for number, before in enumerate(acknowledged):
        emptied()
        restored_wholly(tmp_path / f"{number}", FolderStore(tmp_path / f"copy{number}"), before)


def restored_wholly(file: Path, store: FolderStore, acknowledged: list[int]) -> None:
    """Restore a backup; fail if it has half a transaction, lacks an entry or a document, or breaks the chain."""
    manifest = restore.check_backup(file)
    restore.restore_documents(file, store, manifest)
    restore.load_backup(file, manifest, hold_messages=False, report=lambda _words: None)
    entries: dict[Any, int] = {}
    for row in rows(AuditEntry):
        entries[row.subject, row.details["n"]] = entries.get((row.subject, row.details["n"]), 0) + 1
    assert set(entries.values()) <= {2}
    for number, many in enumerate(acknowledged):
        assert sum(subject == f"writer:{number}" for subject, _n in entries) >= many
    assert list(missing_documents(store)) == []
    assert not [one for one in audit_chain.verify() if isinstance(one, ChainFault)]
