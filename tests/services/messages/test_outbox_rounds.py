"""The worker's rounds: several threads, released messages, outages of gateways and of the database, shutdown."""

import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.factories import MOBILE, a_consumer, given
from tests.fixtures.message_servers import RecordingSender, gateways_with, raising
from tests.fixtures.registration import messages, rows
from wss.db import in_transaction, transaction
from wss.domain.breaker import GatewayState
from wss.domain.delivery import MOST_AT_A_TIME, DeliveryState
from wss.gateways import Gateways
from wss.gateways.senders import NoGatewayAvailable, Parcel, SendFailed
from wss.models import Consumer, Message
from wss.queries import outbox as statements
from wss.services.messages import outbox
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.outbox import Outbox
from wss.services.operations.housekeeping import expire_messages

VALUES = {"otp": "123456", "reference_no": "87654321", "path": "/confirm/abc"}


@pytest.fixture
def sender(database: Any, frozen_clock: Any) -> RecordingSender:
    """Provide the gateway of both channels."""
    return RecordingSender()


@pytest.fixture
def make_worker(sender: RecordingSender, tmp_path: Path) -> Callable[..., Outbox]:
    """Return a function that makes workers that use this sender."""
    return lambda threads=1: Outbox(gateways_with(sender, tmp_path), "https://wss.example.in", threads)


def queue(notice: str = "hold_ended", to: str = MOBILE, how_many: int = 1) -> list[str]:
    ids: list[str] = []
    for number in range(how_many):
        with transaction():
            ids += queue_notice(
                notice, Recipient("en", str(int(to) + number), f"a{number}@example.in"), VALUES
            )
    return ids


def states() -> list[tuple[str, int]]:
    return sorted({(message.state, message.attempts) for message in messages()})


no_answer = raising(SendFailed("TimeoutError", again=True, in_doubt=True, gateway="sms1"))


def test_eight_threads_send_each_message_once(make_worker: Any, sender: RecordingSender):
    queue(how_many=40)
    # The first claim is of eight: none of them continues before all are being sent.
    meeting, number = threading.Barrier(8, timeout=60), count()
    sender.troubles = lambda _parcel: meeting.wait() and None if next(number) < 8 else None
    worker = make_worker(threads=8)

    assert worker.deliver_due() == 40
    assert len({parcel.to for parcel in sender.sent}) == len(sender.sent) == 40
    assert states() == [(DeliveryState.SENT, 1)]


def test_no_transaction_is_open_while_a_message_is_sent(make_worker: Any, sender: RecordingSender):
    queue()
    seen = []
    sender.troubles = lambda _parcel: seen.append(in_transaction())
    make_worker().deliver_due()

    assert seen == [False]


def test_a_batch_is_written_down_in_one_transaction(make_worker: Any, monkeypatch: pytest.MonkeyPatch):
    queue(how_many=8)
    written = []
    settle = statements.settle_sent
    monkeypatch.setattr(
        statements, "settle_sent", lambda results: (written.append(len(results)), settle(results))
    )
    make_worker().deliver_due()

    assert written == [8]


def test_the_next_claim_is_as_large_as_the_gateway_is_quick(make_worker: Any):
    queue(how_many=20)
    worker = make_worker()
    tried = [worker.deliver_batch(), worker.deliver_batch()]

    assert tried[0] == 8 and tried[1] > 8 and worker._how_many <= MOST_AT_A_TIME


def test_what_is_not_begun_after_two_seconds_is_given_back_as_it_was(
    make_worker: Any, sender: RecordingSender, frozen_clock: Any
):
    queue(how_many=8)
    sender.troubles = lambda _parcel: frozen_clock.advance(seconds=1) and None
    make_worker().deliver_batch()

    assert states() == [(DeliveryState.SENT, 1), (DeliveryState.WAITING, 0)]
    assert len(sender.sent) == 2


