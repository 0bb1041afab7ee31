"""The statements of a use case, executed again by the driver alone: sqlite3 or psycopg, same text, same commits."""

import pickle
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

EXECUTE, EXECUTE_MANY, COMMIT, ROLLBACK = "execute", "execute many", "commit", "rollback"
_PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "cache_size=-16000")


@dataclass(frozen=True, slots=True)
class Step:
    """One call of the driver: execute a statement with values, commit, or roll back."""

    how: str
    sql: str = ""
    values: Any = ()


class Replayer:
    """Executes recorded steps on a connection of each thread, and fetches every row that they find."""

    def __init__(self, database: str, path: Path) -> None:
        # Written by the same run of the benchmark, in its own folder.
        self._traces: Mapping[str, Sequence[Step]] = pickle.loads(path.read_bytes())  # noqa: S301
        self._database = database
        self._of_thread = threading.local()

    def run(self, name: str) -> None:
        """Execute the steps that were recorded under a name."""
        connection = self._connection()
        cursor = connection.cursor()
        for step in self._traces[name]:
            if step.how == EXECUTE:
                cursor.execute(step.sql, step.values)
                if cursor.description:
                    cursor.fetchall()
            elif step.how == EXECUTE_MANY:
                cursor.executemany(step.sql, step.values)
            elif step.how == COMMIT:
                connection.commit()
            else:
                connection.rollback()
        cursor.close()

    def _connection(self) -> Any:
        kept = getattr(self._of_thread, "connection", None)
        if kept is None:
            kept = self._of_thread.connection = connected(self._database)
        return kept


def connected(database: str) -> Any:
    """Return a connection of the driver, as durable as the site's."""
    if not database.startswith("sqlite:///"):
        # A transaction begins where the site has begun one.
        return psycopg.connect(database, autocommit=True)
    connection = sqlite3.connect(
        database.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
    )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection
