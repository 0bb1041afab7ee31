"""P10: taking in connections and bills with every check, against the engine's own way of loading the same files."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from sqlalchemy import select

from bench.databases import PostgreSQL, bound, settings, sqlite_fresh, with_reference_tables
from bench.measure import Goal, Pair, Row, Wishes, compared, in_turn
from wss.db import reading
from wss.domain import synthetic
from wss.domain.extracts import EXTRACTS
from wss.domain.tariff import Component, Rate
from wss.models import Office, TariffRow

P10 = Goal("P10", 0.20, at_least=True, is_share=True)
CONSTANT = Goal("P10", 1.1)
BILLS_EACH = 3
_SMALLER = 4
_TODAY = date(2026, 11, 24)
_TABLES = ("connections", "bills")


@dataclass(frozen=True)
class Files:
    """An extract of connections and one of their bills."""

    folder: Path
    connections: int

    def path(self, table: str) -> Path:
        """Where one of them lies."""
        return self.folder / f"{table}-{self.connections}.csv"

    @property
    def rows(self) -> int:
        """How many rows both have together."""
        return self.connections * (1 + BILLS_EACH)


@dataclass(frozen=True)
class Loaded:
    """How an import of both files went."""

    rows_per_second: float
    peak_mib: float


def measure(wishes: Wishes) -> list[Row]:
    """P10 on both engines, and that memory does not grow with the file."""
    empty = with_reference_tables(sqlite_fresh(wishes.folder, "reference"))
    postgresql = PostgreSQL(wishes.folder)
    with_reference_tables(postgresql.fresh("reference"))
    files = _written(Files(wishes.folder, wishes.connections), empty)
    smaller = _written(Files(wishes.folder, wishes.connections // _SMALLER), empty)

    def on_sqlite(which: Files) -> Loaded:
        return _imported(sqlite_fresh(wishes.folder, "importing", empty), which, wishes)

    def on_postgresql(which: Files) -> Loaded:
        return _imported(postgresql.fresh("importing", "reference"), which, wishes)

    def bare_sqlite() -> float:
        return _bare_sqlite(sqlite_fresh(wishes.folder, "loading"), files)

    bare = "`sqlite3 .import`" if shutil.which("sqlite3") else "Python's csv and executemany"
    what = f"import of {files.rows:,} connections and bills, all checks, "
    rows = [
        _row(what + f"SQLite, against {bare}", on_sqlite, bare_sqlite, files, wishes),
        _row(
            what + "PostgreSQL, against COPY",
            on_postgresql,
            lambda: _bare_postgresql(postgresql.fresh("loading"), files),
            files,
            wishes,
        ),
        _memory(on_sqlite, files, smaller),
    ]
    for name in ("importing", "loading"):
        sqlite_fresh(wishes.folder, name)
        postgresql.drop(name)
    return rows


def _row(
    what: str, ours: Callable[[Files], Loaded], bare: Callable[[], float], files: Files, wishes: Wishes
) -> Row:
    pairs = in_turn(lambda: ours(files).rows_per_second, bare, wishes.runs)
    return compared(P10, what, pairs, "rows per second")


def _memory(ours: Callable[[Files], Loaded], files: Files, smaller: Files) -> Row:
    pair = Pair(ours(files).peak_mib, ours(smaller).peak_mib)
    return compared(CONSTANT, f"peak memory of it, against a file of {smaller.rows:,} rows", [pair], "MiB")


def _imported(url: str, files: Files, wishes: Wishes) -> Loaded:
    """Both files through the site's import, each in a process of its own."""
    seconds, peak = 0.0, 0.0
    for table in _TABLES:
        told = subprocess.run(
            [sys.executable, "-m", "bench.extract", table, str(files.path(table))],
            env={**os.environ, **settings(url, wishes.folder)},
            check=True,
            capture_output=True,
            text=True,
        )
        found = json.loads(told.stdout)
        if found["refused"] or not found["new"]:
            raise RuntimeError(f"{table}: {told.stdout}")
        seconds, peak = seconds + found["seconds"], max(peak, found["peak_mib"])
    return Loaded(files.rows / seconds, peak)


def _bare_sqlite(url: str, files: Files) -> float:
    """The files into tables of text without a key or a check."""
    database = url.removeprefix("sqlite:///")
    began = time.perf_counter()
    for table in _TABLES:
        if shutil.which("sqlite3"):
            _shell(database, f'.import --csv "{files.path(table)}" {table}')
        else:
            _executemany(database, table, files.path(table))
    return files.rows / (time.perf_counter() - began)


def _shell(database: str, command: str) -> None:
    pragmas = ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"]
    subprocess.run(["sqlite3", database, *pragmas, command], check=True, capture_output=True)


def _executemany(database: str, table: str, path: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    with path.open(newline="", encoding="utf-8") as file, connection:
        rows = csv.reader(file)
        columns = next(rows)
        connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)
    connection.close()


def _bare_postgresql(url: str, files: Files) -> float:
    """The files into tables of text without a key or a check."""
    with psycopg.connect(url) as connection:
        for table in _TABLES:
            columns = ", ".join(f"{one.name} text" for one in EXTRACTS[table].columns)
            connection.execute(f"CREATE TABLE {table} ({columns})")
    began = time.perf_counter()
    with psycopg.connect(url) as connection:
        for table in _TABLES:
            with (
                files.path(table).open("rb") as file,
                connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)") as copy,
            ):
                while part := file.read(1 << 20):
                    copy.write(part)
    return files.rows / (time.perf_counter() - began)


def _written(files: Files, reference: str) -> Files:
    """The files, made up when they are not there yet."""
    if all(files.path(table).exists() for table in _TABLES):
        return files
    with bound(reference), reading() as session:
        offices = session.execute(
            select(Office.code).where(Office.level == "subdivision").order_by(Office.code)
        )
        codes = list(offices.scalars())
        rates = [_rate(row) for row in session.execute(select(TariffRow)).scalars()]
    world = synthetic.World(1, codes, rates, _TODAY, synthetic.last_billed_month(_TODAY))
    made = [synthetic.connection(world, index) for index in range(files.connections)]
    _write(files.path("connections"), "connections", made)
    newest = (
        bill
        for index, connection in enumerate(made)
        for bill in list(synthetic.bills(world, index, connection))[-BILLS_EACH:]
    )
    _write(files.path("bills"), "bills", newest)
    return files


def _write(path: Path, table: str, rows: Iterable[synthetic.Row]) -> None:
    making = path.with_suffix(".making")
    with making.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([one.name for one in EXTRACTS[table].columns])
        writer.writerows(rows)
    making.rename(path)


def _rate(row: TariffRow) -> Rate:
    return Rate(
        row.category,
        row.effective_from,
        Component(row.component),
        row.rate_paise,
        row.slab_from or 0,
        row.slab_to,
    )