def test_a_new_code_is_sent_before_released_messages(
    make_worker: Any, sender: RecordingSender, frozen_clock: Any
):
    queue(how_many=8)

    def slowly(_parcel: Parcel) -> None:
        frozen_clock.advance(seconds=2)
        if not sender.sent:
            queue("registration_otp")

    sender.troubles = slowly
    make_worker().deliver_due()

    assert [parcel.notice for parcel in sender.sent[:2]] == ["hold_ended", "registration_otp"]


def test_a_stopped_worker_completes_claimed_messages_and_releases_the_rest(
    make_worker: Any, sender: RecordingSender
):
    queue(how_many=8)
    worker = make_worker()
    sender.troubles = lambda _parcel: worker.stop.set()

    assert worker.deliver_due() == 1
    assert states() == [(DeliveryState.SENT, 1), (DeliveryState.WAITING, 0)]


def test_what_was_given_back_is_sent_by_the_next_worker_at_once(make_worker: Any, sender: RecordingSender):
    queue(how_many=8)
    stopped = make_worker()
    sender.troubles = lambda _parcel: stopped.stop.set()
    stopped.deliver_due()
    make_worker().deliver_due()

    assert len({parcel.to for parcel in sender.sent}) == len(sender.sent) == 8


def test_a_channel_whose_gateways_are_left_alone_is_not_claimed_and_loses_no_attempt(
    make_worker: Any, sender: RecordingSender
):
    queue()
    sender.gateway_state = GatewayState.SHUT

    assert make_worker().deliver_due() == 0
    assert states() == [(DeliveryState.WAITING, 0)]


def test_the_other_channel_continues(sender: RecordingSender, tmp_path: Path):
    queue("hold_ended")
    queue("confirm_email")
    shut = RecordingSender()
    shut.gateway_state = GatewayState.SHUT
    gateways = gateways_with(sender, tmp_path)
    worker = Outbox(
        Gateways({"sms": shut, "email": sender}, gateways.documents, gateways.scanner),
        "https://wss.example.in",
    )
    worker.deliver_due()

    assert ([p.channel for p in sender.sent], shut.sent) == (["email"], [])


def test_one_message_tries_how_a_gateway_fares_the_most_urgent_one(make_worker: Any, sender: RecordingSender):
    queue(how_many=5)
    queue("registration_otp")
    sender.gateway_state = GatewayState.PROBE

    assert make_worker().deliver_batch() == 1
    assert [parcel.notice for parcel in sender.sent] == ["registration_otp"]


def test_after_an_outage_the_oldest_go_first(make_worker: Any, sender: RecordingSender, frozen_clock: Any):
    for number in range(4):
        queue(to=f"{9000000000 + number}")
        frozen_clock.advance(seconds=1)
    make_worker().deliver_due()

    assert [parcel.to for parcel in sender.sent] == [f"{9000000000 + number}" for number in range(4)]


@pytest.mark.parametrize("is_pinned", [False, True])
def test_only_a_message_that_waits_for_the_gateway_that_may_have_it_loses_an_attempt(
    make_worker: Any, sender: RecordingSender, frozen_clock: Any, is_pinned: bool
):
    queue()
    sender.troubles = raising(NoGatewayAvailable(pinned=is_pinned))
    make_worker().deliver_due()

    assert states() == [(DeliveryState.WAITING, int(is_pinned))]
    assert (messages()[0].due_at > frozen_clock.now) is is_pinned


def test_a_notice_without_an_answer_is_only_for_the_gateway_that_may_have_it_until_the_fifth_attempt(
    make_worker: Any, sender: RecordingSender, frozen_clock: Any
):
    queue()
    asked = []

    def note(parcel: Parcel) -> None:
        asked.append(parcel.only_by)
        no_answer(parcel)

    sender.troubles = note
    for _time in range(5):
        make_worker().deliver_due()
        frozen_clock.advance(hours=2)

    assert asked == ["", "sms1", "sms1", "sms1", ""]


def test_a_code_without_an_answer_is_for_any_gateway(
    make_worker: Any, sender: RecordingSender, frozen_clock: Any
):
    queue("registration_otp")
    sender.troubles = no_answer
    make_worker().deliver_due()
    sender.troubles = None
    frozen_clock.advance(seconds=15)
    make_worker().deliver_due()

    assert (sender.sent[0].only_by, sender.sent[0].is_code) == ("", True)


