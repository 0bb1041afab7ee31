"""The outbox: every queued message is sent once, despite failures of gateways and of single messages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.factories import MOBILE, update_rows
from tests.fixtures.message_servers import RecordingSender, gateways_with, raising
from tests.fixtures.registration import messages
from wss import vault
from wss.db import transaction
from wss.domain.delivery import DeliveryState
from wss.gateways.senders import Parcel, SendFailed
from wss.models import Message
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.outbox import Outbox

Queue = Callable[..., list[str]]
VALUES = {"otp": "123456", "reference_no": "87654321"}


@pytest.fixture
def queue(database: Any, frozen_clock: Any) -> Queue:
    """Return a function that queues a notice to a mobile."""

    def queue(
        notice: str = "hold_ended", values: dict[str, Any] | None = None, to: str = MOBILE
    ) -> list[str]:
        with transaction():
            return queue_notice(notice, Recipient("en", to), values or {})

    return queue


@pytest.fixture
def worker(tmp_path: Path) -> Callable[..., tuple[Outbox, RecordingSender]]:
    """Return a function that makes a worker with a sender that records or fails."""

    def worker(troubles: Any = None, is_development: bool = False) -> tuple[Outbox, RecordingSender]:
        sender = RecordingSender(troubles, is_development)
        return Outbox(gateways_with(sender, tmp_path), "https://wss.example.in"), sender

    return worker


def failing(again: bool = True) -> Callable[[Parcel], None]:
    return raising(SendFailed("gateway 500", again=again))


def the_message() -> Message:
    [message] = messages()
    return message


def test_a_message_is_sent_once(queue: Queue, worker: Any):
    queue()
    outbox, sender = worker()

    assert [outbox.deliver_due(), outbox.deliver_due()] == [1, 0]
    assert [(p.to, p.notice, p.language) for p in sender.sent] == [(MOBILE, "hold_ended", "en")]
    assert (the_message().state, the_message().attempts) == (DeliveryState.SENT, 1)


def test_links_lead_to_the_public_address(queue: Queue, worker: Any):
    queue("not_me", {"path": "/not-me/abc"})
    outbox, sender = worker()
    outbox.deliver_due()

    assert "https://wss.example.in/not-me/abc" in sender.sent[0].text


def test_codes_go_before_everything_else(queue: Queue, worker: Any, frozen_clock: Any):
    for notice in ("confirm_reminder", "hold_ended", "registration_otp"):
        queue(notice, {**VALUES, "complaint_no": "100 0000 0016", "path": "/confirm/abc"})
        frozen_clock.advance(seconds=1)
    outbox, sender = worker()
    outbox.deliver_due()

    assert [p.notice for p in sender.sent] == ["registration_otp", "hold_ended", "confirm_reminder"]


@pytest.mark.parametrize(("seconds", "sent"), [(59, 0), (60, 1)])
def test_what_a_dead_worker_had_leased_is_sent_after_a_minute(
    queue: Queue, worker: Any, frozen_clock: Any, seconds: int, sent: int
):
    queue()
    with pytest.raises(KeyboardInterrupt):
        worker(raising(KeyboardInterrupt()))[0].deliver_due()
    frozen_clock.advance(seconds=seconds)

    assert worker()[0].deliver_due() == sent


def test_two_workers_with_a_slow_gateway_send_nothing_twice(queue: Queue, worker: Any, frozen_clock: Any):
    for number in range(20):
        queue(to=f"{9000000000 + number}")
    second, its_sender = worker()

    def slowly(_parcel: Parcel) -> None:
        frozen_clock.advance(seconds=5)
        second.deliver_due()

    first, sender = worker(slowly)
    for _ in range(3):
        first.deliver_due()
        frozen_clock.advance(seconds=61)

    numbers = [parcel.to for parcel in (*sender.sent, *its_sender.sent)]
    assert sorted(numbers) == [f"{9000000000 + number}" for number in range(20)]


def test_a_failed_message_is_tried_again_later_and_later(queue: Queue, worker: Any, frozen_clock: Any):
    queue()
    outbox, _ = worker(failing())
    waits = []
    for _ in range(5):
        outbox.deliver_due()
        waits.append((the_message().due_at - frozen_clock.now).total_seconds())
        frozen_clock.set(the_message().due_at)

    expected = (10, 60, 300, 900, 3600)
    assert all(least <= wait <= 1.2 * least for least, wait in zip(expected, waits, strict=True))


def test_a_final_refusal_is_not_tried_again(queue: Queue, worker: Any):
    queue()
    worker(failing(again=False))[0].deliver_due()

    assert (the_message().state, the_message().reason) == (DeliveryState.DEAD, "gateway 500")


def test_after_twelve_failures_a_message_is_dead(queue: Queue, worker: Any, frozen_clock: Any):
    queue()
    outbox, _ = worker(failing())
    for _ in range(20):
        outbox.deliver_due()
        frozen_clock.advance(hours=2)

    assert (the_message().state, the_message().attempts) == (DeliveryState.DEAD, 12)


@pytest.mark.parametrize(("seconds", "state"), [(599, DeliveryState.SENT), (600, DeliveryState.EXPIRED)])
def test_an_expired_code_is_not_sent(
    queue: Queue, worker: Any, frozen_clock: Any, seconds: int, state: DeliveryState
):
    queue("registration_otp", VALUES)
    frozen_clock.advance(seconds=seconds)
    outbox, sender = worker()
    outbox.deliver_due()

    assert (the_message().state, len(sender.sent)) == (state, 1 if state is DeliveryState.SENT else 0)


def test_a_message_that_is_withheld_is_never_sent(database: Any, worker: Any):
    with transaction():
        queue_notice("registration_otp", Recipient("en", None), VALUES, withhold=True)

    assert worker()[0].deliver_due() == 0


POISONED: dict[str, dict[str, str]] = {
    "no value": {"notice": "not_me"},
    "not sealed": {"text_sealed": "x"},
    "not an object": {"text": "[]"},
    "not text": {"notice": "registration_otp", "text": '{"otp": 1, "reference_no": 2}'},
    "no channel": {"channel": "fax"},
    "breaks": {},
}


@pytest.mark.parametrize("poison", POISONED)
def test_one_poisoned_message_in_a_hundred_stops_no_other(
    queue: Queue, worker: Any, frozen_clock: Any, poison: str
):
    for number in range(99):
        queue(to=f"{9000000000 + number}")
    [message_id] = queue()
    columns = POISONED[poison] | {"created_at": frozen_clock.now.replace(year=2020), "urgency": 0}
    if "text" in columns:
        columns["text_sealed"] = vault.seal(columns.pop("text"))
    update_rows(Message, Message.id == message_id, due_at=columns["created_at"], **columns)

    def troubles(parcel: Parcel) -> None:
        if poison == "breaks" and parcel.to == MOBILE:
            raise RuntimeError("a fault of ours")

    outbox, sender = worker(troubles)
    for _ in range(14):
        outbox.deliver_due()
        frozen_clock.advance(hours=2)

    assert len({parcel.to for parcel in sender.sent}) == len(sender.sent) == 99
    assert [m.state for m in messages() if m.recipient == MOBILE] == [DeliveryState.DEAD]


@pytest.mark.parametrize(("notice", "is_kept"), [("registration_otp", False), ("hold_ended", True)])
def test_a_code_is_emptied_once_sent_and_other_texts_are_kept(
    queue: Queue, worker: Any, notice: str, is_kept: bool
):
    queue(notice, VALUES)
    worker()[0].deliver_due()

    assert (the_message().text_sealed != "") is is_kept


def test_the_development_inbox_keeps_texts_readable(queue: Queue, worker: Any):
    queue("registration_otp", VALUES)
    outbox, _ = worker(is_development=True)
    outbox.deliver_due()

    assert "123456" in outbox.parcel(the_message()).text


def test_a_message_is_only_there_if_what_caused_it_is(database: Any):
    with pytest.raises(RuntimeError), transaction():
        queue_notice("hold_ended", Recipient("en", MOBILE), {})
        raise RuntimeError("what caused it did not come to be")

    assert messages() == []


def test_an_address_of_the_gateway_that_cannot_be_one_costs_no_message_its_life(
    queue: Queue, worker: Any, frozen_clock: Any
):
    queue()
    worker(lambda _parcel: "gateway..example".encode("idna"))[0].deliver_due()
    assert the_message().state == DeliveryState.WAITING

    frozen_clock.advance(minutes=1)
    worker()[0].deliver_due()
    assert the_message().state == DeliveryState.SENT
