"""`python -m drill`: failures of a whole site under registrations; prints what they did to the visitors, as a table."""

import argparse
import re
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.databases import fill_in, with_reference_tables
from bench.keys import SECRET
from bench.machine import describe, load_before
from drill.database_server import DatabaseServer
from drill.failure_kinds import FAILURES, DrillFailure
from drill.outcomes import HEAD, RULE, DrillRow, Moments, acknowledged, outcome
from drill.registrations import CONSUMERS, registrations
from drill.steady_visitors import SteadyVisitors
from drill.stored import stored_rows, wait_until_delivered
from drill.whole_site import WholeSite
from wss import PROJECT

PAGE = PROJECT / "docs" / "operating.md"
MARKERS = ("<!-- failures: made by `make drill DRILL_ARGS=--write` -->", "<!-- end of failures -->")
BUSY = 0.5
BEFORE_S, AFTER_S = 6.0, 12.0
# From the last write that is due: a frozen server, a start of the site and pressing again fit in.
GIVEN_UP_AFTER_S = 180.0
_STOCK = "stock"
_WITH_MAIL = """
UPDATE consumer SET email = 'consumer' || id || '@example.in', email_verified_at = now(), email_alerts = true
"""


@dataclass(frozen=True, slots=True)
class DrillOptions:
    """What the command line asks for."""

    names: Sequence[str]
    writes: float
    seconds: float | None
    writes_page: bool

    def lasts(self, failure: DrillFailure) -> float:
        """Return how long a failure lasts."""
        return failure.seconds if self.seconds is None else self.seconds

    def name_of(self, failure: DrillFailure) -> str:
        """Return what the table calls a failure."""
        return f"{failure.what}, {self.lasts(failure):g} s"

    def consumers(self, failure: DrillFailure) -> int:
        """Return how many consumers register before, during and after a failure."""
        return min(CONSUMERS, round(self.writes * (BEFORE_S + self.lasts(failure) + AFTER_S)))


def main(arguments: Sequence[str]) -> int:
    """Try the failures, print the table; return 1 where a goal is missed."""
    options = asked(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Whatever ends the drill, the processes of its sites end too.
        signal.signal(number, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="wss-drill-") as folder:
        server = DatabaseServer(Path(folder) / "postgresql")
        try:
            rows, notes, text = _table(server, Path(folder), options)
        finally:
            server.stop()
    if options.writes_page:
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    faults = [f"{row.name}: {fault}" for row in rows for fault in row.faults]
    print(*(["", "Goals missed:", *faults] if faults else ["", "Every goal is met."]), *notes, sep="\n")
    return 1 if faults else 0


def _table(
    server: DatabaseServer, folder: Path, options: DrillOptions
) -> tuple[list[DrillRow], list[str], str]:
    """Try the failures, print each line; return the lines, what was not tried, and the text for the page."""
    version = server.run("SHOW server_version")[0][0]
    lines = [f"{options.writes:g} registrations a second; {describe(version)}.", *_busy(), "", HEAD, RULE]
    print(*lines, sep="\n", flush=True)
    fill_in(with_reference_tables(server.create(_STOCK)), 0, CONSUMERS)
    server.grant(_STOCK)
    rows, notes = list[DrillRow](), list[str]()
    for name in options.names:
        row = tried(server, name, folder, options)
        if isinstance(row, str):
            notes.append(row)
        else:
            rows.append(row)
            print(row, flush=True)
    return rows, notes, "\n".join([*lines, *map(str, rows), *(f"\n{note}" for note in notes)])


def _busy() -> Iterator[str]:
    """Yield a sentence if the machine is busy with something else."""
    load = load_before()
    if load > BUSY:
        yield f"The machine was busy (load {load:.0f}): pauses and recovery take longer than they would alone."


def asked(arguments: Sequence[str]) -> DrillOptions:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m drill", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=FAILURES, metavar="NAME", help=f"of {', '.join(FAILURES)}"
    )
    parser.add_argument("--writes", type=float, default=50.0, help="registrations a second")
    parser.add_argument("--seconds", type=float, help="how long a failure lasts; without it each has its own")
    parser.add_argument("--write", action="store_true", help="write the table into docs/operating.md")
    given = parser.parse_args(arguments)
    return DrillOptions(given.only or list(FAILURES), given.writes, given.seconds, given.write)


def tried(server: DatabaseServer, name: str, folder: Path, options: DrillOptions) -> DrillRow | str:
    """Try one failure on a site of its own; return its line, or a sentence where the kernel forbids it."""
    failure, database = FAILURES[name], f"drill_{name.replace('-', '_')}"
    owner_url = server.create(database, _STOCK)
    site = WholeSite(server, database, folder / name, SECRET)
    try:
        if failure.with_small_disk and not site.disk.mount():
            return f"Not tried, {failure.what}: the kernel does not allow to mount a small disk here."
        if failure.with_clock:
            site.application = "drill.moved_clock:app"
        if failure.with_mail:
            server.run(_WITH_MAIL, database)
        posts = registrations(owner_url, options.consumers(failure), with_photos=failure.with_photos)
        site.start()
        visitors = SteadyVisitors(site.port, posts, options.writes)
        moments = happened(site, failure, visitors, options.lasts(failure))
        wait_until_delivered(site)
        stored = stored_rows(site, set(acknowledged(visitors.tries)), visitors.with_photo)
        return outcome(options.name_of(failure), len(posts), visitors.tries, stored, moments)
    finally:
        site.stop()
        server.run(f"DROP DATABASE {database} WITH (FORCE)")


def happened(site: WholeSite, failure: DrillFailure, visitors: SteadyVisitors, seconds: float) -> Moments:
    """Let a failure happen while consumers register, and wait until they are through."""
    visitors.start()
    time.sleep(BEFORE_S)
    began = time.monotonic()
    with failure.happens(site, seconds):
        repaired = time.monotonic()
    visitors.finish(GIVEN_UP_AFTER_S)
    return Moments(began, repaired)


def with_table(page: str, table: str) -> str:
    """Return the text of the page with another table; raise ValueError if it has no place for it."""
    begin, end = MARKERS
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    text, count = place.subn(lambda _old: f"{begin}\n{table}\n{end}", page)
    if count != 1:
        raise ValueError(f"{PAGE.name} has {count} places for the table, not one")
    return text