def test_a_message_records_its_gateway(make_worker: Any):
    queue()
    make_worker().deliver_due()

    assert (messages()[0].gateway, messages()[0].is_in_doubt) == ("noting", False)


def test_an_address_that_does_not_exist_is_a_permanent_failure(make_worker: Any, sender: RecordingSender):
    queue("registration_otp")
    sender.troubles = raising(SendFailed("smtp 550", again=False, no_such_recipient=True))
    make_worker().deliver_due()

    assert (states(), messages()[0].text_sealed) == ([(DeliveryState.PERMANENT_FAILURE, 1)], "")


def test_what_was_sent_while_the_database_was_away_is_written_down_later_and_not_sent_again(
    make_worker: Any, sender: RecordingSender, monkeypatch: pytest.MonkeyPatch
):
    queue(how_many=3)
    worker = make_worker()
    with monkeypatch.context() as broken:
        broken.setattr(statements, "settle_sent", raising(OperationalError("UPDATE", {}, Exception("away"))))
        with pytest.raises(OperationalError):
            worker.deliver_due()
    worker.deliver_due()

    assert (states(), len(sender.sent)) == ([(DeliveryState.SENT, 1)], 3)


def test_a_message_claimed_by_another_worker_is_not_overwritten(
    make_worker: Any, sender: RecordingSender, frozen_clock: Any
):
    [message_id] = queue()

    def lose_the_lease(_parcel: Parcel) -> None:
        with transaction() as session:
            session.get_one(Message, message_id).leased_until = frozen_clock.now.replace(year=2030)
        raise SendFailed("gateway 422", again=False)

    sender.troubles = lose_the_lease
    make_worker().deliver_due()

    assert states() == [(DeliveryState.SENDING, 0)]


@pytest.mark.parametrize(("minutes", "state"), [(9, DeliveryState.WAITING), (10, DeliveryState.EXPIRED)])
def test_codes_that_nothing_can_send_expire_and_are_emptied(
    make_worker: Any, sender: RecordingSender, frozen_clock: Any, minutes: int, state: DeliveryState
):
    queue("registration_otp")
    sender.gateway_state = GatewayState.SHUT
    make_worker().deliver_due()
    frozen_clock.advance(minutes=minutes)
    expire_messages()

    assert (messages()[0].state, messages()[0].text_sealed == "") == (state, state is DeliveryState.EXPIRED)


def test_what_a_worker_has_in_hand_does_not_expire_under_it(
    make_worker: Any, sender: RecordingSender, frozen_clock: Any
):
    queue("registration_otp")
    frozen_clock.advance(minutes=9, seconds=59)

    def at_the_last_moment(_parcel: Parcel) -> None:
        frozen_clock.advance(seconds=2)
        expire_messages()

    sender.troubles = at_the_last_moment
    make_worker().deliver_due()

    assert states() == [(DeliveryState.SENT, 1)]


def test_notices_without_an_end_never_expire(make_worker: Any, frozen_clock: Any):
    queue()
    frozen_clock.advance(days=400)
    expire_messages()

    assert states() == [(DeliveryState.WAITING, 0)]


def test_letters_that_came_back_while_the_database_was_busy_are_remembered_later(
    make_worker: Any, sender: RecordingSender, monkeypatch: pytest.MonkeyPatch
):
    consumer = given(a_consumer(email="pooja@example.in"))
    with transaction():
        recipient = Recipient("en", email=consumer.email, consumer_id=consumer.id)
        queue_notice("confirm_email", recipient, {"path": "/activate/abc"})
    worker = make_worker()
    sender.troubles = raising(SendFailed("smtp 550", again=False, no_such_recipient=True))
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "note_bounce", raising(OperationalError("UPDATE", {}, Exception("busy"))))
        with pytest.raises(OperationalError):
            worker.deliver_due()
    worker.deliver_due()

    assert states() == [(DeliveryState.PERMANENT_FAILURE, 1)]
    assert rows(Consumer)[0].email_bounced_at is not None
