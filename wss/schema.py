"""Migration of the database's tables to the revision that the code expects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from wss.db import Database

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

FOLDER = Path(__file__).resolve().parent.parent / "migrations"

# Alembic is loaded only when a migration is run: a web process with current tables saves its memory.


def alembic_config(connection: Connection) -> AlembicConfig:
    """Return Alembic's configuration for one open connection; there is no ini file."""
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, to: str = "head") -> None:
    """Run every missing migration, all or none."""
    from alembic import command

    with database.engine.execution_options(wss_begin="BEGIN IMMEDIATE").begin() as connection:
        command.upgrade(alembic_config(connection), to)


def downgrade(database: Database, to: str = "base") -> None:
    """Undo migrations down to a revision."""
    from alembic import command

    with database.engine.execution_options(wss_begin="BEGIN IMMEDIATE").begin() as connection:
        command.downgrade(alembic_config(connection), to)


def expected_revision() -> str:
    """Return the newest migration of the code; the file names begin with numbers, without a gap."""
    return max(path.name.partition("_")[0] for path in FOLDER.glob("versions/[0-9]*.py"))


def current_revision(database: Database) -> str | None:
    """Return the newest migration of the database."""
    return database.revision()


def is_current(database: Database) -> bool:
    """Return whether the database has the revision that the code expects."""
    return current_revision(database) == expected_revision()
