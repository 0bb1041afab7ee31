"""Migration of the database's tables, and which revisions of them this code can work with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from wss.db import Database
from wss.upgrade_lock import WAIT_S, Report, upgrade_lock

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig
    from alembic.script import ScriptDirectory

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
# While a change waits for its lock, every visitor of the table waits behind it.
LOCK_WAIT_MS = 300
# A statement that locks a table must not take long. Statements that lock nothing have no limit (migrations/online_ddl).
LOCKED_MS = 30_000
TRIES = 120
_LONGEST_PAUSE_S = 10.0
_TRY_AGAIN = {"55P03", "40P01"}  # lock not available, deadlock
_OLDEST_CODE = "oldest_code"

# Alembic is loaded only when a migration is run: a web process with current tables saves its memory.


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The newest migration of a database, of this code, and of the oldest code that can work with the database."""

    revision: str | None
    expected: str
    oldest_code: str | None

    @property
    def is_newer(self) -> bool:
        """Return whether a newer version of the code has migrated the database."""
        return self.revision is not None and self.revision > self.expected

    def refusal(self) -> str:
        """Return why this code must not work with the database, and what to do; empty when it may."""
        if self.revision is None or self.revision < self.expected:
            found = f"it has {self.revision or 'no tables'}, this version needs {self.expected}"
            return f"the database is not migrated: run `flask --app app db upgrade` ({found})"
        # A newer database without the record was not migrated by code that keeps one.
        if self.is_newer and (self.oldest_code is None or self.oldest_code > self.expected):
            return (
                f"the database has {self.revision}, which this version ({self.expected}) cannot work with: "
                f"install the newer version, or run its `flask --app app db downgrade --to {self.expected}`"
            )
        return ""


def state(database: Database) -> SchemaState:
    """Return the state of a database; raise the driver's error when it does not answer."""
    revision = database.revision()
    if revision is None:
        return SchemaState(None, expected_revision(), None)
    with database.engine.connect() as connection:
        return SchemaState(revision, expected_revision(), _recorded_oldest(connection))


def refusal(database: Database) -> str:
    """Return why this code must not work with the database; empty when it may."""
    return state(database).refusal()


def is_current(database: Database) -> bool:
    """Return whether this code can work with the database, which may have newer migrations too."""
    return not refusal(database)


def current_revision(database: Database) -> str | None:
    """Return the newest migration of the database."""
    return state(database).revision


@cache
def expected_revision() -> str:
    """Return the newest migration of the code; the file names begin with numbers, without a gap."""
    return max(path.name.partition("_")[0] for path in FOLDER.glob("versions/[0-9]*.py"))


def broken_indexes(database: Database) -> list[str]:
    """Return the indexes of the site that PostgreSQL has begun to build and not completed; no query uses them."""
    if database.is_sqlite:
        return []
    query = text(
        "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE NOT indisvalid AND relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1"
    )
    with database.engine.connect() as connection:
        return list(connection.execute(query).scalars())


def missing_migrations(database: Database) -> list[tuple[str, str]]:
    """Return number and title of each migration that `upgrade` would run."""
    revision = current_revision(database) or ""
    script = _script_directory(None)
    known = reversed(list(script.walk_revisions()))
    return [(each.revision, each.doc) for each in known if each.revision > revision]


def upgrade(
    database: Database, to: str = "head", report: Report = lambda _line: None, wait_s: float = WAIT_S
) -> None:
    """Run the missing migrations in order, each in a transaction of its own; what fails can be run again.

    A second upgrade of the same database waits so long for the first. A database that is newer than the code is left
    alone.
    """

    def run(config: AlembicConfig) -> None:
        from alembic import command

        command.upgrade(config, to)

    if not state(database).is_newer:
        _migrate(database, run, report, LOCKED_MS, wait_s)


def downgrade(
    database: Database, to: str = "base", report: Report = lambda _line: None, wait_s: float = WAIT_S
) -> None:
    """Undo migrations down to a revision."""

    def run(config: AlembicConfig) -> None:
        from alembic import command

        command.downgrade(config, to)

    _migrate(database, run, report, 0, wait_s)


def _migrate(
    database: Database,
    run: Callable[[AlembicConfig], None],
    report: Report,
    statement_limit_ms: int,
    wait_s: float,
) -> None:
    with (
        _connected(database, statement_limit_ms) as connection,
        upgrade_lock(database, connection, report, wait_s),
    ):
        for attempt in range(1, TRIES + 1):
            try:
                return run(_alembic_config(connection, report))
            except DBAPIError as error:
                code = getattr(error.orig, "sqlstate", None)
                if code not in _TRY_AGAIN or attempt == TRIES:
                    raise
                connection.rollback()
                report(f"a lock was not free (attempt {attempt}); the site comes first, trying again")
                time.sleep(min(0.5 * attempt, _LONGEST_PAUSE_S))


@contextmanager
def _connected(database: Database, statement_limit_ms: int) -> Iterator[Connection]:
    """Open a connection with limits of its own: those of the site would end an index of a large table."""
    if database.is_sqlite:
        with database.engine.execution_options(wss_begin="BEGIN IMMEDIATE").connect() as connection:
            yield connection
        return
    engine = _migration_engine(database, statement_limit_ms)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _migration_engine(database: Database, statement_limit_ms: int) -> Engine:
    options = f"-c lock_timeout={LOCK_WAIT_MS} -c statement_timeout={statement_limit_ms} -c timezone=UTC"
    return create_engine(
        database.url, hide_parameters=True, poolclass=NullPool, connect_args={"options": options}
    )


def _alembic_config(connection: Connection | None, report: Report) -> AlembicConfig:
    """Return Alembic's configuration for one open connection; there is no ini file."""
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    started = time.monotonic()

    def after_each(ctx: Any, step: Any, heads: set[str], **_others: Any) -> None:
        """Record in the migration's transaction which code can work with the result, and report the step."""
        nonlocal started
        _record_oldest(ctx.connection, ctx.script, max(heads, default=""))
        way, before = ("", started) if step.is_upgrade else ("undone: ", started)
        started = time.monotonic()
        revision = step.up_revision
        report(f"{way}{revision.revision} {revision.doc} ({started - before:.1f} s)")

    config.attributes.update(connection=connection, after_each=after_each)
    return config


def _script_directory(connection: Connection | None) -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_alembic_config(connection, lambda _line: None))


def oldest_code(script: ScriptDirectory, revision: str) -> str:
    """Return the newest migration of the oldest code that can work with a revision.

    Each migration names it as `oldest_code`. One that does not is taken to need the code it came with.
    """
    applied = (each for each in script.walk_revisions() if each.revision <= revision)
    return max(getattr(each.module, "oldest_code", each.revision) for each in applied)


def _record_oldest(connection: Connection, script: ScriptDirectory, revision: str) -> None:
    if not revision:
        return
    connection.execute(text("DELETE FROM counter WHERE name = :name"), {"name": _OLDEST_CODE})
    connection.execute(
        text("INSERT INTO counter (name, value) VALUES (:name, :value)"),
        {"name": _OLDEST_CODE, "value": int(oldest_code(script, revision))},
    )


def _recorded_oldest(connection: Connection) -> str | None:
    found = connection.execute(
        text("SELECT value FROM counter WHERE name = :name"), {"name": _OLDEST_CODE}
    ).scalar()
    return None if found is None else f"{found:04}"
