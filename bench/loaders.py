"""The engines' own ways of loading a CSV file: `sqlite3 .import` and COPY, into tables without or with keys."""

import csv
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from wss.domain.extracts import EXTRACTS

Paths = Mapping[str, Path]

# The keys and indexes that the site's tables have, on columns of text.
_KEYS = {
    "connections": ", PRIMARY KEY (account_no)",
    "bills": ", PRIMARY KEY (bill_no), FOREIGN KEY (account_no) REFERENCES connections (account_no)",
}
_INDEXES = {
    "connections": (
        "INDEX by_office ON connections (subdivision_code)",
        "INDEX by_mobile ON connections (mobile)",
    ),
    "bills": (
        "INDEX by_month ON bills (account_no, bill_month)",
        "UNIQUE INDEX by_sbm_number ON bills (sbm_bill_no) WHERE sbm_bill_no <> ''",
    ),
}


def sqlite_loader() -> str:
    """Return what loads into SQLite on this machine."""
    return "`sqlite3 .import`" if shutil.which("sqlite3") else "Python's csv and executemany"


def seconds_in_sqlite(url: str, paths: Paths, *, keyed: bool) -> float:
    """Load the files into an empty database; return the seconds it took."""
    database = url.removeprefix("sqlite:///")
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    for statement in _statements(paths, keyed):
        connection.execute(statement)
    connection.close()
    load = _import_by_shell if shutil.which("sqlite3") else _import_by_python
    began = time.perf_counter()
    for table, path in paths.items():
        load(database, table, path)
    return time.perf_counter() - began


def seconds_in_postgresql(url: str, paths: Paths, *, keyed: bool) -> float:
    """Load the files into an empty database; return the seconds it took."""
    with psycopg.connect(url) as connection:
        for statement in _statements(paths, keyed):
            connection.execute(statement.encode())
    began = time.perf_counter()
    with psycopg.connect(url) as connection:
        for table, path in paths.items():
            command = f"COPY {table} FROM STDIN (FORMAT csv, HEADER)".encode()
            with path.open("rb") as file, connection.cursor().copy(command) as copy:
                while part := file.read(1 << 20):
                    copy.write(part)
    return time.perf_counter() - began


def _statements(paths: Paths, keyed: bool) -> list[str]:
    made = []
    for table in paths:
        columns = ", ".join(f"{one.name} text" for one in EXTRACTS[table].columns)
        made.append(f"CREATE TABLE {table} ({columns}{_KEYS[table] if keyed else ''})")
        made += [f"CREATE {index}" for index in _INDEXES[table]] if keyed else []
    return made


def _import_by_shell(database: str, table: str, path: Path) -> None:
    pragmas = ("PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")
    command = f'.import --csv --skip 1 "{path}" {table}'
    subprocess.run(["sqlite3", database, *pragmas, command], check=True, stdout=subprocess.DEVNULL)


def _import_by_python(database: str, table: str, path: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA foreign_keys=ON")
    with path.open(newline="", encoding="utf-8") as file, connection:
        rows = csv.reader(file)
        marks = ", ".join("?" * len(next(rows)))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    connection.close()
