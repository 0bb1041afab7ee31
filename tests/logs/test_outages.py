"""An outage is a line at its beginning, at each change, and at its end."""

import logging

import pytest
from sqlalchemy.exc import OperationalError

from wss.logs.outages import note_failure, note_success

log = logging.getLogger("wss.outages")


class Terminated(Exception):
    """An error of PostgreSQL with its code."""

    sqlstate = "57P01"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_of_many_failures_the_first_is_logged_and_the_success_after_them(caplog: pytest.LogCaptureFixture):
    for _ in range(100):
        note_failure(log, "gateway x", "no answer")
    for _ in range(3):
        note_success(log, "gateway x")

    assert lines(caplog) == [
        "gateway x: failing: no answer",
        "gateway x: works again, after 0 s (failures: 100)",
    ]


def test_each_way_to_fail_is_logged_once_in_an_outage(caplog: pytest.LogCaptureFixture):
    for _ in range(5):
        note_failure(log, "messages", OperationalError("SELECT secret", {}, Terminated()))
        note_failure(log, "messages", OperationalError("SELECT secret", {}, ConnectionError()))
    note_success(log, "messages")

    assert lines(caplog)[:2] == ["messages: failing: Terminated 57P01", "messages: failing: ConnectionError"]
    assert len(caplog.records) == 3 and "secret" not in caplog.text


def test_a_fault_of_the_site_has_its_stack_trace_and_a_database_that_is_away_has_none(
    caplog: pytest.LogCaptureFixture,
):
    for error in (ValueError("a fault"), OperationalError("SELECT 1", {}, ConnectionError())):
        note_failure(log, "triage", error)
    note_success(log, "triage")

    assert [bool(record.exc_info) for record in caplog.records] == [True, False, False]


def test_parts_fail_for_themselves(caplog: pytest.LogCaptureFixture):
    note_failure(log, "scanner", "away")
    note_success(log, "billing system")
    note_success(log, "scanner")

    assert len(caplog.records) == 2
