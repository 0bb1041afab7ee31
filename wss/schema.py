"""Brings the database's tables to where the code expects them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from wss.db import Database

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

FOLDER = Path(__file__).resolve().parent.parent / "migrations"

# Alembic is loaded only where a migration is run: a web process that finds its tables up to date saves its memory.


def alembic_config(connection: Connection) -> AlembicConfig:
    """Alembic's configuration for one open connection; there is no ini file."""
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, to: str = "head") -> None:
    """Run every migration that is missing, all or none."""
    from alembic import command

    with database.engine.execution_options(wss_begin="BEGIN IMMEDIATE").begin() as connection:
        command.upgrade(alembic_config(connection), to)


def downgrade(database: Database, to: str = "base") -> None:
    """Undo migrations down to a revision."""
    from alembic import command

    with database.engine.execution_options(wss_begin="BEGIN IMMEDIATE").begin() as connection:
        command.downgrade(alembic_config(connection), to)


def expected_revision() -> str:
    """The newest migration that the code has; their files begin with their numbers, without a gap."""
    return max(path.name.partition("_")[0] for path in FOLDER.glob("versions/[0-9]*.py"))


def current_revision(database: Database) -> str | None:
    """The newest migration that the database has."""
    return database.revision()


def is_current(database: Database) -> bool:
    """Whether the database is where the code expects it."""
    return current_revision(database) == expected_revision()
