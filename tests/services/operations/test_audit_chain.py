"""The audit trail is append-only, chained by the worker, and checked by `flask audit verify`."""

import logging
from typing import Any

import pytest
import sqlalchemy as sa

from tests.fixtures.audit_trail import without_triggers
from tests.fixtures.complaint_handling import rows
from wss.db import core, transaction
from wss.db import database as bound
from wss.domain.actor import Actor, Role
from wss.models import AuditEntry, AuditHead
from wss.services.operations import audit_chain
from wss.services.shared.audit import record

HELPDESK = Actor(Role.HELPDESK, "H1", "UPPCL")
REFUSED = "the audit trail is only added to"


def write(how_many: int = 6) -> None:
    with transaction():
        for number in range(how_many):
            record(HELPDESK, "view", f"connection:{number:010}", reason="बिल", times=number)


@pytest.fixture
def chained(database: Any, frozen_clock: Any) -> None:
    """Insert six entries and chain them."""
    write()
    audit_chain.chain()


def tamper(*statements: str) -> None:
    """Change the trail as an attacker with full rights in the database could."""
    with transaction(), without_triggers():
        for statement in statements:
            core().execute(sa.text(statement))


def verify(app: Any, *more: str) -> tuple[int, str]:
    """Return exit code and output of the command."""
    run = app.test_cli_runner().invoke(args=["audit", "verify", *more])
    return run.exit_code, run.output


def end() -> str:
    [head] = rows(AuditHead)
    return f"{head.number}:{head.chain}"


def test_writing_leaves_the_chain_to_the_worker(database: Any):
    write()

    assert {(one.number, one.chain) for one in rows(AuditEntry)} == {(None, None)}
    assert [one.number for one in rows(AuditHead)] == [0]


@pytest.mark.parametrize(("at_once", "chained_each_time"), [(100, (10, 0)), (8, (8, 2))])
def test_the_worker_gives_every_entry_its_place_little_by_little(
    database: Any, monkeypatch: pytest.MonkeyPatch, at_once: int, chained_each_time: tuple[int, int]
):
    monkeypatch.setattr(audit_chain, "BATCH", 4)
    monkeypatch.setattr(audit_chain, "AT_ONCE", at_once)
    write(10)

    assert (audit_chain.chain(), audit_chain.chain()) == chained_each_time
    assert [one.number for one in rows(AuditEntry)] == list(range(1, 11))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET deed = 'nothing' WHERE number = 3",
        "UPDATE audit_entry SET number = 99 WHERE number = 3",
        "UPDATE audit_entry SET number = NULL, chain = NULL WHERE number = 3",
        "DELETE FROM audit_entry WHERE number = 3",
        "DELETE FROM audit_entry",
        "UPDATE audit_head SET number = 2",
        "UPDATE audit_head SET chain = 'f'",
        "DELETE FROM audit_head",
        "INSERT INTO audit_entry (at, role, actor_id, office_code, deed, subject, details, number, chain)"
        " SELECT at, role, actor_id, office_code, deed, subject, details, 7, chain FROM audit_entry WHERE number = 6",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(chained: None, statement: str):
    with pytest.raises(sa.exc.DBAPIError, match=REFUSED), transaction():
        core().execute(sa.text(statement))


def test_each_databases_own_way_round_is_closed_too(chained: None):
    """SQLite replaces rows without firing delete triggers, PostgreSQL truncates whole tables."""
    replace = (
        "INSERT OR REPLACE INTO audit_entry (id, at, role, actor_id, office_code, deed, subject, details)"
    )
    ways = [f"{replace} VALUES (3, '2026-11-24', 'sdo', 'S1', '', 'view', 'x:1', '{{}}')"]
    if not bound().is_sqlite:
        ways = ["TRUNCATE audit_entry", "TRUNCATE audit_head"]

    for way in ways:
        with pytest.raises(sa.exc.DBAPIError, match=REFUSED), transaction():
            core().execute(sa.text(way))


def test_an_entry_without_its_place_changes_only_by_getting_it(database: Any):
    write()

    with pytest.raises(sa.exc.DBAPIError, match=REFUSED), transaction():
        core().execute(sa.text("UPDATE audit_entry SET deed = 'nothing', number = 1, chain = 'f'"))


def test_a_whole_trail_is_found_whole(app: Any, chained: None):
    write(2)

    code, output = verify(app)

    assert code == 0
    assert "Chained entries: 6\nNot chained yet: 2\n" in output and end() in output


def test_an_empty_trail_is_whole(app: Any):
    assert verify(app)[0] == 0


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE audit_entry SET deed = 'nothing' WHERE number = 3", "Changed: entry 3 (row 3)."),
        ("UPDATE audit_entry SET details = '{}' WHERE number = 3", "Changed: entry 3 (row 3)."),
        ("UPDATE audit_entry SET chain = NULL WHERE number = 3", "Changed: entry 3 (row 3)."),
        ("DELETE FROM audit_entry WHERE number = 3", "Missing: entry 3."),
        ("DELETE FROM audit_entry WHERE number IN (2, 3, 4)", "Missing: entries 2 to 4."),
        ("DELETE FROM audit_entry WHERE number > 4", "Removed from the end: entries 5 to 6."),
        ("DELETE FROM audit_entry", "Removed from the end: entries 1 to 6."),
        ("UPDATE audit_head SET number = 4", "Inserted outside the chain: entry 5."),
        ("DELETE FROM audit_head", "The head of the chain is missing."),
    ],
)
def test_changes_that_bypass_the_database_are_found_and_named(
    app: Any, chained: None, statement: str, finding: str
):
    tamper(statement)

    code, output = verify(app)

    assert code == 1 and finding in output


def test_an_entry_with_a_place_before_the_first_is_found(app: Any, chained: None):
    write(1)
    tamper("UPDATE audit_entry SET number = -7, chain = 'x' WHERE number IS NULL")

    code, output = verify(app)

    assert (code, "-7" in output) == (1, True)


def test_an_end_noted_earlier_finds_a_shortened_trail(app: Any, chained: None):
    noted = end()
    tamper(
        "DELETE FROM audit_entry WHERE number > 4",
        "UPDATE audit_head SET number = 4, chain = (SELECT chain FROM audit_entry WHERE number = 4)",
    )

    assert verify(app)[0] == 0
    assert verify(app, "--noted", noted)[0] == 1


def test_an_end_noted_earlier_fits_while_the_trail_grows(app: Any, chained: None):
    noted = end()
    write()
    audit_chain.chain()

    assert verify(app, "--noted", noted)[0] == 0


def test_a_note_that_is_none_is_refused(app: Any):
    assert verify(app, "--noted", "6:beef")[0] == 2


def test_what_was_not_chained_for_an_hour_is_reported(app: Any, chained: None, frozen_clock: Any):
    write(1)
    frozen_clock.advance(minutes=61)

    assert "Of these, older than an hour: 1." in verify(app)[1]


def test_without_its_end_nothing_is_chained_and_the_log_says_so(
    database: Any, caplog: pytest.LogCaptureFixture
):
    write()
    tamper("DELETE FROM audit_head")

    with caplog.at_level(logging.ERROR):
        assert audit_chain.chain() == 0
    assert "no further entries are chained" in caplog.text


def test_the_worker_chains_in_its_rounds(app: Any, frozen_clock: Any):
    write()

    app.test_cli_runner().invoke(args=["outbox", "deliver", "--once"])

    assert [one.number for one in rows(AuditEntry)] == [1, 2, 3, 4, 5, 6]
