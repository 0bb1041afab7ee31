"""`python -m bench [P1 P3 …]`: measure the goals, or some of them, and print a table (docs/benchmarks.md)."""

import argparse
import json
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
BUSY = 0.5


def main() -> int:
    """Measure and print; return how many goals are not met. A quick run is never judged."""
    asked = _arguments().parse_args()
    if asked.quick:
        with TemporaryDirectory(prefix="bench") as folder:
            _measured(_chosen(asked), BenchmarkOptions.quick(Path(folder)))
        return 0
    given = {name.replace("-", "_"): value for name in _COUNTS if (value := getattr(asked, name.replace("-", "_"))) is not None}
    options = replace(BenchmarkOptions(asked.folder.resolve()), **given)
    options.folder.mkdir(parents=True, exist_ok=True)
    rows = _measured(_chosen(asked), options)
    _keep(rows, options)
    return sum(row.is_met is False for row in rows)


def _chosen(asked: argparse.Namespace) -> list[str]:
    return asked.goals or [name for name in GOALS if asked.peer or name not in PEER]


def _measured(chosen: list[str], options: BenchmarkOptions) -> list[Row]:
    print(_heading(options), flush=True)
    rows = []
    for name in chosen:
        for row in GOALS[name](options):
            print(row, flush=True)
            rows.append(row)
    return rows


def _heading(options: BenchmarkOptions) -> str:
    lines = [f"Machine: {machine.describe(PostgreSQL(options.folder).version)}; {options.runs} runs of each."]
    if machine.load_before() > BUSY:
        lines.append("The machine was busy before: these figures are not for quoting.")
    return "\n".join([*lines, "", HEAD, RULE])


def _keep(rows: list[Row], options: BenchmarkOptions) -> None:
    """Write every measured value to a file of its own, with the machine and the sizes."""
    at = datetime.now(UTC)
    sizes = {name: value for name, value in asdict(options).items() if name != "folder"}
    kept = {
        "at": at.isoformat(timespec="seconds"),
        "machine": machine.describe(PostgreSQL(options.folder).version),
        "load_after": machine.load_before(),
        "sizes": sizes,
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
        "--peer", action="store_true", help="install django-helpdesk in an environment of its own, and compare"
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
