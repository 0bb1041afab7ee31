"""The database: sessions, the only place that commits, and the same code for SQLite and PostgreSQL."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from threading import Lock
from typing import Any, ClassVar, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    TypeDecorator,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from wss.engines import LOCK_WAIT_MS, make_engine
from wss.prepared_statements import PreparedStatement, StatementCall, WriteSession, run_together

log = logging.getLogger(__name__)

# A big integer key that SQLite still generates automatically: there its type must be INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON().with_variant(JSONB(), "postgresql")


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite would return it without its time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC. Raises ValueError for a moment without a time zone, which is a bug of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base class of the tables; constraints are named by convention, so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UTCDateTime, dict[str, Any]: Json, list[str]: Json}


def _refuse_changes(_connection: Connection, statement: Any, *_: Any) -> None:
    if getattr(statement, "is_dml", False):
        raise RuntimeError("reading() changes nothing: open a transaction()")


class Database:
    """A database, with sessions for reading and transactions that may write."""

    def __init__(self, url: str, pool: int = 16, overflow: int = 64) -> None:
        """Configure the database; `pool` and `overflow` limit the connections of this process to PostgreSQL."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = make_engine(self.url, pool, overflow)
        # What the first health check found; another answer later is another database.
        self.identity: str | None = None
        self.writes = sessionmaker(
            self.engine.execution_options(wss_begin="BEGIN IMMEDIATE"),
            class_=WriteSession,
            expire_on_commit=False,
        )
        # Each statement of PostgreSQL sees what is committed, with or without a transaction around them: reading needs
        # none, which saves two round trips. And psycopg forgets all prepared statements when it rolls back.
        reading = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self.reading_engine = self.engine.execution_options(**reading)
        # It would be committed at once.
        event.listen(self.reading_engine, "before_execute", _refuse_changes)
        self.reads = sessionmaker(self.reading_engine, expire_on_commit=False)
        self._turn = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this process's turn to write.

        SQLite has one writer, and makes the others retry at growing intervals: with a queue sixteen threads write
        three times as much, and none waits a second for its turn.
        """
        # Another process may hold the file: after the longest wait the statement is tried anyway, and the database
        # answers "busy".
        has_turn = self.is_sqlite and self._turn.acquire(timeout=LOCK_WAIT_MS / 1000)
        try:
            yield
        finally:
            if has_turn:
                self._turn.release()

    def revision(self) -> str | None:
        """Return the newest migration that was run here; None for a database without tables."""
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


_database: Database | None = None
_open: ContextVar[WriteSession | None] = ContextVar("open_transaction", default=None)
_workbench: ContextVar[Connection | None] = ContextVar("workbench", default=None)
_reading: ContextVar["Reading | None"] = ContextVar("reading", default=None)


def configure(database: Database) -> Database:
    """Make this the database that session() and transaction() use."""
    global _database
    _database = database
    return database


def database() -> Database:
    """Return the configured database."""
    if _database is None:
        raise RuntimeError("no database is configured")
    return _database


class Reading:
    """What a request or a task reads: one transaction, and a session only for those who load entities."""

    def __init__(self, opened: Session | None = None) -> None:
        self._session = opened
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """Return the connection: the session's, or one of its own, which takes a third of the time."""
        if self._connection is not None:
            return self._connection
        if self._session is not None:
            return self._session.connection()
        self._connection = database().reading_engine.connect()
        self._connection.begin()
        return self._connection

    @property
    def session(self) -> Session:
        """Return the session; on the connection that was used before."""
        if self._session is None:
            self._session = database().reads(bind=self._connection or database().reading_engine)
        return self._session

    def begin(self) -> Token["Reading | None"]:
        """Make this what session() and core() read from."""
        return _reading.set(self)

    def release(self) -> None:
        """End the transaction and give the connection back. What was loaded stays readable."""
        if self._session is not None:
            # In this order: the next read sees what was written.
            self._session.expunge_all()
            self._session.rollback()
        if self._connection is not None:
            self._connection.close()
            self._session = self._connection = None

    def end(self, token: Token["Reading | None"]) -> None:
        """Stop reading.

        What was read stays valid when its connection is lost now, so that a finished page is still sent.
        """
        _reading.reset(token)
        try:
            if self._session is not None:
                self._session.close()
            if self._connection is not None:
                self._connection.close()
        except DBAPIError as error:
            log.warning("a connection was lost after reading: %s", type(error.orig).__name__)
            lost = self._connection or self._session
            if lost is not None:
                lost.invalidate()
        if self._connection is not None:
            self._connection.close()


