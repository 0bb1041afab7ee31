"""The lock that only one change of the tables can hold, so that two upgrades never run at once."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from wss.db import Database

# Longer than the upgrade of a large database. Any role of the database can hold the lock, so the wait has an end.
WAIT_S = 3600.0
# Any number below 2^32, the same in all versions.
ADVISORY_LOCK = 20_261_130
_POLL_S = 0.5

Report = Callable[[str], None]

_HOLDER = text(
    "SELECT a.pid, a.usename, to_char(a.backend_start AT TIME ZONE 'UTC', 'DD-MM-YYYY HH24:MI \"UTC\"') AS since"
    " FROM pg_locks l JOIN pg_database d ON d.oid = l.database LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()"
    " AND l.classid = 0 AND l.objid = :key AND l.objsubid = 1"
).bindparams(key=ADVISORY_LOCK)


class UpgradeRunning(Exception):
    """Another session held the lock all the time; the text says which."""


@contextmanager
def upgrade_lock(database: Database, connection: Connection, report: Report, wait_s: float) -> Iterator[None]:
    """Hold the lock; the lock of PostgreSQL is freed with the connection, which is closed at the end.

    Waits for another holder, who is reported. Raises UpgradeRunning when the time has passed.
    """
    if database.is_sqlite:
        with _folder_lock(database, report, wait_s):
            yield
        return
    # Asked again and again: a statement that waits has a snapshot, for which a concurrent index would wait in turn.
    ask = text("SELECT pg_try_advisory_lock(:key)").bindparams(key=ADVISORY_LOCK)
    _wait_until(lambda: bool(connection.execute(ask).scalar()), lambda: _holder(connection), report, wait_s)
    connection.rollback()  # the lock is the session's, not the transaction's
    try:
        yield
    finally:
        connection.close()  # which frees the lock, also after an error


@contextmanager
def _folder_lock(database: Database, report: Report, wait_s: float) -> Iterator[None]:
    """Lock the folder of the file: to close a descriptor of the file itself would free SQLite's own locks."""
    folder = Path(database.url.database or ".").resolve().parent
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _wait_until(lambda: _is_locked(descriptor), lambda: "", report, wait_s)
        yield
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    """Lock a folder, and return whether that was possible."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(connection: Connection) -> str:
    """Return who holds the lock, and end the transaction."""
    found = connection.execute(_HOLDER).first()
    connection.rollback()
    if found is None or found.pid is None:
        return ""
    # A role without rights to statistics sees no time.
    since = f", connected since {found.since}" if found.since else ""
    return f" (process {found.pid} of the database, role {found.usename!r}{since})"


def _wait_until(
    is_free: Callable[[], bool], holder: Callable[[], str], report: Report, wait_s: float
) -> None:
    until, said = time.monotonic() + wait_s, ""
    while not is_free():
        words = f"another upgrade of this database is running{holder()}"
        if time.monotonic() >= until:
            raise UpgradeRunning(f"{words}; nothing was changed")
        if words != said:
            report(f"{words}: waiting for it")
        said = words
        time.sleep(min(_POLL_S, max(0.0, until - time.monotonic())))
