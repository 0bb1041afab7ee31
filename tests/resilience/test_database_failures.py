"""PostgreSQL is silent, restarts, becomes read-only or has no connection left: no thread waits, 503, recovery."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic, sleep

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from tests.factories import MOBILE
from tests.fixtures.database_relay import DatabaseRelay
from tests.fixtures.site import Visitor
from wss import database_connections, db
from wss.config import Config
from wss.database_connections import patience
from wss.db import Database, reading
from wss.logs.log_lines import JsonFormatter, TextFormatter

pytestmark = pytest.mark.on("postgresql")
ONE = sa.text("SELECT 1")


@pytest.fixture
def relayed(relayed_url: str) -> Iterator[Database]:
    """Return the database by way of the relay, with one connection, which is open."""
    made = Database(relayed_url, pool=1, overflow=0)
    ask(made)
    yield made
    made.dispose()


def ask(database: Database, statement: sa.TextClause = ONE) -> object:
    with database.engine.connect() as connection:
        return connection.execute(statement).scalar()


def seconds_of_failure(database: Database, error: type[Exception]) -> float:
    began = monotonic()
    with pytest.raises(error):
        ask(database)
    return monotonic() - began


@contextlib.contextmanager
def changed(database: Database, setting: str) -> Iterator[None]:
    """Change a setting of the database for new connections."""
    name = database.url.database
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, options="-c default_transaction_read_only=off") as line:
        line.execute(f'ALTER DATABASE "{name}" SET {setting}')  # type: ignore[call-overload]
        database.dispose()
        try:
            yield
        finally:
            line.execute(f'ALTER DATABASE "{name}" RESET ALL')  # type: ignore[call-overload]


def test_a_health_check_gives_up_on_a_silent_server(relay: DatabaseRelay, relayed: Database):
    with relay.silent(), patience(0.2):
        seconds = seconds_of_failure(relayed, OperationalError)

    assert seconds < 1
    assert ask(relayed) == 1


def test_while_the_server_is_silent_a_request_without_a_connection_is_refused_at_once(
    relay: DatabaseRelay, relayed: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database_connections, "SILENT_S", 0.1)
    with ThreadPoolExecutor(1) as thread:
        with relay.silent():
            waiting = thread.submit(ask, relayed)
            sleep(0.3)
            seconds = seconds_of_failure(relayed, NoFreeConnection)
        answer = waiting.result()

    assert (seconds < 0.2, answer, ask(relayed)) == (True, 1, 1)


def test_a_page_that_was_read_is_sent_although_the_server_falls_silent_then(
    relay: DatabaseRelay, relayed: Database
):
    db.configure(relayed)
    with contextlib.ExitStack() as later, reading() as session:
        answer = session.execute(ONE).scalar()
        later.enter_context(relay.silent())
        later.enter_context(patience(0.1))

    assert (answer, ask(relayed)) == (1, 1)


def test_a_long_statement_of_a_server_that_works_is_waited_for(
    relayed: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database_connections, "ANSWER_S", 0.05)

    assert ask(relayed, sa.text("SELECT 1 FROM pg_sleep(0.3)")) == 1


def test_a_server_that_has_ended_the_idle_connections_is_asked_by_a_new_one(database: Database):
    first = ask(database, sa.text("SELECT pg_backend_pid()"))
    with psycopg.connect(
        database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as line:
        line.execute("SELECT pg_terminate_backend(%s, 1000)", [first])

    assert ask(database, sa.text("SELECT pg_backend_pid()")) != first


def test_a_read_only_database_is_503_until_it_is_writable_again(database: Database, visitor: Visitor):
    with changed(database, "default_transaction_read_only = on"):
        page = visitor.get("/login")
        ready = visitor.client.get("/readyz")

    assert (page.status, page.headers["Retry-After"], ready.status_code) == (503, "30", 503)
    assert (ready.get_json()["writable"], visitor.get("/login").status) == (False, 200)


def test_when_the_server_has_no_connection_left_pages_are_503(
    database: Database, make_app: Callable[[Config], Flask], settings: Config
):
    with database.engine.begin() as connection:
        connection.execute(sa.text("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0"))
    try:
        url = database.url.set(username="crowded").render_as_string(hide_password=False)
        client = make_app(replace(settings, database_url=url)).test_client()
        statuses = [client.get(path).status_code for path in ("/login", "/readyz", "/livez")]
    finally:
        with database.engine.begin() as connection:
            connection.execute(sa.text("DROP ROLE crowded"))

    assert statuses == [503, 503, 200]


def test_a_silent_database_leaves_the_process_alive_and_not_ready(
    relay: DatabaseRelay,
    relayed_url: str,
    make_app: Callable[[Config], Flask],
    settings: Config,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("wss.web.health.ANSWER_WITHIN_S", 0.2)
    client = make_app(replace(settings, database_url=relayed_url)).test_client()
    before = client.get("/readyz").status_code
    with relay.silent():
        answers = [client.get(path) for path in ("/livez", "/readyz")]

    assert (before, [answer.status_code for answer in answers]) == (200, [200, 503])
    assert answers[1].get_json()["database"] is False


@pytest.mark.parametrize("formatter", [JsonFormatter("web"), TextFormatter("web")])
def test_an_error_of_the_database_is_logged_without_the_values_that_it_quotes(
    empty_database_url: str, formatter: logging.Formatter
):
    engine = sa.create_engine(empty_database_url, hide_parameters=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE t (mobile text CONSTRAINT uq_t_mobile UNIQUE)")
        with pytest.raises(sa.exc.IntegrityError) as caught:
            connection.execute(sa.text("INSERT INTO t VALUES (:m), (:m)"), {"m": MOBILE})
    error = caught.value
    trace = (type(error), error, error.__traceback__)
    line = formatter.format(logging.LogRecord("wss.x", logging.ERROR, "x.py", 1, "%s", (error,), trace))
    engine.dispose()

    assert MOBILE not in line and line.count("UniqueViolation 23505 t uq_t_mobile") >= 2
