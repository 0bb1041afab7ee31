"""`flask outbox deliver --once` does every duty, also when one of them fails."""

from typing import Any

import pytest
from flask import Flask

from tests.factories import MOBILE
from tests.fixtures.registration import messages
from wss.cli import worker
from wss.db import reading, transaction
from wss.domain.delivery import DeliveryState
from wss.domain.worker_duties import Duty
from wss.queries.worker_duties import duty_states
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
