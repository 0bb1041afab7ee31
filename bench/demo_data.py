"""Demo data of any size, made by `flask demo load` on both engines at once."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from bench.databases import PostgreSQL, digest, kept_sqlite, settings
from wss import PROJECT
from wss.clock import local_date, now
from wss.db import Database

CONNECTIONS = 20_000
_MAKERS = (
    "wss/cli/demo*.py",
    "wss/demo/bulk.py",
    "wss/demo/request_history.py",
    "wss/demo/scenarios.py",
    "wss/demo/synthetic.py",
    "migrations/versions/*.py",
    "wss/demo/*.csv",
)


def demo_data(folder: Path, *counts: int) -> Mapping[str, Sequence[str]]:
    """Return, by engine, the URLs of databases with so many requests each.

    They are created again every day, since their history ends today.
    """
    mark = f"{local_date(now()):%Y%m%d}_{digest(_MAKERS)}"
    server = PostgreSQL(folder)

    def on_sqlite(count: int) -> str:
        return kept_sqlite(folder, f"demo-{count}-", mark, _loading(folder, count))

    def on_postgresql(count: int) -> str:
        return server.kept(f"demo_{count}_", mark, _loading(folder, count))

    with ThreadPoolExecutor() as pool:
        made = {
            "SQLite": pool.submit(_each, on_sqlite, counts),
            "PostgreSQL": pool.submit(_each, on_postgresql, counts),
        }
        return {engine: urls.result() for engine, urls in made.items()}


def _each(make: Callable[[int], str], counts: Sequence[int]) -> list[str]:
    return [make(count) for count in counts]


def _loading(folder: Path, count: int) -> Callable[[str], None]:
    def load(url: str) -> None:
        environ = {**os.environ, **settings(url, folder)}
        for words in (
            ["db", "upgrade"],
            ["demo", "load", f"--connections={CONNECTIONS}", f"--requests={count}"],
        ):
            subprocess.run(
                [sys.executable, "-m", "flask", "--app", "app", *words],
                cwd=PROJECT,
                env=environ,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        _settle(url)

    return load


def _settle(url: str) -> None:
    """Update the statistics of the planner, and vacuum, so that the server does not do it while it is measured."""
    database = Database(url)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))
    database.dispose()
