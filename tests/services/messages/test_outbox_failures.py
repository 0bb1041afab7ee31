"""Failures that are not the messages' fault: no message becomes a dead letter, and no result is lost."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.factories import a_consumer, given
from tests.fixtures.message_servers import RecordingSender, gateways_with
from tests.fixtures.registration import messages, rows
from wss.db import transaction
from wss.domain.delivery import DeliveryState
from wss.gateways.senders import Parcel, SendFailed
from wss.models import Consumer
from wss.services.messages import outbox as services
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.outbox import Outbox

ADDRESS = "pooja@example.in"


@pytest.fixture
def sender(database: Any, frozen_clock: Any) -> RecordingSender:
    """Provide the gateway of both channels."""
    return RecordingSender()


@pytest.fixture
def worker(sender: RecordingSender, tmp_path: Path) -> Outbox:
    """Provide a worker that uses this sender."""
    return Outbox(gateways_with(sender, tmp_path), "https://wss.example.in")


def queue(how_many: int = 1) -> list[Consumer]:
    consumers = [given(a_consumer(email=f"{number}{ADDRESS}")) for number in range(how_many)]
    with transaction():
        for consumer in consumers:
            to = Recipient("en", email=consumer.email, consumer_id=consumer.id)
            queue_notice("confirm_email", to, {"path": "/activate/abc"})
    return consumers


def states() -> set[str]:
    return {message.state for message in messages()}


def test_an_address_of_the_gateway_that_cannot_be_one_costs_no_message_its_life(
    worker: Outbox, sender: RecordingSender, frozen_clock: Any
):
    queue(3)

    def misspelt(_parcel: Parcel) -> None:
        "gateway..example".encode("idna")

    sender.troubles = misspelt
    worker.deliver_due()
    assert states() == {DeliveryState.WAITING}

    sender.troubles = lambda _parcel: None
    frozen_clock.advance(minutes=1)
    worker.deliver_due()
    assert states() == {DeliveryState.SENT}


def test_letters_that_came_back_while_the_database_was_busy_are_remembered_later(
    worker: Outbox, sender: RecordingSender, monkeypatch: pytest.MonkeyPatch
):
    queue(3)

    def unknown(_parcel: Parcel) -> None:
        raise SendFailed("smtp 550", again=False, no_such_recipient=True)

    def busy(_message: Any) -> None:
        raise OperationalError("UPDATE", {}, Exception("busy"))

    sender.troubles = unknown
    with monkeypatch.context() as broken:
        broken.setattr(services, "note_bounce", busy)
        with pytest.raises(OperationalError):
            worker.deliver_due()
    worker.deliver_due()

    assert states() == {DeliveryState.PERMANENT_FAILURE}
    assert all(consumer.email_bounced_at is not None for consumer in rows(Consumer))
