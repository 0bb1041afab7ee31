"""`flask outbox deliver --once` does every duty, also when one of them fails."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.factories import MOBILE
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.registration import messages
from wss.cli import worker
from wss.db import reading, transaction
from wss.domain.delivery import DeliveryState
from wss.domain.worker_duties import Duty, DutyState
from wss.queries.worker_duties import add_duty_runs, duty_states
from wss.services.messages.notices import Recipient, queue_notice


def test_once_stores_a_success_of_every_duty(app: Flask):
    ended = app.test_cli_runner().invoke(args=["outbox", "deliver", "--once"])

    with reading():
        states = duty_states()
    assert ended.exit_code == 0, ended.output
    assert [state.duty for state in states if state.last_success_at is None] == []
    assert {state.duty for state in states} == set(Duty)


def test_a_duty_that_fails_does_not_keep_messages_from_being_sent(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_of: Any) -> None:
        raise OSError

    monkeypatch.setattr(worker, "scan_documents", fail)
    with transaction():
        queue_notice("hold_ended", Recipient("en", MOBILE), {})

    ended = app.test_cli_runner().invoke(args=["outbox", "deliver", "--once"])

    assert [message.state for message in messages()] == [DeliveryState.SENT]
    assert ended.exit_code == 1 and "Failed: scan_documents (OSError)." in ended.output


def worker_texts(app: Flask) -> list[str]:
    findings = json.loads(app.test_cli_runner().invoke(args=["doctor", "--json"]).output)
    return [f"{each['weight']}: {each['text']}" for each in findings if each["check"] == "worker"]


def test_the_doctor_warns_of_a_site_without_a_worker_and_names_duties_that_fail(
    app: Flask, frozen_clock: FrozenClock
):
    before = worker_texts(app)
    with transaction():
        for duty in set(Duty) - {Duty.SCAN_DOCUMENTS}:
            add_duty_runs(DutyState(duty, last_success_at=frozen_clock.now, successes=1))
        add_duty_runs(
            DutyState(Duty.ESCALATE, None, frozen_clock.now + timedelta(seconds=1), "OSError", failures=1)
        )
        add_duty_runs(DutyState(Duty.CLEAN_UP, frozen_clock.now - timedelta(days=1)))
    after = worker_texts(app)
    frozen_clock.advance(days=1)

    assert before == ["warning: no worker has run yet: start `flask --app app outbox deliver`"]
    assert sorted(after) == [
        "error: the duty clean_up has not succeeded since 23-11-2026 10:00 UTC: see docs/metrics.md",
        "error: the duty escalate fails (OSError): the worker's log has the reason",
        "warning: the duty scan_documents has not run yet: restart the worker with this version",
    ]
    [text] = worker_texts(app)
    assert text.startswith("error: no duty of the worker has succeeded of late")
