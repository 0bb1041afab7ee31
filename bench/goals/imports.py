"""P10: importing connections and bills with every check, against the engine's own way of loading the same rows."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from bench.databases import Engine, PostgreSQL, configured, engines, reference_tables, settings
from bench.loaders import LoadedTables
from bench.measure import BenchmarkOptions, Goal, Pair, Row, compared, in_turn
from wss.db import reading
from wss.demo import synthetic
from wss.domain.extracts import EXTRACTS
from wss.domain.tariff import Component, Rate
from wss.models import Office, TariffRow

P10 = Goal("P10", 0.60, at_least=True, is_share=True)
CONSTANT = Goal("P10", 1.1)
BILLS_EACH = 3
_SMALLER = 4
_TODAY = date(2026, 11, 24)
_TABLES, _STORED = ("connections", "bills"), ("connection", "bill")


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
    """The results of an import of both files, and the database that has them."""

    url: str
    rows_per_second: float
    peak_mib: float


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P10 on both engines, and that memory does not grow with the file."""
    return [row for engine in engines(options) for row in _on(engine, options)]


def _on(engine: Engine, options: BenchmarkOptions) -> list[Row]:
    """Compare with loading the rows that were imported into the site's own tables, with all their keys and indexes."""
    reference = reference_tables(engine)
    files, smaller = (
        _written(Files(options.folder, count), reference)
        for count in (options.connections, options.connections // _SMALLER)
    )
    imports: list[Loaded] = []

    def ours() -> float:
        imports.append(_imported(engine, reference, files, options))
        return imports[-1].rows_per_second

    def bare() -> float:
        loaded = LoadedTables(imports[-1].url, options.folder, _STORED)
        return files.rows / loaded.seconds(engine.fresh("loading", reference))

    pairs = in_turn(ours, bare, options.runs)
    peaks = Pair(
        max(one.peak_mib for one in imports), _imported(engine, reference, smaller, options).peak_mib
    )
    for name in ("importing", "loading"):
        engine.drop(name)
    way = "COPY" if isinstance(engine, PostgreSQL) else "sqlite3's executemany"
    what = f"import of {files.rows:,} connections and bills, all checks, {engine.name}"
    memory = f"peak memory of it, {engine.name}, against a file of {smaller.rows:,} rows"
    return [
        compared(
            P10, f"{what}, against {way} of the same rows into the same tables", pairs, "rows per second"
        ),
        compared(CONSTANT, memory, [peaks], "MiB"),
    ]


def _imported(engine: Engine, reference: str, files: Files, options: BenchmarkOptions) -> Loaded:
    """Import both files through the site's import, each in a process of its own."""
    url, seconds, peak = engine.fresh("importing", reference), 0.0, 0.0
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
    return Loaded(url, files.rows / seconds, peak)


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
