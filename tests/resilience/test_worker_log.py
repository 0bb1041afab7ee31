"""The log of a worker whose PostgreSQL goes away: a line for each task when it goes, and one when it is back."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa

from tests.fixtures.databases import EmptiedDatabase
from tests.fixtures.message_servers import RecordingSender, gateways_with
from wss import db
from wss.cli import worker
from wss.logs.log_lines import JsonFormatter
from wss.logs.outages import note_success
from wss.services.messages.outbox import Outbox

pytestmark = pytest.mark.on("postgresql")
TASKS = {"messages 1", "messages 2", "e-mail", "billing", "triage", "alerts"}
PATIENCE_S = 30


@pytest.fixture
def refuse_connections(
    database: db.Database, postgresql_server: Any, postgresql_database: EmptiedDatabase
) -> Iterator[Callable[[bool], None]]:
    """Provide a function that ends the connections of the database and refuses new ones, or accepts them again."""
    engine = sa.create_engine(postgresql_server.get_uri(), isolation_level="AUTOCOMMIT")
    name = database.url.database

    def set_refused(is_refused: bool) -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {not is_refused}')
            if is_refused:
                ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
                connection.execute(sa.text(ended), {"name": name})

    yield set_refused
    set_refused(False)
    for each in (engine, database.engine, postgresql_database.engine):
        each.dispose()


def parts(caplog: pytest.LogCaptureFixture, field: str) -> set[str]:
    """Return the parts of all lines that have a field."""
    return {record.__dict__["part"] for record in caplog.records if field in record.__dict__}


def until(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    for _ in range(PATIENCE_S * 20):
        if condition():
            return
        sleep(0.05)
    raise AssertionError("it has not happened")


def test_an_outage_of_the_database_is_a_few_lines_without_stack_traces(
    refuse_connections: Callable[[bool], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    for name in ("PAUSE_S", "FOLD_EVERY_S", "POST_EVERY_S", "ALERTS_EVERY_S"):
        monkeypatch.setattr(worker, name, 0.01)
    caplog.set_level(logging.WARNING)
    gateways = gateways_with(RecordingSender(), tmp_path)
    outbox = Outbox(gateways, "https://wss.example.in")
    thread = threading.Thread(target=worker.work, args=(outbox, gateways), kwargs={"close_on_silence": False})
    thread.start()
    try:
        refuse_connections(True)
        until(lambda: parts(caplog, "cause") >= TASKS)
        refuse_connections(False)
        until(lambda: parts(caplog, "outage_s") >= TASKS)
    finally:
        outbox.stop.set()
        thread.join(PATIENCE_S)
    # Duties of the housekeeping run once a minute only.
    for part in parts(caplog, "cause"):
        note_success(worker.log, part)

    lines = [json.loads(JsonFormatter("worker").format(record)) for record in caplog.records]
    # A task may be refused in two ways: in the middle of a statement, and when it connects.
    assert len(lines) <= 3 * len(parts(caplog, "cause")) and not any("trace" in line for line in lines)
