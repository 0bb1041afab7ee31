"""`flask db upgrade`: applies the missing migrations."""

import click
from flask import current_app
from flask.cli import with_appcontext

from wss import schema


@click.group("db")
def database_commands() -> None:
    """Database tables."""


@database_commands.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Run every missing migration."""
    database = current_app.extensions["wss"].database
    before = schema.current_revision(database)
    schema.upgrade(database)
    click.echo(f"Migrations: {before or 'none'} → {schema.current_revision(database)}")
