"""What health checks ask of the database itself."""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from wss.db import database, session

_POSTGRESQL = text("""
    SELECT current_setting('transaction_read_only') = 'off' AS is_writable,
           concat_ws('/', (SELECT system_identifier FROM pg_control_system()), pg_database.oid) AS identity
    FROM pg_database WHERE datname = current_database()
""")


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Whether the database can be written to, and which one it is: a copy elsewhere has another identity."""

    is_writable: bool
    identity: str


def database_state() -> DatabaseState:
    """Return the state of the database; raises when it does not answer."""
    if not database().is_sqlite:
        return DatabaseState(*session().execute(_POSTGRESQL).one())
    session().execute(text("SELECT 1")).one()
    path = Path(database().url.database or "")
    # A file that was put in place of the open one: this process still writes to the former.
    file = path.stat() if path.exists() else None
    is_writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return DatabaseState(is_writable, f"{file.st_dev}/{file.st_ino}" if file else "missing")
