"""`flask backup` and `flask restore`: what they write, what they refuse, and what they say."""

import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.factories import a_household, a_message, given
from tests.services.operations.test_backup import emptied
from wss import schema
from wss.db import Database, reading
from wss.domain.backups import HELD, MemberHash, TableContent, manifest_from
from wss.domain.delivery import DeliveryState
from wss.gateways.backup_files import BackupWriter
from wss.models import Message
from wss.queries import table_copies
from wss.services.mis import sums


@pytest.fixture
def run(app: Flask) -> Any:
    """Provide a site with a waiting message, and a function that runs a command on it."""
    a_household()
    given(a_message(state=DeliveryState.WAITING))
    sums.rebuild()
    return lambda *args: app.test_cli_runner().invoke(args=[str(each) for each in args])


def test_a_backup_is_a_closed_file_that_is_never_overwritten(run: Any, tmp_path: Path):
    file = tmp_path / "site.wss"
    first = run("backup", file)
    content = file.read_bytes()
    second = run("backup", file)

    assert (first.exit_code, second.exit_code) == (0, 1) and "exists already" in second.output
    assert file.stat().st_mode & 0o777 == 0o600 and file.read_bytes() == content
    assert [path.name for path in tmp_path.glob("site*")] == ["site.wss"]


def test_a_backup_that_fails_leaves_no_file(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(table_copies, "copied_rows", full)
    failed = run("backup", tmp_path / "site.wss")

    assert failed.exit_code == 1 and "No space left on device" in failed.output
    assert list(tmp_path.glob("site*")) == []


def test_a_restore_asks_what_to_do_with_waiting_messages_and_verifies_the_copy(run: Any, tmp_path: Path):
    run("backup", tmp_path / "site.wss")
    refused = run("restore", tmp_path / "site.wss")
    emptied()
    asked = run("restore", tmp_path / "site.wss")
    done = run("restore", tmp_path / "site.wss", "--waiting-messages", "hold")

    assert refused.exit_code == asked.exit_code == 1
    assert "1 messages waited" in asked.output and "--waiting-messages" in asked.output
    assert done.exit_code == 0, done.output
    for sentence in ("The audit trail is intact", "All sums match", "All documents are in the store"):
        assert sentence in done.output
    with reading() as session:
        assert session.query(Message.state, Message.reason).one() == (DeliveryState.DEAD, HELD)


def test_a_restore_over_rows_changes_nothing(run: Any, tmp_path: Path):
    run("backup", tmp_path / "site.wss")
    refused = run("restore", tmp_path / "site.wss", "--waiting-messages", "send")

    assert refused.exit_code == 1 and "The database has rows" in refused.output


def test_a_backup_of_former_tables_is_restored_and_migrated(run: Any, tmp_path: Path, database: Database):
    schema.downgrade(database, "0038")
    try:
        made = run("backup", tmp_path / "site.wss")
        emptied()
        done = run("restore", tmp_path / "site.wss", "--waiting-messages", "send")
        reached = schema.current_revision(database)
    finally:
        schema.upgrade(database)

    assert (made.exit_code, done.exit_code) == (0, 0), done.output
    assert "revision 0038" in done.output and reached == schema.expected_revision()


def test_a_check_reads_the_file_only(run: Any, tmp_path: Path):
    file = tmp_path / "site.wss"
    run("backup", file)
    intact = run("restore", file, "--check")
    file.write_bytes(file.read_bytes()[:-20_000])
    damaged = run("restore", file, "--check")

    assert intact.exit_code == 0 and "complete and unchanged" in intact.output
    assert damaged.exit_code == 1 and "damaged" in damaged.output


def test_a_file_of_unknown_origin_controls_no_terminal(run: Any, tmp_path: Path):
    file = tmp_path / "site.wss"
    run("backup", file)
    with tarfile.open(file) as archive:
        manifest = manifest_from(archive.extractfile("manifest.json").read())  # type: ignore[union-attr]
    tables = {"\x1b[2Jstranger": TableContent(("n",), 0)}
    with file.open("wb") as stream:
        BackupWriter(stream).finish(
            replace(manifest, members=MemberHash().hexdigest(), tables=tables, documents=0)
        )
    refused = run("restore", file, "--check")
    emptied()
    restored = run("restore", file, "--other-secret", "--waiting-messages", "send")

    # Nothing of a file with a wrong seal is printed.
    assert refused.exit_code == 1 and refused.output.startswith("Error: The backup was made with another")
    assert "x1b[2Jstranger" in restored.output and "\x1b" not in restored.output
