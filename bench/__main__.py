"""`python -m bench [P1 P3 …]`: measure the goals, or some of them, and print a table (docs/benchmarks.md)."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bench import machine
from bench.goals import (
    alerts,
    captcha,
    figures,
    imports,
    journeys,
    login,
    messages,
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
    "P5": registration.measure,
    "P7": login.measure,
    "P8": todo.measure,
    "P9": figures.measure,
    "P10": imports.measure,
    "P11": visits.measure,
    "P13": process.measure,
    "P14": messages.measure,
    "P17": captcha.measure,
    "P18": suggestions.measure,
    "P19": alerts.measure,
    "P20": journeys.measure,
}
USE_POSTGRESQL = {"P2", "P5", "P8", "P9", "P10", "P14", "P19"}
BUSY = 0.5


def main() -> int:
    """Measure and print; return how many goals are not met."""
    asked = _arguments().parse_args()
    options = BenchmarkOptions(
        requests=asked.requests,
        postgresql_requests=min(asked.requests, asked.postgresql_requests),
        runs=asked.runs,
        asked=asked.asked,
        connections=asked.connections,
        budgets=asked.budgets,
        folder=asked.folder.resolve(),
    )
    options.folder.mkdir(parents=True, exist_ok=True)
    chosen = asked.goals or list(GOALS)
    print(_heading(chosen, options), flush=True)
    rows = []
    for name in chosen:
        for row in GOALS[name](options):
            print(row, flush=True)
            rows.append(row)
    return sum(row.is_met is False for row in rows)


def _heading(chosen: list[str], options: BenchmarkOptions) -> str:
    postgresql = None
    if USE_POSTGRESQL & set(chosen):
        from bench.databases import PostgreSQL

        postgresql = PostgreSQL(options.folder).version
    lines = [f"Machine: {machine.describe(postgresql)}; {options.runs} runs of each."]
    if machine.load_before() > BUSY:
        lines.append("The machine was busy before: these figures are not for quoting.")
    return "\n".join([*lines, "", HEAD, RULE])


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("goals", nargs="*", metavar="GOAL", help=f"any of {', '.join(GOALS)}; without: all")
    parser.add_argument("--requests", type=int, default=2_000_000, help="stored service requests (SQLite)")
    parser.add_argument("--postgresql-requests", type=int, default=500_000, help="the same for PostgreSQL")
    parser.add_argument(
        "--runs", type=int, default=5, help="how often each is measured, in turn with its baseline"
    )
    parser.add_argument("--asked", type=int, default=2_000, help="requests that clients send in one run")
    parser.add_argument(
        "--connections", type=int, default=100_000, help="rows of the imported connections file"
    )
    parser.add_argument(
        "--budgets", type=int, default=1_000_000, help="budgets that the worker checks in one pass"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=PROJECT / "instance" / "bench",
        help="where databases are kept for the next run",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
