"""The engines alone: how many durable transactions of three rows each commits per second."""

import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

CLIENTS = 8
_PATIENCE_S = 60
_TABLES = (
    "CREATE TABLE request (id BIGINT PRIMARY KEY, complaint_no TEXT UNIQUE, account_no TEXT, fields TEXT, status TEXT)",
    "CREATE TABLE event (request_id BIGINT, number INT, action TEXT, at TEXT, PRIMARY KEY (request_id, number))",
    "CREATE TABLE message (id TEXT PRIMARY KEY, request_id BIGINT, recipient TEXT, body TEXT, state TEXT)",
)
_INSERTS = (
    "INSERT INTO request VALUES (?, ?, ?, ?, ?)",
    "INSERT INTO event VALUES (?, ?, ?, ?)",
    "INSERT INTO message VALUES (?, ?, ?, ?, ?)",
)
_FIELDS = '{"reason": "wrong_reading", "reading_kwh": 1250, "remarks": "' + "m" * 120 + '"}'
_AT = "2026-11-24 10:00:00"

Work = Callable[[Iterator[int]], None]


def sqlite_commits_per_second(path: Path, commits: int) -> float:
    """Measure SQLite: write-ahead log, every commit synced to disk, eight threads with BEGIN IMMEDIATE."""
    with _sqlite(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        for name in ("request", "event", "message"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        for table in _TABLES:
            connection.execute(table)

    def work(numbers: Iterator[int]) -> None:
        with _sqlite(path) as connection:
            for number in numbers:
                connection.execute("BEGIN IMMEDIATE")
                for statement, row in zip(_INSERTS, _rows(number), strict=True):
                    connection.execute(statement, row)
                connection.execute("COMMIT")

    return _per_second(work, commits)


def postgresql_commits_per_second(url: str, commits: int) -> float:
    """Measure PostgreSQL: three statements and a commit each, eight connections."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("request", "event", "message"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        for table in _TABLES:
            connection.execute(table)
    inserts = [statement.replace("?", "%s") for statement in _INSERTS]

    def work(numbers: Iterator[int]) -> None:
        with psycopg.connect(url) as connection:
            for number in numbers:
                for statement, row in zip(inserts, _rows(number), strict=True):
                    connection.execute(statement, row)
                connection.commit()

    return _per_second(work, commits)


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    try:
        yield connection
    finally:
        connection.close()


def _rows(number: int) -> tuple[tuple[object, ...], ...]:
    return (
        (number, f"{10_000_000_000 + number}", "9289653273", _FIELDS, "registered"),
        (number, 1, "register", _AT),
        (str(uuid.uuid4()), number, "6000000001", "g" * 200, "waiting"),
    )


def _per_second(work: Work, commits: int) -> float:
    """Divide the commits among the clients; return the commits per second of all together."""
    each = commits // CLIENTS
    threads = [
        threading.Thread(target=work, args=(iter(range(client * each, (client + 1) * each)),))
        for client in range(CLIENTS)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return each * CLIENTS / (time.perf_counter() - began)
