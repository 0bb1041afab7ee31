"""Extracts of the demo data, written to files and imported like any other."""

import csv
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

from wss.clock import local_date, now
from wss.db import reading
from wss.demo.case_bills import PlacedCase, placed_cases
from wss.demo.disputed_cases import CASES, case_bills, case_connection
from wss.demo.synthetic import SyntheticWorld, bills, connection, last_billed_month
from wss.demo.written_cases import WRITTEN_CASES
from wss.domain.extracts import EXTRACTS
from wss.queries.demo import subdivision_codes
from wss.queries.reference import reference
from wss.services.reference.imports import ImportOrder, import_extract

ProgressCallback = Callable[[str, int, int], None]
TABLES = tuple(table for table in EXTRACTS if table not in ("connections", "bills", "texts"))


def import_tables() -> None:
    """Import the reference tables in wss/demo."""
    for table in TABLES:
        _import(table, Path(str(files("wss") / "demo" / f"{table}.csv")), _no_progress)


def _no_progress(stage: str, done: int, total: int) -> None:
    """Show no progress, for tables that load at once."""


def world_of_seed(seed: int) -> SyntheticWorld:
    """Return the inputs for synthetic connections, read from the imported tables."""
    today = local_date(now())
    with reading():
        return SyntheticWorld(seed, subdivision_codes(), reference().rates, today, last_billed_month(today))


def written_cases(world: SyntheticWorld, how_many: int) -> list[PlacedCase]:
    """Return the written cases with their connections, which follow those of the other cases."""
    with reading():
        return placed_cases(world, how_many + len(CASES), WRITTEN_CASES, reference().calendar)


def import_connections(
    world: SyntheticWorld,
    how_many: int,
    written: Sequence[PlacedCase],
    folder: Path,
    report: ProgressCallback,
) -> None:
    """Write connections and their bills as extracts to a folder, and import them."""
    paths = {table: folder / f"{table}.csv" for table in ("connections", "bills")}
    _write(world, how_many, written, paths, report)
    for table, path in paths.items():
        _import(table, path, report)


def _write(
    world: SyntheticWorld,
    how_many: int,
    written: Sequence[PlacedCase],
    paths: dict[str, Path],
    report: ProgressCallback,
) -> None:
    with ExitStack() as open_files:
        writers = {
            table: csv.writer(open_files.enter_context(path.open("w", newline="", encoding="utf-8")))
            for table, path in paths.items()
        }
        for table, writer in writers.items():
            writer.writerow(EXTRACTS[table].names)
        for index in range(how_many):
            row = connection(world, index)
            writers["connections"].writerow(row)
            writers["bills"].writerows(bills(world, index, row))
            if index % 500 == 0:
                report("connections and bills", index, how_many)
        for index, case in enumerate(CASES, start=how_many):
            row = case_connection(world, index)
            writers["connections"].writerow(row)
            writers["bills"].writerows(case_bills(world, case, index, row))
        for placed in written:
            writers["connections"].writerow(placed.connection)
            writers["bills"].writerows(placed.bills())


def _progress_of(table: str, report: ProgressCallback) -> ProgressCallback:
    def report_table(stage: str, done: int, total: int) -> None:
        report(f"{table}: {stage}", done, total)

    return report_table


def _import(table: str, path: Path, report: ProgressCallback) -> None:
    outcome = import_extract(ImportOrder(table, path, progress=_progress_of(table, report)))
    if not outcome.written:
        raise RuntimeError(f"{path.name}: {outcome.refusals[:3]}")
