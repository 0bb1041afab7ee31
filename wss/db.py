"""The database: one door in, one place that commits, the same code on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

LOCK_WAIT_MS = 5_000
STATEMENT_LIMIT_MS = 15_000

# A big number that SQLite still counts by itself: its key must be called INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON().with_variant(JSONB(), "postgresql")


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite would hand it back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a moment without zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand out UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables; constraints are named by convention, so that migrations can name them too."""

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


class Database:
    """One database with its two ways in: reading, and a transaction that may write."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(url, self.is_sqlite)
        self.writes = sessionmaker(
            self.engine.execution_options(wss_begin="BEGIN IMMEDIATE"),
            expire_on_commit=False,
        )
        self.reads = sessionmaker(self.engine, expire_on_commit=False)
        self._turn = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this process's turn to write. SQLite has one writer, and makes the others knock at growing
        intervals: in a queue sixteen threads write three times as much, and none waits a second for its turn."""
        # Another process may hold the file: whoever has waited long enough asks the database itself, which says busy.
        has_turn = self.is_sqlite and self._turn.acquire(timeout=LOCK_WAIT_MS / 1000)
        try:
            yield
        finally:
            if has_turn:
                self._turn.release()

    def revision(self) -> str | None:
        """The newest migration that was run here; None for a database without tables."""
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str, is_sqlite: bool) -> Engine:
    """The engine of a backend, tuned as the house needs it."""
    if not is_sqlite:
        options = f"-c lock_timeout={LOCK_WAIT_MS} -c statement_timeout={STATEMENT_LIMIT_MS} -c timezone=UTC"
        return create_engine(
            url,
            hide_parameters=True,
            pool_size=16,
            max_overflow=64,
            pool_timeout=10,
            pool_recycle=300,
            pool_pre_ping=False,
            connect_args={"options": options},
        )
    # The driver stays in autocommit, and "begin" says which kind: a deferred BEGIN that turns into a write
    # cannot wait for the lock and fails at once under load.
    engine = create_engine(
        url,
        # Personal data must not reach the log with the statement that failed.
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
    return engine


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Durable, many readers beside one writer, foreign keys held."""
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={LOCK_WAIT_MS}",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Any) -> None:
    """Begin as the session wishes: reading, or writing from the start."""
    how = connection.get_execution_options().get("wss_begin")
    if how is None:
        # Reading never waits, so nothing can go wrong that SQLAlchemy would have to put into words.
        connection.connection.dbapi_connection.execute("BEGIN").close()
    else:
        connection.exec_driver_sql(how)


_database: Database | None = None
_open: ContextVar[Session | None] = ContextVar("open_transaction", default=None)
_bench: ContextVar[Connection | None] = ContextVar("workbench", default=None)
_reading: ContextVar[Session | None] = ContextVar("reading", default=None)


def bind(database: Database) -> Database:
    """Make this the database that session() and transaction() speak to."""
    global _database
    _database = database
    return database


def database() -> Database:
    """The bound database."""
    if _database is None:
        raise RuntimeError("no database is bound")
    return _database


def session() -> Session:
    """The open transaction's session, otherwise the read session of this reading()."""
    current = _open.get() or _reading.get()
    if current is None:
        raise RuntimeError("no transaction() or reading() is open")
    return current


@contextmanager
def reading() -> Iterator[Session]:
    """One read session, closed at its end; inside another reading or a transaction, that one's session."""
    outer = _open.get() or _reading.get()
    if outer is not None:
        yield outer
        return
    with database().reads() as fresh:
        token = _reading.set(fresh)
        try:
            yield fresh
        finally:
            _reading.reset(token)


@contextmanager
def transaction() -> Iterator[Session]:
    """One use case: everything in it is committed together, or nothing is. Never nested."""
    if _open.get() is not None:
        raise RuntimeError("a transaction is open already: use cases do not call each other")
    _end_reading()
    with database().turn(), _committed(_begin("BEGIN IMMEDIATE")) as fresh:
        yield fresh


@contextmanager
def workbench() -> Iterator[None]:
    """One connection held over many transactions, so that its temporary tables last; dropped at the end."""
    with database().engine.connect() as connection:
        connection.detach()
        if database().is_sqlite:
            # Writing the log back after every thousand pages would write the same index pages over and over.
            _driver(connection).execute("PRAGMA wal_autocheckpoint=10000").close()
        token = _bench.set(connection)
        try:
            yield
        finally:
            _bench.reset(token)


@contextmanager
def scratch() -> Iterator[Session]:
    """A transaction on the workbench that writes to temporary tables only, and so keeps nobody waiting."""
    if _bench.get() is None or _open.get() is not None:
        raise RuntimeError("scratch work needs a workbench and no open transaction")
    with _committed(_begin("BEGIN")) as fresh:
        yield fresh


@contextmanager
def _committed(fresh: Session) -> Iterator[Session]:
    """The open transaction, committed at its end or rolled back by whatever is raised in it."""
    with fresh:
        token = _open.set(fresh)
        try:
            yield fresh
            fresh.commit()
        finally:
            _open.reset(token)


def _begin(how: str) -> Session:
    """A session that begins as it should on SQLite; on the workbench it uses the connection that is there."""
    bench = _bench.get()
    if bench is None:
        return database().writes()
    return database().writes(bind=bench.execution_options(wss_begin=how))


def _driver(connection: Connection) -> Any:
    """The driver's own connection, for what must not begin a transaction."""
    return connection.connection.dbapi_connection


def _end_reading() -> None:
    """Let go of the read snapshot, so that what is read after the transaction is what it wrote."""
    outer = _reading.get()
    if outer is not None:
        # In this order: what was read stays readable, while the next read sees what was written.
        outer.expunge_all()
        outer.rollback()


def insert(table: Any) -> Any:
    """An INSERT of the bound backend, which knows ON CONFLICT (the two spell it alike, but own it each)."""
    return sqlite.insert(table) if database().is_sqlite else postgresql.insert(table)


def core() -> Connection:
    """The connection under session(), for the few statements that every registration waits for."""
    return session().connection()


def affected(statement: Any) -> int:
    """Run a statement that changes rows; how many it changed."""
    changed: int = cast(CursorResult[Any], session().execute(statement)).rowcount
    return changed


def in_transaction() -> bool:
    """Whether a transaction() is open here."""
    return _open.get() is not None
