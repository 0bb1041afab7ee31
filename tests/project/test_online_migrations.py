"""Migrations while the site runs: no statement blocks a large table for long, and what was interrupted is continued."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.project.test_migrations import differences
from tests.project.tree import none_of
from wss import schema
from wss.db import Database
from wss.schema import downgrade, upgrade
from wss.upgrade_lock import ADVISORY_LOCK, UpgradeRunning, upgrade_lock

# Both hold one row for each of a few names.
SMALL = {"alembic_version", "counter"}
# From before the first release; an upgrade from there stops the site.
ALLOWED = ("ALTER TABLE message ALTER COLUMN state TYPE", "ALTER TABLE event ALTER COLUMN action TYPE")
TABLE_OF = (
    (re.compile(r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).* ON \"?(\w+)"), "an index that blocks writes"),
    (
        re.compile(r"ALTER TABLE \"?(\w+)\"? ADD (?:CONSTRAINT \w+ )?(?:CHECK|FOREIGN KEY)(?!.*NOT VALID)"),
        "a check of all rows",
    ),
    (re.compile(r"(?:UPDATE|DELETE FROM) (\w+)(?!.* <= )"), "a change of all rows at once"),
    (re.compile(r"ALTER TABLE \"?(\w+)\"? ALTER COLUMN \w+ SET NOT NULL"), "a check of all rows"),
    # Statements that a process has prepared fail ("cached plan must not change result type") until it connects again.
    (re.compile(r"ALTER TABLE \"?(\w+)\"? ALTER COLUMN \w+ TYPE"), "another type of a column that is read"),
)


@pytest.fixture
def bare(empty_database_url: str) -> Iterator[Database]:
    """Provide a database without tables."""
    database = Database(empty_database_url)
    yield database
    database.dispose()


@contextmanager
def before_statements(act: Callable[[Any, str], None]) -> Iterator[None]:
    """Call a function with the connection and text of each statement of every engine."""

    def listen(connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        act(connection, " ".join(statement.split()))

    sa.event.listen(sa.Engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", listen)


def blocking(statements: list[str]) -> list[str]:
    """Return the statements that block a table which existed before their migration."""
    found, created = [], SMALL
    for statement in statements:
        if statement.startswith(("UPDATE alembic_version", "INSERT INTO alembic_version")):
            created = SMALL
        created = created | set(re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?\"?(\w+)", statement))
        for pattern, why in TABLE_OF:
            match = pattern.match(statement)
            if match and match[1] not in created and not statement.startswith(ALLOWED):
                found.append(f"{why}: {statement[:100]}")
    return found


@pytest.mark.on("postgresql")
def test_no_migration_blocks_a_table_that_can_be_large(bare: Database):
    statements: list[str] = []
    with before_statements(lambda _connection, text: statements.append(text)):
        upgrade(bare)

    none_of(blocking(statements))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX ix_bill_x ON bill (x)",
        "CREATE UNIQUE INDEX uq_bill_x ON bill (x)",
        "ALTER TABLE bill ADD CONSTRAINT fk_bill_x FOREIGN KEY(x) REFERENCES x (id)",
        "UPDATE bill SET x = 1",
        "DELETE FROM bill WHERE x",
        "ALTER TABLE bill ALTER COLUMN x SET NOT NULL",
        "ALTER TABLE bill ALTER COLUMN x TYPE VARCHAR(20)",
    ],
)
def test_a_statement_that_blocks_is_seen(statement: str):
    assert blocking([statement]) and blocking(["CREATE TABLE bill (x)", statement]) == []


def once_each(part: str) -> Callable[[Any, str], None]:
    """Return a function that fails the first time it sees a statement with a part."""
    seen: set[str] = set()

    def fail(_connection: Any, text: str) -> None:
        if part in text and text not in seen:
            seen.add(text)
            raise OperationalError(text, None, RuntimeError("interrupted"))

    return fail


@pytest.mark.on("postgresql")
def test_an_upgrade_that_is_interrupted_in_each_step_is_continued(bare: Database):
    upgrade(bare, "0025")
    interruptions = 0
    with before_statements(once_each("CONCURRENTLY")), before_statements(once_each("VALIDATE")):
        while schema.refusal(bare):
            try:
                upgrade(bare)
            except OperationalError:
                interruptions += 1

    assert interruptions > 10 and differences(bare) == [] and schema.broken_indexes(bare) == []


def test_a_migration_that_fails_changes_nothing_on_sqlite_and_others_before_it_remain(bare: Database):
    fail = once_each("ix_service_request_triage_due")
    with before_statements(fail), pytest.raises(OperationalError):
        upgrade(bare)
    columns = {column["name"] for column in sa.inspect(bare.engine).get_columns("service_request")}

    assert schema.current_revision(bare) == "0035"
    assert "triage_due" not in columns or not bare.is_sqlite
    upgrade(bare)
    assert differences(bare) == []


@pytest.mark.on("postgresql")
def test_an_upgrade_lets_visitors_go_first_and_has_no_limit_where_it_blocks_no_one(
    bare: Database, monkeypatch: pytest.MonkeyPatch
):
    upgrade(bare, "0003")
    monkeypatch.setattr(schema, "LOCKED_MS", 200)
    lines: list[str] = []
    with bare.engine.connect() as visitor, bare.engine.connect() as other:
        visitor.execute(sa.text("LOCK TABLE service_request, staff IN ROW EXCLUSIVE MODE"))
        thread = threading.Thread(target=upgrade, args=(bare, "0005", lines.append))
        thread.start()
        # The index of 0004 waits for the visitor's transaction, longer than a statement that blocks may take.
        time.sleep(0.6)
        began = time.monotonic()
        other.execute(sa.text("DELETE FROM staff"))
        other.rollback()
        waited = time.monotonic() - began
        visitor.rollback()
        thread.join(30)

    assert waited < 1 and schema.current_revision(bare) == "0005"


@pytest.mark.on("postgresql")
def test_an_upgrade_tries_again_when_a_table_is_in_use(bare: Database):
    upgrade(bare, "0001")
    lines: list[str] = []
    with bare.engine.connect() as visitor:
        visitor.execute(sa.text("LOCK TABLE consumer IN ROW EXCLUSIVE MODE"))
        thread = threading.Thread(target=upgrade, args=(bare, "0002", lines.append))
        thread.start()
        while not lines:
            time.sleep(0.05)
        visitor.rollback()
        thread.join(30)

    assert "lock was not free" in lines[0] and schema.current_revision(bare) == "0002"


def test_two_upgrades_at_once_run_each_migration_once(bare: Database):
    lines: list[str] = []
    threads = [threading.Thread(target=upgrade, args=(bare, "0012", lines.append)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    done = [line[:4] for line in lines if line[:4].isdigit()]
    assert done == [f"{number:04}" for number in range(1, 13)]


@pytest.mark.on("postgresql")
def test_an_upgrade_names_who_holds_its_lock_and_gives_up(bare: Database):
    lines: list[str] = []
    with bare.engine.connect() as other:
        pid = other.execute(sa.text("SELECT pg_backend_pid()")).scalar()
        other.execute(sa.select(sa.func.pg_advisory_lock(ADVISORY_LOCK)))
        with pytest.raises(UpgradeRunning, match=f"process {pid} of the database, role .+, connected since"):
            upgrade(bare, "0001", lines.append, wait_s=0.1)

    assert [f"process {pid} " in line for line in lines] == [True]
    assert schema.current_revision(bare) is None


@pytest.mark.on("sqlite")
def test_an_upgrade_of_a_file_gives_up_too(bare: Database):
    with (
        bare.engine.connect() as connection,
        upgrade_lock(bare, connection, print, 0),
        pytest.raises(UpgradeRunning, match="nothing was changed"),
    ):
        upgrade(bare, "0001", wait_s=0)


@pytest.mark.on("postgresql")
def test_a_batched_change_reaches_every_row(bare: Database, monkeypatch: pytest.MonkeyPatch):
    from migrations import online_ddl

    monkeypatch.setattr(online_ddl, "FILL_ROWS", 3)
    upgrade(bare, "0024")
    with bare.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO consumer (password_hash, language, sms_alerts, email_alerts, created_at)"
                " SELECT '', 'hi', true, true, now() FROM generate_series(1, 10)"
            )
        )

    upgrade(bare, "0025")

    with bare.engine.connect() as connection:
        left = connection.execute(sa.text("SELECT count(*) FROM consumer WHERE signed_in_at IS NULL"))
        assert left.scalar() == 0
    downgrade(bare, "0024")


@pytest.mark.on("postgresql")
def test_of_incomplete_indexes_only_those_of_the_sites_schema_are_listed(bare: Database):
    with bare.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql('CREATE SCHEMA "Site"')
        connection.exec_driver_sql(f'ALTER DATABASE "{bare.engine.url.database}" SET search_path = "Site"')
        for table in ('"Site".mine', "public.theirs"):
            connection.exec_driver_sql(f"CREATE TABLE {table} AS SELECT 1 AS n FROM generate_series(1, 2)")
            with pytest.raises(sa.exc.IntegrityError):
                connection.exec_driver_sql(f"CREATE UNIQUE INDEX CONCURRENTLY ON {table} (n)")
    bare.engine.dispose()

    assert schema.broken_indexes(bare) == ["mine_n_idx"]


@pytest.mark.on("postgresql")
def test_a_second_site_in_a_schema_of_its_own_gets_every_table_index_and_constraint(bare: Database):
    upgrade(bare)
    with bare.engine.connect() as connection:
        connection.exec_driver_sql("CREATE SCHEMA second")
        connection.exec_driver_sql(f'ALTER DATABASE "{bare.engine.url.database}" SET search_path = second')
        connection.commit()
    bare.engine.dispose()
    upgrade(bare)

    assert differences(bare) == []
