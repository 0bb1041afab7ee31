"""Counts of requests, refusals and failed logins, and what the database says of worker, imports and audit trail."""

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.factories import given
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.databases import unreachable_database
from tests.fixtures.registration import a_visitor, try_sign_in
from tests.fixtures.site import Visitor
from tests.project.tree import ROOT
from wss import db, metrics
from wss.config import Config
from wss.db import Database, transaction
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.domain.worker_duties import Duty, DutyState
from wss.models import AuditEntry
from wss.queries.worker_duties import TableImport, add_duty_runs, note_import
from wss.services.shared import rate_limits

TOKEN = "a token that only the watcher knows"
Watcher = Callable[[], str]


@pytest.fixture
def watcher(make_app: Callable[[Config], Flask], settings: Config) -> Watcher:
    """Return a function that reads the metrics with the token."""
    client = make_app(dataclasses.replace(settings, metrics_token=TOKEN)).test_client()
    return lambda: client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text


def value(text: str, series: str) -> float:
    """Return the value of a series; 0 if there is none."""
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0


@pytest.mark.parametrize(
    ("method", "path", "series"),
    [
        ("GET", "/t/SECRETTOKEN12", 'wss_requests_total{method="GET",rule="/t/<code>",status="404"}'),
        ("BREW", "/login", 'wss_requests_total{method="other",rule="unknown",status="405"}'),
        ("GET", "/nothing/here", 'wss_requests_total{method="GET",rule="unknown",status="404"}'),
    ],
)
def test_a_request_is_counted_by_its_rule_and_never_by_its_path(
    watcher: Watcher, visitor: Visitor, method: str, path: str, series: str
):
    before = value(watcher(), series)

    visitor.client.open(path, method=method)

    text = watcher()
    assert value(text, series) == before + 1
    assert "SECRETTOKEN12" not in text and "BREW" not in text and "/nothing" not in text


def test_the_time_of_requests_is_counted_by_rule(watcher: Watcher, visitor: Visitor):
    series = 'wss_request_duration_seconds_count{rule="/help"}'
    before = value(watcher(), series)

    visitor.get("/help")

    assert value(watcher(), series) == before + 1


def test_an_attempt_beyond_a_limit_is_counted_by_the_limit(watcher: Watcher):
    series = 'wss_limit_refusals_total{limit="track_number"}'
    before = value(watcher(), series)

    with transaction():
        for _ in range(ALLOWANCES[Limit.TRACK_NUMBER].times + 2):
            rate_limits.consume(Limit.TRACK_NUMBER, "10000000016")

    assert value(watcher(), series) == before + 2


def test_a_wrong_password_is_counted_as_a_failed_login(watcher: Watcher):
    series = 'wss_login_failures_total{kind="login"}'
    before = value(watcher(), series)

    try_sign_in(a_visitor(), "1234567890", "a wrong password")

    assert value(watcher(), series) == before + 1


def test_while_the_database_is_down_the_counts_are_still_shown(
    watcher: Watcher, monkeypatch: pytest.MonkeyPatch, database_url: str
):
    watcher()
    monkeypatch.setattr(db, "_database", unreachable_database(database_url))

    text = watcher()

    assert value(text, "wss_database_up") == 0
    assert value(text, 'wss_requests_total{method="GET",rule="/metrics",status="200"}') > 0


def test_connections_are_counted_while_they_are_open_and_used(database_url: str):
    metrics.start()
    own = Database(database_url)
    metrics.watch_database(own.engine)
    names = ("wss_database_connections", "wss_database_connections_used")

    def counts() -> list[float]:
        return [value(metrics.process_figures(), name) for name in names]

    opened, used = counts()
    with own.engine.connect():
        during = counts()
    after = counts()
    own.dispose()

    assert during == [opened + 1, used + 1]
    assert after == [opened + 1, used]
    assert counts() == [opened, used]


def test_a_connection_that_cannot_be_opened_is_not_counted_as_returned(database_url: str):
    metrics.start()
    absent = unreachable_database(database_url)
    metrics.watch_database(absent.engine)
    used, errors = "wss_database_connections_used", 'wss_database_errors_total{kind="OperationalError"}'
    before = metrics.process_figures()

    with pytest.raises(OperationalError):
        absent.engine.connect()

    after = metrics.process_figures()
    assert value(after, used) == value(before, used)
    assert value(after, errors) == value(before, errors) + 1


def test_overdue_and_failing_duties_of_the_worker_are_shown(
    watcher: Watcher, visitor: Visitor, frozen_clock: FrozenClock
):
    at, long_ago = frozen_clock.now, frozen_clock.now - timedelta(hours=1)
    with transaction():
        for duty in Duty:
            add_duty_runs(DutyState(duty, last_success_at=at, successes=1))
        add_duty_runs(DutyState(Duty.ESCALATE, long_ago, at, "OSError", 1500, 3, 2))

    text = watcher()

    assert value(text, 'wss_worker_duty_overdue{duty="escalate"}') == 1
    assert value(text, 'wss_worker_duty_overdue{duty="clean_up"}') == 0
    assert value(text, 'wss_worker_duty_failing{duty="escalate"}') == 1
    assert value(text, 'wss_worker_duty_duration_seconds{duty="escalate"}') == 1.5
    assert value(text, 'wss_worker_duty_runs_total{duty="escalate",result="failure"}') == 2
    ready = visitor.client.get("/readyz")
    assert (ready.status_code, ready.get_json()["overdue_duties"]) == (200, ["escalate"])


def test_the_age_of_an_import_and_the_lag_of_the_audit_trail_are_shown(
    watcher: Watcher, frozen_clock: FrozenClock
):
    at = frozen_clock.now
    with transaction():
        note_import(TableImport("bills", at - timedelta(hours=30), 7, 2))
    given(
        AuditEntry(
            at=at - timedelta(minutes=4), role="system", actor_id="", deed="import", subject="x", details={}
        )
    )

    text = watcher()

    assert value(text, 'wss_import_age_seconds{table="bills"}') == 30 * 3600
    assert value(text, 'wss_import_rows{table="bills",result="refused"}') == 2
    assert value(text, "wss_audit_lag_seconds") == 240


def test_the_documentation_says_what_an_alarm_of_each_metric_means(watcher: Watcher):
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")

    names = set(re.findall(r"^# TYPE (\w+) ", watcher(), re.MULTILINE))

    assert names == set(re.findall(r"^\| `(wss_\w+)", page, re.MULTILINE))
