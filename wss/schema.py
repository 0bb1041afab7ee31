"""Brings the database's tables to where the code expects them."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from wss.db import Database

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config(connection: Connection) -> AlembicConfig:
    """Alembic's configuration for one open connection; there is no ini file."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, to: str = "head") -> None:
    """Run every migration that is missing, all or none."""
    with database.engine.execution_options(wss_begin="BEGIN IMMEDIATE").begin() as connection:
        command.upgrade(alembic_config(connection), to)


def downgrade(database: Database, to: str = "base") -> None:
    """Undo migrations down to a revision."""
    with database.engine.execution_options(wss_begin="BEGIN IMMEDIATE").begin() as connection:
        command.downgrade(alembic_config(connection), to)


def expected_revision() -> str | None:
    """The newest migration that the code has."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config).get_current_head()


def current_revision(database: Database) -> str | None:
    """The newest migration that the database has."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    """Whether the database is where the code expects it."""
    return current_revision(database) == expected_revision()
