"""P10: importing connections and bills with every check, against the engine's own way of loading the same files."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from bench.databases import PostgreSQL, configured, settings, sqlite_fresh, with_reference_tables
from bench.loaders import seconds_in_postgresql, seconds_in_sqlite, sqlite_loader
from bench.measure import BenchmarkOptions, Goal, Pair, Row, compared, in_turn
from wss.db import reading
from wss.demo import synthetic
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
        """Return the path of one of them."""
        return self.folder / f"{table}-{self.connections}.csv"

    @property
    def paths(self) -> dict[str, Path]:
        """Return both paths, in the order in which they can be imported."""
        return {table: self.path(table) for table in _TABLES}

    @property
    def rows(self) -> int:
        """Return how many rows both have together."""
        return self.connections * (1 + BILLS_EACH)


@dataclass(frozen=True)
class Loaded:
    """The results of an import of both files."""

    rows_per_second: float
    peak_mib: float


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P10 on both engines, and that memory does not grow with the file."""
    empty = with_reference_tables(sqlite_fresh(options.folder, "reference"))
    postgresql = PostgreSQL(options.folder)
    with_reference_tables(postgresql.fresh("reference"))
    files = _written(Files(options.folder, options.connections), empty)
    smaller = _written(Files(options.folder, options.connections // _SMALLER), empty)

    def on_sqlite(which: Files) -> Loaded:
        return _imported(sqlite_fresh(options.folder, "importing", empty), which, options)

    def on_postgresql(which: Files) -> Loaded:
        return _imported(postgresql.fresh("importing", "reference"), which, options)

    def bare_sqlite(keyed: bool) -> float:
        return seconds_in_sqlite(sqlite_fresh(options.folder, "loading"), files.paths, keyed=keyed)

    def bare_postgresql(keyed: bool) -> float:
        return seconds_in_postgresql(postgresql.fresh("loading"), files.paths, keyed=keyed)

    rows = [
        *_rows(f"SQLite, against {sqlite_loader()}", on_sqlite, bare_sqlite, files, options),
        *_rows("PostgreSQL, against COPY", on_postgresql, bare_postgresql, files, options),
        _memory(on_sqlite, files, smaller),
    ]
    for name in ("importing", "loading"):
        sqlite_fresh(options.folder, name)
        postgresql.drop(name)
    return rows


def _rows(
    engine: str,
    ours: Callable[[Files], Loaded],
    bare_seconds: Callable[[bool], float],
    files: Files,
    options: BenchmarkOptions,
) -> list[Row]:
    """Compare with tables without a key, which decides, and with tables with the site's keys, for information."""
    keyed = []

    def plain_then_keyed() -> float:
        plain = files.rows / bare_seconds(False)
        keyed.append(files.rows / bare_seconds(True))
        return plain

    pairs = in_turn(lambda: ours(files).rows_per_second, plain_then_keyed, options.runs)
    with_keys = [Pair(pair.ours, rate) for pair, rate in zip(pairs, keyed, strict=True)]
    what = f"import of {files.rows:,} connections and bills, all checks, {engine}"
    informal = Goal(P10.name, None, is_share=True)
    unit = "rows per second"
    return [
        compared(P10, f"{what} into tables of text without keys", pairs, unit),
        compared(informal, "the same, into tables with the same keys and indexes", with_keys, unit),
    ]


def _memory(ours: Callable[[Files], Loaded], files: Files, smaller: Files) -> Row:
    pair = Pair(ours(files).peak_mib, ours(smaller).peak_mib)
    return compared(CONSTANT, f"peak memory of it, against a file of {smaller.rows:,} rows", [pair], "MiB")


def _imported(url: str, files: Files, options: BenchmarkOptions) -> Loaded:
    """Import both files through the site's import, each in a process of its own."""
    seconds, peak = 0.0, 0.0
    for table in _TABLES:
        completed = subprocess.run(
            [sys.executable, "-m", "bench.extract", table, str(files.path(table))],
            env={**os.environ, **settings(url, options.folder)},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        found = json.loads(completed.stdout)
        if found["refused"] or not found["new"]:
            raise RuntimeError(f"{table}: {completed.stdout}")
        seconds, peak = seconds + found["seconds"], max(peak, found["peak_mib"])
    return Loaded(files.rows / seconds, peak)


def _written(files: Files, reference: str) -> Files:
    """Return the files; generate them if they do not exist yet."""
    if all(files.path(table).exists() for table in _TABLES):
        return files
    with configured(reference), reading() as session:
        offices = session.execute(
            select(Office.code).where(Office.level == "subdivision").order_by(Office.code)
        )
        codes = list(offices.scalars())
        rates = [_rate(row) for row in session.execute(select(TariffRow)).scalars()]
    world = synthetic.SyntheticWorld(1, codes, rates, _TODAY, synthetic.last_billed_month(_TODAY))
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