def session() -> Session:
    """Return the session of the open transaction, otherwise the read session of this reading()."""
    writing = _open.get()
    if writing is None:
        return _current_reading().session
    if writing.deferred:
        writing.run()
    return writing


def _current_reading() -> Reading:
    current = _reading.get()
    if current is None:
        raise RuntimeError("no transaction() or reading() is open")
    return current


@contextmanager
def reading() -> Iterator[Session]:
    """Open a read session and close it at the end; within another reading or a transaction, use its session."""
    if _open.get() is not None or _reading.get() is not None:
        yield session()
        return
    fresh = Reading()
    token = fresh.begin()
    try:
        yield fresh.session
    finally:
        fresh.end(token)


@contextmanager
def snapshot() -> Iterator[Session]:
    """Open a read session in which every statement sees the same state of the database, however long it takes."""
    if _open.get() is not None or _reading.get() is not None:
        raise RuntimeError("a snapshot needs a session of its own")
    engine = database().engine
    if not database().is_sqlite:
        # A transaction of SQLite is a snapshot as it is.
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with Session(engine) as fresh:
        token = Reading(fresh).begin()
        try:
            yield fresh
        finally:
            _reading.reset(token)


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the transaction of one use case: everything in it is committed together, or nothing is. Never nested."""
    if _open.get() is not None:
        raise RuntimeError("a transaction is open already: use cases do not call each other")
    release_reading()
    with database().turn(), _committed(_begin("BEGIN IMMEDIATE")) as fresh:
        yield fresh


@contextmanager
def workbench() -> Iterator[None]:
    """Hold one connection over many transactions, so that its temporary tables persist until the end."""
    with database().engine.connect() as connection:
        connection.detach()
        if database().is_sqlite:
            # A checkpoint after every thousand pages would write the same index pages again and again.
            # Executed by the driver, so that no transaction begins.
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA wal_autocheckpoint=10000").close()
        token = _workbench.set(connection)
        try:
            yield
        finally:
            _workbench.reset(token)


@contextmanager
def scratch() -> Iterator[Session]:
    """Open a transaction on the workbench that writes to temporary tables only, and so blocks no other writer."""
    if _workbench.get() is None or _open.get() is not None:
        raise RuntimeError("scratch work needs a workbench and no open transaction")
    with _committed(_begin("BEGIN")) as fresh:
        yield fresh


@contextmanager
def _committed(fresh: WriteSession) -> Iterator[Session]:
    """Commit the open transaction at its end, or roll it back if an error is raised in it."""
    with fresh:
        token = _open.set(fresh)
        try:
            yield fresh
            if fresh.deferred:
                fresh.run()
            fresh.commit()
        finally:
            _open.reset(token)


def _begin(how: str) -> WriteSession:
    """Return a session that begins as required on SQLite; on the workbench it uses the existing connection."""
    bench = _workbench.get()
    if bench is None:
        return database().writes()
    return database().writes(bind=bench.execution_options(wss_begin=how))


def release_reading() -> None:
    """End the read snapshot and give its connection back.

    Reads after it see what was written since; called before what takes long, such as the arrival of a body.
    """
    outer = _reading.get()
    if outer is not None:
        outer.release()


def insert(table: Any) -> Any:
    """Return an INSERT of the bound backend with ON CONFLICT (same syntax on both, but separate classes)."""
    return sqlite.insert(table) if database().is_sqlite else postgresql.insert(table)


def core() -> Connection:
    """Return the connection of session(), for statements that load no entities."""
    return session().connection() if _open.get() is not None else _current_reading().connection


def run(*calls: StatementCall) -> list[Any]:
    """Execute prepared statements; return the first value of the row that each finds, None without one.

    On PostgreSQL they are one statement: none sees what another has changed.
    """
    writing = _open.get()
    return writing.run(*calls) if writing is not None else run_together(core(), list(calls))


def write_later(statement: PreparedStatement, given: dict[str, Any]) -> None:
    """Execute a statement before the next one of this transaction, or before its end, together with others."""
    writing = _open.get()
    if writing is None:
        raise RuntimeError("no transaction() is open")
    writing.deferred.append(StatementCall(statement, given))


def execute_count(statement: Any) -> int:
    """Run a statement that changes rows; return how many it changed."""
    changed: int = cast(CursorResult[Any], session().execute(statement)).rowcount
    return changed


def in_transaction() -> bool:
    """Return whether a transaction() is open in this context."""
    return _open.get() is not None
