"""Demo data of any size, made by `flask demo load` on both engines at once."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from bench.databases import Engine, digest, engines, reference_tables, settings
from bench.measure import BenchmarkOptions
from wss import PROJECT
from wss.clock import local_date, now
from wss.db import Database

_MAKERS = (
    "wss/cli/demo*.py",
    "wss/demo/*.py",
    "migrations/versions/*.py",
    "wss/demo/*.csv",
)


def demo_data(options: BenchmarkOptions) -> Mapping[str, Mapping[int, str]]:
    """Return, by engine and count of requests, the URLs of databases of every size.

    They are created again every day, since their history ends today.
    """
    mark = f"{local_date(now()):%Y%m%d}_{options.demo_connections}_{digest(_MAKERS)}"

    def urls(engine: Engine) -> dict[int, str]:
        return {
            count: engine.kept(f"demo_{count}", mark, _loading(options, count), references[engine.name])
            for count in options.sizes(engine.name)
        }

    both = engines(options)
    # Filled by this process, which can use one database at a time.
    references = {engine.name: reference_tables(engine) for engine in both}
    with ThreadPoolExecutor() as pool:
        return dict(zip(references, pool.map(urls, both), strict=True))


def _loading(options: BenchmarkOptions, count: int) -> Callable[[str], None]:
    def load(url: str) -> None:
        subprocess.run(
            [
                *(sys.executable, "-m", "flask", "--app", "app", "demo", "load"),
                *(f"--connections={options.demo_connections}", f"--requests={count}"),
            ],
            cwd=PROJECT,
            # Only a site for development may have demo data.
            env={**os.environ, **settings(url, options.folder), "WSS_ENV": "development"},
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
