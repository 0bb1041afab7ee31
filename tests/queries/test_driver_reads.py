"""Statements that the driver executes give what SQLAlchemy gives, and fail as its own do."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import exc, literal_column, select

from tests.factories import Household
from tests.fixtures.complaint_handling import NUMBER, resolve
from wss.db import core, reading
from wss.queries import (
    call_backs,
    codes,
    documents,
    late_requests,
    outcomes,
    revisions,
    service_requests,
    sessions,
    staff,
    timelines,
)
from wss.queries._driver_reads import DriverRead

AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
# A parameter for each name that one of the statements has.
ASKED: dict[str, Any] = {
    "complaint_no": NUMBER,
    "request_id": 1,
    "request": 1,
    "revision_id": 1,
    "consumer": 1,
    "consumer_id": 1,
    "office_code": "C1",
    "session_hash": "a" * 64,
    "token_hash": "a" * 64,
    "purpose": "track",
    "at": AT,
    "seen_after": AT,
    "ended_after": AT,
    "today": date(2026, 12, 1),
}
MODULES = (
    *(call_backs, codes, documents, late_requests, outcomes, revisions, service_requests),
    *(sessions, staff, timelines),
)
READS = [
    pytest.param(read, id=f"{module.__name__}.{name}")
    for module in MODULES
    for name, read in vars(module).items()
    if isinstance(read, DriverRead)
]


def rows(*row: Any) -> tuple[Any, ...]:
    """Return a row as it was read."""
    return row


@pytest.mark.parametrize("read", READS)
def test_the_rows_are_those_of_sqlalchemy(complainant: Household, read: DriverRead[Any]):
    resolve()
    statement = read.statement
    asked = {name: ASKED[name] for name in statement.compile().params if name in ASKED}
    with reading():
        found = [tuple(row) for row in core().execute(statement, asked)]

        assert DriverRead(statement, rows).all(**asked) == found


def test_a_refused_statement_raises_what_sqlalchemy_raises(database: Any):
    broken = DriverRead(select(literal_column("no_such_column")), rows)

    with reading(), pytest.raises(exc.DBAPIError):
        broken.all()
