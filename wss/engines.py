"""Engines of SQLAlchemy for SQLite and PostgreSQL, with the limits of the project."""

from typing import Any, cast

from sqlalchemy import URL, Engine, create_engine, event

from wss.database_connections import (
    NETWORK_LIMITS,
    POOL_STEP_S,
    LimitedPool,
    ServerSilence,
    connect,
    discard_unusable,
    refuse_outdated,
)
from wss.prepared_statements import execute_prepared, execute_several

LOCK_WAIT_MS = 5_000
STATEMENT_LIMIT_MS = 15_000


def make_engine(url: URL, pool: int, overflow: int) -> Engine:
    """Return the engine of a database; `pool` and `overflow` are the connections to PostgreSQL."""
    return _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _server_engine(url, pool, overflow)


def _server_engine(url: URL, pool: int, overflow: int) -> Engine:
    options = f"-c lock_timeout={LOCK_WAIT_MS} -c statement_timeout={STATEMENT_LIMIT_MS} -c timezone=UTC"
    # What the address says comes before these limits.
    limits = {name: value for name, value in NETWORK_LIMITS.items() if name not in url.query}
    silence = ServerSilence()
    engine = create_engine(
        url,
        # Personal data must not appear in the log with a failed statement.
        hide_parameters=True,
        poolclass=LimitedPool,
        pool_size=pool,
        max_overflow=overflow,
        pool_timeout=POOL_STEP_S,
        pool_recycle=300,
        pool_pre_ping=False,
        # Only what is marked is prepared: lists of offices of very different size need a plan of their own each time.
        connect_args={"options": options, "prepare_threshold": None, **limits},
    )
    limited = cast(LimitedPool, engine.pool)
    limited.silence, limited.most = silence, pool + overflow
    event.listen(
        engine, "do_connect", lambda _dialect, _record, _args, parameters: connect(parameters, silence)
    )
    event.listen(engine, "do_execute", execute_prepared)
    event.listen(engine, "checkout", refuse_outdated)
    event.listen(engine, "handle_error", discard_unusable)
    return engine


def _sqlite_engine(url: URL) -> Engine:
    # The driver stays in autocommit, and "begin" sets the kind: a deferred BEGIN that turns into a write cannot wait
    # for the lock and fails at once under load.
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=16,
        max_overflow=128,
        pool_timeout=10,
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": LOCK_WAIT_MS / 1000,
        },
    )
    event.listen(engine, "connect", _tune_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "do_execute", execute_several)
    return engine


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Set durability, many readers next to one writer, and enforced foreign keys."""
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={LOCK_WAIT_MS}",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Any) -> None:
    """Begin as the session requires: for reading, or for writing from the start."""
    how = connection.get_execution_options().get("wss_begin")
    if how is None:
        # A reading transaction never waits, so there is no error that SQLAlchemy would have to translate.
        connection.connection.dbapi_connection.execute("BEGIN").close()
    else:
        connection.exec_driver_sql(how)
