"""`flask db`: the state of the tables, and migrations up and down."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from wss import schema
from wss.db import Database
from wss.upgrade_lock import WAIT_S, UpgradeRunning
from wss.version import VERSION

INCOMPLETE_INDEX = (
    "index {0} is not complete: an upgrade is running, or was interrupted and must be run again; "
    "with every migration run, `REINDEX INDEX CONCURRENTLY {0}` completes it"
)
_LOCKED = "55P03"
_NO_RIGHT = "42501"


_wait_option = click.option(
    "--wait",
    "wait_s",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=WAIT_S,
    show_default=True,
    help="How long to wait while another upgrade runs.",
)


@click.group("db")
def database_commands() -> None:
    """Database tables."""


@database_commands.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def status(as_json: bool) -> None:
    """Print which migrations the database has and misses; exit with 1 if this version cannot work with it."""
    database = _database()
    found = schema.state(database)
    missing = schema.missing_migrations(database)
    broken = schema.broken_indexes(database)
    refusal = found.refusal()
    if as_json:
        rest = {"version": VERSION, "missing": [number for number, _title in missing]}
        click.echo(
            json.dumps(asdict(found) | rest | {"broken_indexes": broken, "refusal": refusal}, indent=2)
        )
    else:
        click.echo(
            f"WSS {VERSION} needs migration {found.expected}; the database has {found.revision or 'none'}."
        )
        if found.oldest_code:
            click.echo(f"Versions that need migration {found.oldest_code} or a later one can work with it.")
        for number, title in missing:
            click.echo(f"missing: {number} {title}")
        for index in broken:
            click.echo(INCOMPLETE_INDEX.format(index))
        click.echo(refusal or "This version can work with the database.")
    if refusal:
        raise SystemExit(1)


@database_commands.command("upgrade")
@click.option("--to", metavar="NUMBER", help="The last migration to run; all without it.")
@_wait_option
@with_appcontext
def upgrade(to: str | None, wait_s: float) -> None:
    """Run the missing migrations, while the site runs; what was interrupted is continued."""
    database = _database()
    before = schema.state(database)
    with _sentences():
        schema.upgrade(database, to or "head", report=click.echo, wait_s=wait_s)
    after = schema.state(database)
    click.echo(f"Migrations: {before.revision or 'none'} → {after.revision}")
    if after.is_newer and after.refusal():
        raise click.ClickException(after.refusal())


@database_commands.command("downgrade")
@click.option("--to", metavar="NUMBER", required=True, help="The last migration that is kept.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_wait_option
@with_appcontext
def downgrade(to: str, yes: bool, wait_s: float) -> None:
    """Undo the migrations after NUMBER. What their tables and columns hold is lost."""
    database = _database()
    before = schema.state(database)
    if before.revision is None or not to.isdigit() or to >= before.revision:
        raise click.ClickException(f"nothing to undo: the database has {before.revision or 'no tables'}")
    if before.is_newer:
        newer = f"the database has {before.revision}, which this version does not know"
        raise click.ClickException(f"{newer}: run the downgrade with the version that made it")
    if not yes:
        click.confirm(f"Undo the migrations after {to}, with the data in what they added?", abort=True)
    with _sentences():
        schema.downgrade(database, to, report=click.echo, wait_s=wait_s)
    click.echo(f"Migrations: {before.revision} → {schema.current_revision(database)}")


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn the errors that an operator can do something about into sentences."""
    from alembic.util import CommandError

    try:
        yield
    except (CommandError, UpgradeRunning) as error:
        raise click.ClickException(str(error)) from None
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state == _LOCKED:
            text = "a table was in use all the time: find the long transaction (pg_stat_activity), and run it again"
        elif state == _NO_RIGHT:
            first_line = str(error.orig).partition("\n")[0]
            text = f"{first_line}: migrations need a WSS_DATABASE_URL with the role that owns the tables"
        else:
            raise
        raise click.ClickException(text) from None


def _database() -> Database:
    parts: Any = current_app.extensions["wss"]
    made: Database = parts.database
    return made
