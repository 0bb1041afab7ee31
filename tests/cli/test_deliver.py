"""`flask outbox deliver` as a process: on SIGTERM it finishes its current messages and releases the others."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.databases import SECRET
from tests.fixtures.message_servers import SmsGateway, plain_answer
from tests.fixtures.registration import messages
from tests.fixtures.site_process import environment
from tests.project.tree import ROOT
from wss.db import transaction
from wss.domain.delivery import DeliveryState
from wss.services.messages.notices import Recipient, queue_notice

PATIENCE_S = 60
# More than one claim, and more than there are threads.
QUEUED = 24


@pytest.fixture
def queued(database: Any) -> int:
    """Queue messages and return their number."""
    with transaction():
        for number in range(QUEUED):
            queue_notice("hold_ended", Recipient("en", f"{9000000000 + number}"), {})
    return QUEUED


@pytest.fixture
def deliver(
    database_url: str, sms_gateway: SmsGateway, tmp_path: Path
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts the command."""
    started: list[subprocess.Popen[str]] = []

    def deliver(*options: str) -> subprocess.Popen[str]:
        own = environment(
            tmp_path,
            WSS_ENV="development",
            WSS_SECRET_KEY=SECRET,
            WSS_DATABASE_URL=database_url,
            WSS_SMS_BACKEND="http",
            WSS_SMS_URL=sms_gateway.url,
            WSS_SMS_TOKEN="t",
        )
        command = [sys.executable, "-m", "flask", "--app", "app", "outbox", "deliver", *options]
        process = subprocess.Popen(
            command, cwd=ROOT, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return process

    yield deliver
    for process in started:
        process.kill()
        process.communicate()


def until(condition: Callable[[], Any]) -> None:
    """Wait until the condition holds."""
    give_up = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < give_up, "it has not come to that"
        time.sleep(0.02)


def hold(gateway: SmsGateway) -> threading.Event:
    """Make the gateway delay all answers until the event is set."""
    let_go = threading.Event()

    def answer(line: BaseHTTPRequestHandler) -> None:
        let_go.wait(PATIENCE_S)
        plain_answer(line, 202)

    gateway.answer = answer
    return let_go


@pytest.mark.parametrize("options", [(), ("--once",)])
def test_a_stopped_worker_loses_nothing_sends_nothing_twice_and_exits_with_0(
    queued: int, deliver: Any, sms_gateway: SmsGateway, options: tuple[str, ...]
):
    let_go = hold(sms_gateway)
    process = deliver(*options)
    until(lambda: sms_gateway.asked)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    still_there = process.poll() is None
    let_go.set()
    output, _ = process.communicate(timeout=PATIENCE_S)

    asked = len(sms_gateway.asked)
    states = [(message.state, message.leased_until, message.attempts) for message in messages()]
    assert (still_there, process.returncode) == (True, 0), output
    assert 0 < asked < queued
    assert sorted(states) == sorted(
        [(DeliveryState.SENT, None, 1)] * asked + [(DeliveryState.WAITING, None, 0)] * (queued - asked)
    )
    assert "Traceback" not in output


def test_a_worker_with_nothing_left_to_do_ends_at_once(queued: int, deliver: Any):
    process = deliver()
    until(lambda: {message.state for message in messages()} == {DeliveryState.SENT})
    process.send_signal(signal.SIGINT)

    assert process.wait(PATIENCE_S) == 0
