"""Delivery receipts that come early, late, twice or for another message."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories import MOBILE, a_household, a_service_request, bill_correction, given
from tests.fixtures.message_servers import RecordingSender, gateways_with, raising
from tests.fixtures.registration import messages
from wss.db import transaction
from wss.domain.delivery import DeliveryState
from wss.domain.receipts import DeliveryReceipt
from wss.gateways.senders import Accepted, Parcel, SendFailed
from wss.models import Message, ServiceRequest
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.outbox import Outbox
from wss.services.messages.receipts import apply_receipt
from wss.services.operations.housekeeping import clean_up

CODE = ("registration_otp", {"otp": "123456", "reference_no": "87654321"})
LINK = ("confirm_reminder", {"complaint_no": "100 0000 0016", "path": "/confirm/abc"})
LETTER = ("confirm_email", {"path": "/activate/abc"})
PLAIN = ("hold_ended", dict[str, str]())
BY = frozenset({"sms1"})


@pytest.fixture
def sender(database: Any, frozen_clock: Any) -> RecordingSender:
    """Provide the first gateway, which sends receipts."""
    sender = RecordingSender()
    sender.accepted = Accepted("sms1", "p1", has_receipts=True)
    return sender


@pytest.fixture
def outbox(sender: RecordingSender, tmp_path: Path) -> Outbox:
    """Provide a worker that uses this sender."""
    return Outbox(gateways_with(sender, tmp_path), "https://wss.example.in")


@pytest.fixture
def sent(outbox: Outbox) -> Callable[..., str]:
    """Return a function that queues a notice, sends it and returns its id."""

    def sent(notice: tuple[str, dict[str, str]] = PLAIN, **about: Any) -> str:
        with transaction():
            [message_id] = queue_notice(
                notice[0], Recipient("en", MOBILE, "pooja@example.in"), notice[1], **about
            )
        outbox.deliver_due()
        return message_id

    return sent


def report(key: str, state: str, reason: str = "", by: frozenset[str] = BY) -> bool:
    return apply_receipt(DeliveryReceipt(key, DeliveryState(state), reason, by))


def the_message() -> Message:
    [message] = messages()
    return message


def test_a_delivered_message_is_delivered(sent: Any, frozen_clock: Any):
    key = sent()
    frozen_clock.advance(seconds=7)

    assert report(key, "delivered")
    assert (the_message().state, the_message().settled_at) == (DeliveryState.DELIVERED, frozen_clock.now)


@pytest.mark.parametrize(
    ("notice", "result", "reason", "after"),
    [
        (
            PLAIN,
            "permanent_failure",
            "unknown_subscriber",
            (DeliveryState.PERMANENT_FAILURE, "unknown_subscriber"),
        ),
        (CODE, "temporary_failure", "", (DeliveryState.DEAD, "temporary_failure")),
    ],
    ids=["a number that does not exist", "a code to a telephone that is off"],
)
def test_a_message_that_cannot_arrive_has_failed_with_its_reason(
    sent: Any, notice: Any, result: str, reason: str, after: tuple[str, str]
):
    report(sent(notice), result, reason)

    assert (the_message().state, the_message().reason) == after


@pytest.mark.parametrize("again", ["sent", "delivered", "temporary_failure", "permanent_failure"])
def test_nothing_changes_what_has_been_delivered(sent: Any, again: str):
    key = sent()
    report(key, "delivered")

    assert not report(key, again)
    assert the_message().state == DeliveryState.DELIVERED


def test_a_receipt_that_comes_thrice_counts_once(sent: Any, frozen_clock: Any):
    key = sent()
    changed = [report(key, "temporary_failure") for _time in range(3)]

    assert changed == [True, False, False]
    assert the_message().due_at == frozen_clock.now + timedelta(hours=1)


@pytest.mark.parametrize("key", ["", "00000000-0000-4000-8000-000000000009", "x"])
def test_a_receipt_about_no_message_of_ours_changes_nothing(sent: Any, key: str):
    sent()

    assert not report(key, "delivered")
    assert the_message().state == DeliveryState.SENT


def test_a_withheld_message_is_never_delivered(sender: RecordingSender):
    with transaction():
        [key] = queue_notice("hold_ended", Recipient("en", None), {}, withhold=True)

    assert not report(key, "delivered")


def test_a_receipt_may_come_before_the_worker_has_written_down_that_it_sent(
    sender: RecordingSender, sent: Any
):
    sender.troubles = lambda parcel: report(parcel.id, "delivered") and None
    sent()

    assert (the_message().state, the_message().leased_until) == (DeliveryState.DELIVERED, None)


def test_a_receipt_settles_a_message_that_waits_because_no_answer_came(sender: RecordingSender, sent: Any):
    sender.troubles = raising(SendFailed("TimeoutError", again=True, in_doubt=True, gateway="sms1"))
    key = sent()

    assert the_message().state == DeliveryState.WAITING
    report(key, "sent")
    assert (the_message().state, the_message().is_in_doubt) == (DeliveryState.SENT, False)


@pytest.mark.parametrize(
    ("notice", "state", "is_kept"),
    [(LINK, "delivered", False), (LINK, "permanent_failure", False), (PLAIN, "delivered", True)],
)
def test_a_link_is_emptied_once_its_delivery_result_is_known_and_other_texts_are_kept(
    sent: Any, notice: Any, state: str, is_kept: bool
):
    key = sent(notice)
    before = the_message().text_sealed
    report(key, state)

    assert before != "" and (the_message().text_sealed != "") is is_kept


def test_a_code_is_emptied_by_the_receipt_that_comes_first(sender: RecordingSender, sent: Any):
    sender.troubles = lambda parcel: report(parcel.id, "sent") and None
    sent(CODE)

    assert (the_message().state, the_message().text_sealed) == (DeliveryState.SENT, "")


@pytest.mark.parametrize(("hours", "is_kept"), [(23.9, True), (24, False)])
def test_a_link_without_a_receipt_is_emptied_after_a_day(
    sent: Any, frozen_clock: Any, outbox: Outbox, hours: float, is_kept: bool
):
    sent(LINK)
    frozen_clock.advance(hours=hours)
    clean_up(outbox.gateways.documents)

    assert (the_message().text_sealed != "") is is_kept


def test_a_telephone_that_is_off_is_resent_the_message_under_another_key(
    sent: Any, outbox: Outbox, sender: RecordingSender, frozen_clock: Any
):
    key = sent(LINK)
    report(key, "temporary_failure", "absent_subscriber")
    waiting = the_message()
    early = outbox.deliver_due()
    frozen_clock.advance(hours=1)
    outbox.deliver_due()

    assert (waiting.state, waiting.reason, early) == (DeliveryState.TEMPORARY_FAILURE, "temporary_failure", 0)
    assert [parcel.id for parcel in sender.sent] == [key, the_message().sending_key]
    assert the_message().sending_key != key
    assert (the_message().state, the_message().sendings, the_message().reason) == (DeliveryState.SENT, 2, "")


def test_a_worker_killed_during_a_resend_leaves_the_new_key_to_the_next(
    sent: Any, outbox: Outbox, sender: RecordingSender, frozen_clock: Any
):
    report(sent(LINK), "temporary_failure")
    frozen_clock.advance(hours=1)
    keys = []

    def die(parcel: Parcel) -> None:
        keys.append(parcel.id)
        if len(keys) == 1:
            raise KeyboardInterrupt

    sender.troubles = die
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver_due()
    frozen_clock.advance(minutes=1)
    outbox.deliver_due()

    assert keys == [the_message().sending_key] * 2


def test_a_message_is_sent_four_times_at_most(
    sent: Any, outbox: Outbox, sender: RecordingSender, frozen_clock: Any
):
    key = sent(LINK)
    for _time in range(6):
        report(the_message().sending_key or key, "temporary_failure")
        frozen_clock.advance(hours=12)
        outbox.deliver_due()

    assert len({parcel.id for parcel in sender.sent}) == len(sender.sent) == 4
    assert the_message().state == DeliveryState.DEAD


@pytest.fixture
def resent_key(sent: Any, outbox: Outbox, frozen_clock: Any) -> str:
    """Resend a message and return its former key."""
    key: str = sent(LINK)
    report(key, "temporary_failure")
    frozen_clock.advance(hours=1)
    outbox.deliver_due()
    return key


@pytest.mark.parametrize("state", ["temporary_failure", "permanent_failure"])
def test_a_late_receipt_of_an_earlier_attempt_does_not_end_the_present_one(resent_key: str, state: str):
    assert not report(resent_key, state)
    assert the_message().state == DeliveryState.SENT


def test_a_former_sending_may_arrive_after_all(resent_key: str):
    assert report(resent_key, "delivered")
    assert the_message().state == DeliveryState.DELIVERED


@pytest.mark.parametrize(("result", "is_taken"), [("permanent_failure", False), ("delivered", True)])
def test_another_gateway_may_have_delivered_a_message_and_cannot_say_that_it_failed(
    sent: Any, result: str, is_taken: bool
):
    assert report(sent(), result, by=frozenset({"sms2"})) is is_taken


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.EXPIRED])
def test_a_dead_letter_may_have_been_delivered(sent: Any, state: DeliveryState):
    key = sent()
    with transaction() as session:
        session.get_one(Message, key).state = state

    assert report(key, "delivered")


def test_the_timeline_has_news_of_every_change_and_of_no_repetition(sent: Any):
    given(*bill_correction())
    request = a_service_request(a_household())

    def news() -> int:
        with transaction() as session:
            return session.get_one(ServiceRequest, request.id).news

    key = sent(LINK, service_request=request)
    seen = [news()]
    for state in ("temporary_failure", "temporary_failure", "delivered", "delivered"):
        report(key, state)
        seen.append(news())

    assert [each - seen[0] for each in seen] == [0, 1, 1, 2, 2]


@pytest.mark.parametrize("state", ["sent", "delivered", "permanent_failure", "temporary_failure"])
def test_a_gateway_of_sms_has_no_say_about_letters(sent: Any, state: str):
    letter = sent(LETTER)

    assert not report(letter, state)
    assert (the_message().channel, the_message().state) == ("email", DeliveryState.SENT)
