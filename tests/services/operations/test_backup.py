"""A backup of the running site is one state of it, and a restore brings that state back."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import sqlalchemy as sa

from tests.factories import a_household, a_message, a_service_request, a_session, bill_correction, given
from tests.fixtures.audit_trail import without_triggers
from tests.fixtures.registration import rows
from wss import schema
from wss.clock import now
from wss.db import Base, Database, database, reading, run, transaction
from wss.domain.actor import SYSTEM
from wss.domain.audit_chain import ChainFault
from wss.domain.backups import BackupManifest, TableContent
from wss.domain.delivery import DeliveryState
from wss.domain.identifiers import FIRST_COMPLAINT_COUNTER
from wss.gateways.documents import FolderStore
from wss.models import AuditEntry, Connection, Document, Message, ServiceRequest, SignedIn
from wss.queries import table_copies
from wss.queries.service_requests import NEXT_NUMBERS
from wss.services.mis import sums
from wss.services.operations import audit_chain, restore
from wss.services.operations.backup import BackupOrder, make_backup, missing_documents
from wss.services.shared import audit

REMARK = 'tab\t, "quotes", back\\slash,\nline feed, \\N, हिन्दी'


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "documents")


@pytest.fixture
def in_use(database: Database, store: FolderStore) -> Iterator[None]:
    """Provide a site with a request, a document, a chained audit trail, a waiting message and a session."""
    given(*bill_correction())
    a_service_request(a_household(consumer_name=REMARK))
    a_document(store, "1")
    given(a_message(state=DeliveryState.WAITING), a_session("a" * 64))
    with transaction():
        for number in range(3):
            audit.record(SYSTEM, "import", "extract:bills", new=number, remark=REMARK)
    sums.rebuild()
    audit_chain.chain()
    yield


def a_document(store: FolderStore, name: str) -> str:
    """Store a document with its row; return its key."""
    key = store.put(name.encode(), "pdf")
    columns = {"id": name * 32, "label": name, "media_type": "application/pdf", "size": 1, "scan": "clean"}
    given(Document(**columns, storage_key=key, created_at=now()))
    return key


def backup(store: FolderStore, file: Path, report: Any = lambda _words: None) -> BackupManifest:
    with file.open("wb") as stream:
        return make_backup(BackupOrder(stream, store, "1", schema.expected_revision(), report))


def contents() -> dict[str, list[str]]:
    """Return the rows of every table, without what a restore leaves out."""
    names = set(Base.metadata.tables) - {"session"}
    with reading() as session:
        return {
            name: sorted(map(str, session.execute(Base.metadata.tables[name].select()))) for name in names
        }


def emptied(but: str = "") -> None:
    with transaction() as session, without_triggers():
        if database().is_sqlite:
            session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
        table_copies.empty_tables(table_copies.tables_with_rows(table_copies.table_columns().keys() - {but}))


def restored(file: Path, *, hold_messages: bool = False) -> int:
    emptied()
    manifest = restore.check_backup(file)
    return restore.load_backup(file, manifest, hold_messages=hold_messages, report=lambda _words: None)


def test_a_restore_brings_back_every_row(in_use: None, store: FolderStore, tmp_path: Path):
    backup(store, tmp_path / "file")
    before = contents()
    restored(tmp_path / "file")

    assert contents() == before and REMARK in [each.consumer_name for each in rows(Connection)]
    # All but the sessions: one that its owner has ended since would be valid again.
    assert rows(SignedIn) == []


def test_a_restored_audit_trail_is_intact_up_to_the_head_of_the_backup(
    in_use: None, store: FolderStore, tmp_path: Path
):
    number, _, chain = backup(store, tmp_path / "file").audit_head.partition(":")
    restored(tmp_path / "file")

    noted = [audit_chain.ChainHead(int(number), chain)]
    assert number == "3" and not [one for one in audit_chain.verify(noted) if isinstance(one, ChainFault)]


def test_after_a_restore_the_audit_trail_refuses_changes_and_foreign_keys_hold(
    in_use: None, store: FolderStore, tmp_path: Path
):
    backup(store, tmp_path / "file")
    restored(tmp_path / "file")

    for statement in (sa.delete(AuditEntry), sa.delete(Connection)):
        with pytest.raises(sa.exc.DBAPIError), transaction() as session:
            session.execute(statement)


def test_after_a_restore_new_rows_get_new_keys(in_use: None, store: FolderStore, tmp_path: Path):
    backup(store, tmp_path / "file")
    before = {row.id for row in rows(AuditEntry)}
    restored(tmp_path / "file")
    restore.record_restore(restore.check_backup(tmp_path / "file"), 0)

    assert {row.deed for row in rows(AuditEntry) if row.id not in before} == {"restore_backup"}


def test_waiting_messages_become_dead_letters_when_they_are_held(
    in_use: None, store: FolderStore, tmp_path: Path
):
    backup(store, tmp_path / "file")

    assert restored(tmp_path / "file", hold_messages=True) == 1
    assert [message.state for message in rows(Message)] == [DeliveryState.DEAD]


def test_a_failed_restore_leaves_the_database_empty(in_use: None, store: FolderStore, tmp_path: Path):
    manifest = backup(store, tmp_path / "file")
    emptied()
    manifest.tables["service_request"] = manifest.tables["office"]
    with pytest.raises(Exception, match="columns"):
        restore.load_backup(tmp_path / "file", manifest, hold_messages=False, report=lambda _words: None)

    assert restore.tables_in_use(manifest) == []


def test_a_backup_without_the_rows_of_a_table_is_refused(in_use: None, store: FolderStore, tmp_path: Path):
    manifest = backup(store, tmp_path / "file")
    emptied()
    manifest.tables["alert_choice"] = TableContent(manifest.tables["alert_choice"].columns, 1)

    with pytest.raises(restore.RestoreRefused, match="alert_choice has 0 rows instead of 1"):
        restore.load_backup(tmp_path / "file", manifest, hold_messages=False, report=lambda _words: None)


def test_a_database_with_rows_is_seen_to_be_in_use(in_use: None, store: FolderStore, tmp_path: Path):
    assert "connection" in restore.tables_in_use(backup(store, tmp_path / "file"))


def test_tables_of_another_program_are_neither_restored_nor_emptied(
    in_use: None, store: FolderStore, tmp_path: Path
):
    with transaction() as session:
        session.execute(sa.text("CREATE TABLE stranger (n INTEGER)"))
        session.execute(sa.text("INSERT INTO stranger VALUES (1)"))
    try:
        manifest = backup(store, tmp_path / "file")
        emptied(but="stranger")
        assert restore.tables_in_use(manifest) == ["stranger"]
    finally:
        with transaction() as session:
            session.execute(sa.text("DROP TABLE stranger"))
    restore.load_backup(tmp_path / "file", manifest, hold_messages=False, report=lambda _words: None)

    assert restore.foreign_tables(manifest) == ["stranger"] and rows(Connection) != []


def test_a_backup_has_one_state_of_the_site_although_it_goes_on_being_used(
    in_use: None, store: FolderStore, tmp_path: Path
):
    kept, gone = a_document(store, "2"), a_document(store, "3")
    later: list[str] = []

    def go_on() -> None:
        later.append(a_document(store, "4"))
        with transaction() as session:
            session.execute(sa.update(ServiceRequest).values(status="withdrawn"))

    def meddle(stage: str) -> None:
        if stage == "alert_choice":
            # The first table: the state is chosen, and what another process does now is not in it.
            another = threading.Thread(target=go_on)
            another.start()
            another.join()

    def deleted_while_copied(key: str) -> bytes:
        content = FolderStore.get(store, key)
        if key == gone:
            with transaction() as session:
                session.execute(sa.delete(Document).where(Document.storage_key == gone))
            store.delete(gone)
            store.get = lambda key: FolderStore.get(store, key)  # type: ignore[method-assign]
        return content

    store.get = deleted_while_copied  # type: ignore[method-assign]
    manifest = backup(store, tmp_path / "file", meddle)
    restored(tmp_path / "file")
    copy = FolderStore(tmp_path / "copy")
    restore.restore_documents(tmp_path / "file", copy, manifest)

    assert manifest.left_out == (gone,) and copy.get(kept) == b"2"
    assert list(missing_documents(copy)) == [] and later != []
    assert {row.status for row in rows(ServiceRequest)} == {"registered"}
    assert {row.storage_key for row in rows(Document)} & {gone, *later} == set()


def test_a_document_that_the_store_has_lost_is_named(in_use: None, store: FolderStore, tmp_path: Path):
    key = a_document(store, "2")
    store.delete(key)

    assert backup(store, tmp_path / "file").missing == (key,) == tuple(missing_documents(store))


def test_another_document_under_the_same_key_is_not_overwritten(tmp_path: Path):
    store = FolderStore(tmp_path)
    key = store.put(b"old", "pdf")
    store.restore(key, b"old")
    with pytest.raises(ValueError, match="another"):
        store.restore(key, b"new")

    assert store.get(key) == b"old"


def test_a_restore_that_was_killed_can_be_repeated_and_leaves_no_incomplete_file(
    in_use: None, store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    manifest = backup(store, tmp_path / "file")
    copy = FolderStore(tmp_path / "copy")
    with monkeypatch.context() as killed:
        # As after the end of a process: nothing is cleaned up.
        killed.setattr(os, "fsync", Mock(side_effect=KeyboardInterrupt))
        killed.setattr(Path, "unlink", Mock())
        with pytest.raises(KeyboardInterrupt):
            restore.restore_documents(tmp_path / "file", copy, manifest)
    left = list(copy.root.glob("*/*.half"))
    restore.restore_documents(tmp_path / "file", copy, manifest)

    assert len(left) == 1 and list(missing_documents(copy)) == []
    assert list(copy.root.glob("*/*.half")) == []


def test_a_backup_of_another_secret_or_with_a_changed_manifest_is_seen(
    in_use: None, store: FolderStore, tmp_path: Path
):
    manifest = backup(store, tmp_path / "file")

    assert restore.is_made_here(manifest)
    manifest.counters["event"] = 10**9
    assert not restore.is_made_here(manifest)


def test_complaint_numbers_go_on_after_a_restore(database: Any):
    with transaction():
        table_copies.set_counters({"counter": FIRST_COMPLAINT_COUNTER + 8})

        assert run(*NEXT_NUMBERS)[1] == FIRST_COMPLAINT_COUNTER + 9
