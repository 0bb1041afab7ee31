"""`python -m bench [P1 P3 …]`: measure the goals, or some of them, and print a table (docs/benchmarks.md)."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import machine
from bench.databases import PostgreSQL
from bench.goals import (
    alerts,
    captcha,
    figures,
    growth,
    imports,
    journey_rate,
    journeys,
    line_speed,
    login,
    messages,
    peer,
    process,
    registration,
    suggestions,
    timeline,
    todo,
    visits,
)
from bench.measure import HEAD, RULE, BenchmarkOptions, Row
from wss import PROJECT

GOALS: dict[str, Callable[[BenchmarkOptions], list[Row]]] = {
    "P1": timeline.on_sqlite,
    "P2": timeline.on_postgresql,
    "P3": timeline.refresh,
    "P4": peer.pages,
    "P5": registration.cost,
    "P5b": registration.rate,
    "P6": peer.registering,
    "P7": login.measure,
    "P8": todo.measure,
    "P9": figures.measure,
    "P10": imports.measure,
    "P11": visits.measure,
    "P12": line_speed.measure,
    "P13": process.measure,
    "P14": messages.measure,
    "P15": growth.measure,
    "P16": journey_rate.measure,
    "P17": captcha.measure,
    "P18": suggestions.measure,
    "P19": alerts.measure,
    "P20": journeys.measure,
}
# Against another program with packages of its own, which are installed first.
PEER = {"P4", "P6"}
# These take half of a quick run; P8, P9 and P15 share the demo data.
SLOW = {"P8", "P9", "P13", "P15", "P16", "P19", "P20"}
BUSY = 0.5


def main() -> int:
    """Measure and print; return how many goals are not met. A quick run is not judged: its figures mean nothing."""
    asked = _arguments().parse_args()
    chosen = asked.goals or [name for name in GOALS if asked.peer or name not in PEER]
    if asked.quick:
        return _quick(chosen)
    given = {name.replace("-", "_"): getattr(asked, name.replace("-", "_")) for name in _COUNTS}
    sizes = {name: value for name, value in given.items() if value is not None}
    options = replace(BenchmarkOptions(asked.folder.resolve()), **sizes)
    options.folder.mkdir(parents=True, exist_ok=True)
    postgresql = PostgreSQL(options.folder)
    print(_heading(machine.describe(postgresql.version), options), flush=True)
    rows: list[Row] = []
    try:
        _measure(chosen, options, rows)
    finally:
        # Hours of measurements are kept if a later one fails.
        _keep(rows, machine.describe(postgresql.version), options)
    return sum(row.is_met is False for row in rows)


def _quick(chosen: list[str]) -> int:
    """Run goals at their smallest, in two processes; return the status of the one that fails, or 0."""
    parts = [
        part for part in ([n for n in chosen if n not in SLOW], [n for n in chosen if n in SLOW]) if part
    ]
    if len(parts) == 1:
        with TemporaryDirectory(prefix="bench") as folder:
            # The server of PostgreSQL runs as a user of its own.
            Path(folder).chmod(0o755)
            _measure(chosen, BenchmarkOptions.quick(Path(folder)), [])
        return 0
    print("The smallest sizes: what runs, not what it costs.", HEAD, RULE, sep="\n", flush=True)
    started = [subprocess.Popen([sys.executable, "-m", "bench", "--quick", *part]) for part in parts]
    return max(abs(one.wait()) for one in started)


def _measure(chosen: list[str], options: BenchmarkOptions, rows: list[Row]) -> None:
    """Measure goals; print each row and add it."""
    for name in chosen:
        for row in GOALS[name](options):
            print(row, flush=True)
            rows.append(row)


def _heading(described: str, options: BenchmarkOptions) -> str:
    lines = [f"Machine: {described}; {options.runs} runs of each."]
    if machine.load_before() > BUSY:
        lines.append("The machine was busy before: these figures are not for quoting.")
    return "\n".join([*lines, "", HEAD, RULE])


def _keep(rows: list[Row], described: str, options: BenchmarkOptions) -> None:
    """Write every measured value to a file of its own, with the machine and the sizes."""
    at = datetime.now(UTC)
    kept = {
        "at": at.isoformat(timespec="seconds"),
        "machine": described,
        "load_after": machine.load_before(),
        "sizes": {name: value for name, value in asdict(options).items() if name != "folder"},
        "rows": [asdict(row) for row in rows],
    }
    path = options.folder / "results" / f"{at:%Y%m%d-%H%M%S}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"\nEvery value: {path}")


_COUNTS = {
    "requests": "stored service requests (SQLite)",
    "postgresql-requests": "the same for PostgreSQL",
    "most-requests": "stored requests on PostgreSQL for goals about growth",
    "runs": "how often each is measured, in turn with its baseline",
    "asked": "requests that clients send in one run",
    "connections": "rows of the imported connections file",
    "budgets": "budgets that the worker checks in one pass",
}


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("goals", nargs="*", metavar="GOAL", help=f"any of {', '.join(GOALS)}; without: all")
    for name, what in _COUNTS.items():
        parser.add_argument(f"--{name}", type=int, help=what)
    parser.add_argument(
        "--quick", action="store_true", help="every goal at its smallest: whether it runs, not what it costs"
    )
    parser.add_argument(
        "--peer",
        action="store_true",
        help="install django-helpdesk in an environment of its own, and compare",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=PROJECT / "instance" / "bench",
        help="where databases and results are kept",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
