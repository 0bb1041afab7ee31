"""Each duty of the worker runs whichever of the others fail, and its success or failure is stored."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from tests.fixtures.clocks import FrozenClock
from tests.fixtures.databases import unreachable_database
from wss import db
from wss.db import Database, reading
from wss.domain.worker_duties import Duty, DutyState
from wss.queries.worker_duties import duty_states
from wss.services.operations.worker_duties import DutyRunner


def fail() -> int:
    raise OSError("ESTALE")


def succeed() -> int:
    return 1


def state_of(duty: Duty) -> DutyState:
    with reading():
        return next(state for state in duty_states() if state.duty is duty)


def test_a_duty_that_fails_ends_none_of_the_others(database: Any, frozen_clock: FrozenClock):
    errors = DutyRunner().run_all({Duty.SCAN_DOCUMENTS: fail, Duty.ESCALATE: succeed})

    failed, done = state_of(Duty.SCAN_DOCUMENTS), state_of(Duty.ESCALATE)
    assert list(errors) == [Duty.SCAN_DOCUMENTS]
    assert (failed.last_failure_at, failed.last_success_at, failed.error) == (
        frozen_clock.now,
        None,
        "OSError",
    )
    assert (done.last_success_at, done.successes, done.error) == (frozen_clock.now, 1, "")


def test_a_success_after_a_failure_is_stored_at_once_and_keeps_the_time_of_the_failure(
    database: Any, frozen_clock: FrozenClock
):
    duties, began = DutyRunner(), frozen_clock.now
    duties.run_all({Duty.CLEAN_UP: fail})
    frozen_clock.advance(minutes=1)

    duties.run_all({Duty.CLEAN_UP: succeed})

    state = state_of(Duty.CLEAN_UP)
    assert (state.last_failure_at, state.last_success_at) == (began, began + timedelta(minutes=1))
    assert not state.is_failing and (state.successes, state.failures) == (1, 1)


def test_runs_of_a_frequent_duty_are_written_together_and_none_is_lost(database: Any):
    duties, other = DutyRunner(), DutyRunner()
    for _ in range(5):
        duties.run(Duty.DELIVER_MESSAGES, succeed)
    written = state_of(Duty.DELIVER_MESSAGES).successes
    other.run(Duty.DELIVER_MESSAGES, succeed)

    duties.flush()

    assert (written, state_of(Duty.DELIVER_MESSAGES).successes) == (1, 6)


def test_runs_during_an_outage_of_the_database_are_written_after_it(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    duties = DutyRunner()
    monkeypatch.setattr(db, "_database", unreachable_database(database_url))
    duties.run_all({Duty.CLEAN_UP: succeed})
    monkeypatch.setattr(db, "_database", database)

    duties.flush()

    assert state_of(Duty.CLEAN_UP).successes == 1


def test_the_log_has_a_line_when_a_duty_begins_to_fail_and_when_it_succeeds_again(
    database: Any, caplog: pytest.LogCaptureFixture
):
    duties = DutyRunner()
    with caplog.at_level(logging.WARNING):
        for task in (fail, fail, fail, succeed, succeed):
            duties.run_all({Duty.ESCALATE: task})

    assert [record.getMessage() for record in caplog.records] == [
        "the duty escalate: failing: OSError",
        "the duty escalate: works again, after 0 s (failures: 3)",
    ]
