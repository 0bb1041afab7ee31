"""P19: budgets that the worker checks in one pass: seconds for 100,000, memory that does not grow, no alert twice."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from sqlalchemy import func, select, update

from bench.alert_pass import NOON
from bench.benchmark_data import fill_budgets
from bench.databases import Engine, configured, engines, first_subdivision, reference_tables, settings
from bench.measure import BenchmarkOptions, Goal, Pair, Row, compared, informative, limited
from wss.db import reading, transaction
from wss.models import AlertChoice, Message

CONSTANT = Goal("P19", 1.1)
_SMALLER = 4
_EACH = 100_000


@dataclass(frozen=True)
class Pass:
    """The results of one pass over so many budgets."""

    budgets: int
    seconds: float
    peak_mib: float
    surplus: int

    @property
    def seconds_each(self) -> float:
        """Return the seconds for 100,000 budgets."""
        return self.seconds * _EACH / self.budgets


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P19 on both engines."""
    rows = []
    for engine in engines(options):
        sizes = (options.budgets, options.budgets // _SMALLER)
        rows += _rows(engine.name, *(_passed(engine, budgets, options) for budgets in sizes))
        engine.drop("budgets")
    return rows


def _rows(engine: str, whole: Pass, smaller: Pass) -> list[Row]:
    memory = [Pair(whole.peak_mib, smaller.peak_mib)]
    return [
        informative(
            "P19",
            f"one pass over {whole.budgets:,} budgets, an alert for half of them, for {_EACH:,} of them, {engine}",
            [whole.seconds_each],
            "s",
        ),
        compared(CONSTANT, f"peak memory of it, against {smaller.budgets:,} budgets", memory, "MiB"),
        limited("P19", "alerts missing or sent twice, after a second pass", [whole.surplus], 0, "alerts"),
    ]


def _passed(engine: Engine, budgets: int, options: BenchmarkOptions) -> Pass:
    url = engine.fresh("budgets", reference_tables(engine))
    with configured(url) as database:
        fill_budgets(database, first_subdivision(), budgets, NOON)
    first = _pass(url, options)
    with configured(url), transaction() as session:
        session.execute(update(AlertChoice).values(check_at=NOON))
    _pass(url, options)
    with configured(url), reading() as session:
        sent = session.execute(select(func.count()).select_from(Message)).scalar_one()
    if first["checked"] != budgets:
        raise RuntimeError(f"{first['checked']} of {budgets} budgets were checked")
    return Pass(budgets, first["seconds"], first["peak_mib"], abs(sent - budgets // 2))


def _pass(url: str, options: BenchmarkOptions) -> dict[str, float]:
    completed = subprocess.run(
        [sys.executable, "-m", "bench.alert_pass"],
        env={**os.environ, **settings(url, options.folder)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, float] = json.loads(completed.stdout)
    return found
