"""The worker's rounds: a slow task never delays the delivery of codes."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories import MOBILE
from tests.fixtures.message_servers import RecordingSender, gateways_with
from tests.fixtures.registration import messages
from wss.cli import worker
from wss.db import transaction
from wss.domain.delivery import DeliveryState
from wss.gateways import Gateways
from wss.gateways.senders import Parcel
from wss.models import Message
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.outbox import Outbox

PATIENCE_S = 30


class RunningWorker:
    """A worker in a thread, whose senders signal each message."""

    def __init__(self, folder: Path) -> None:
        self.sms, self.mail = RecordingSender(), RecordingSender()
        self.hangs = threading.Event()
        self.was_sent = threading.Event()
        self.sms.troubles = lambda _parcel: self.was_sent.set()
        base = gateways_with(self.sms, folder)
        self.gateways = Gateways({"sms": self.sms, "email": self.mail}, base.documents, base.scanner)
        self.outbox = Outbox(self.gateways, "https://wss.example.in")
        self.thread = threading.Thread(target=self._work, daemon=True)

    def _work(self) -> None:
        worker.work(self.outbox, self.gateways, close_on_silence=False)

    def end(self) -> bool:
        """Stop the worker and return whether it has ended."""
        self.hangs.set()
        self.outbox.stop.set()
        self.thread.join(PATIENCE_S)
        return not self.thread.is_alive()


@pytest.fixture
def running(database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningWorker]:
    """Provide a worker that is not started yet."""
    for name in ("PAUSE_S", "FOLD_EVERY_S", "POST_EVERY_S"):
        monkeypatch.setattr(worker, name, 0.05)
    running = RunningWorker(tmp_path)
    yield running
    running.end()


def queue(notice: str = "registration_otp", **changes: Any) -> None:
    values = {"otp": "123456", "reference_no": "87654321", "path": "/confirm/abc"}
    with transaction() as session:
        [message_id] = queue_notice(notice, Recipient("en", MOBILE, "a@example.in"), values)
        for name, value in changes.items():
            setattr(session.get_one(Message, message_id), name, value)


def until(condition: Callable[[], bool]) -> bool:
    """Wait until the condition holds and return whether it does."""
    return (
        any(condition() or threading.Event().wait(0.05) for _time in range(PATIENCE_S * 20)) and condition()
    )


def test_a_code_is_sent_while_housekeeping_hangs(running: RunningWorker, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "tidy", lambda *_of, **_what: running.hangs.wait(PATIENCE_S))
    running.thread.start()
    queue()

    assert running.was_sent.wait(PATIENCE_S)


def test_a_code_is_sent_while_all_conversations_with_the_mail_server_hang(running: RunningWorker):
    def hang(_parcel: Parcel) -> None:
        running.hangs.wait(PATIENCE_S)

    running.mail.troubles = hang
    for _letter in range(20):
        queue("confirm_email")
    running.thread.start()
    queue()

    assert running.was_sent.wait(PATIENCE_S)


def test_a_round_that_fails_is_not_the_last(running: RunningWorker, monkeypatch: pytest.MonkeyPatch):
    failed = threading.Event()

    def fail(*_of: Any, **_what: Any) -> None:
        failed.set()
        raise RuntimeError("whatever it was")

    monkeypatch.setattr(worker, "tidy", fail)
    monkeypatch.setattr(worker, "HOUSEKEEPING_EVERY_S", 0.0)
    running.thread.start()

    assert failed.wait(PATIENCE_S)
    failed.clear()
    assert failed.wait(PATIENCE_S)


class StopAfter(threading.Event):
    """A stop that comes by itself after some rounds; notes for how long the worker would have waited."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.rounds, self.waits = rounds, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        """Return at once."""
        self.waits.append(timeout or 0)
        if len(self.waits) == self.rounds:
            self.set()
        return self.is_set()


def test_the_pauses_of_a_task_that_fails_grow_to_twelve_times_the_usual(caplog: pytest.LogCaptureFixture):
    stop = StopAfter(8)

    def once() -> int:
        if len(stop.waits) < 6:
            raise OSError
        return 0

    worker._repeat("a task", stop, 0.5, once)

    assert stop.waits == [1, 2, 4, 6, 6, 6, 0.5, 0.5]
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_a_message_of_a_channel_that_there_is_not_does_not_wait_for_ever(running: RunningWorker):
    queue(channel="fax", attempts=11)
    running.thread.start()

    assert until(lambda: [message.state for message in messages()] == [DeliveryState.DEAD])


def test_a_stopped_worker_ends_with_all_its_threads(running: RunningWorker):
    running.thread.start()
    queue()
    running.was_sent.wait(PATIENCE_S)

    assert running.end()
    assert not {"letters", "billing", "house"} & {thread.name for thread in threading.enumerate()}
