"""Bounced e-mails: the message has failed, and the address gets no more alerts until it works again."""

from datetime import datetime
from typing import Any

import pytest

from tests.factories import a_consumer, a_message, given
from tests.fixtures.bounces import a_bounce
from tests.fixtures.complaint_handling import rows
from tests.fixtures.message_servers import RecordingSender, gateways_with
from wss import vault
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.delivery import DeliveryState
from wss.gateways.senders import Parcel, SendFailed
from wss.models import AuditEntry, Consumer, Message
from wss.services.messages.bounces import apply_bounce
from wss.services.messages.notices import Recipient, queue_notice, recipient_of
from wss.services.messages.outbox import Outbox
from wss.services.my_data.settings import change_settings
from wss.services.registration.activation import follow_activation_link

EMAIL = "pooja@example.in"


@pytest.fixture
def pooja(database: Any, frozen_clock: Any) -> Consumer:
    """Provide a consumer who wants alerts by e-mail."""
    return given(a_consumer(email=EMAIL, email_alerts=True, email_verified_at=frozen_clock.now))


def a_letter_to(consumer: Consumer, **wishes: Any) -> Message:
    """Insert an e-mail that a server has accepted."""
    facts = {"channel": "email", "recipient": EMAIL, "consumer_id": consumer.id, "state": DeliveryState.SENT}
    sealed = vault.seal('{"complaint_no": "100 0000 0016"}')
    return given(a_message(text_sealed=sealed, **{**facts, **wishes}))


def came_back() -> datetime | None:
    [consumer] = rows(Consumer)
    return consumer.email_bounced_at


def state() -> tuple[str, str]:
    [message] = [message for message in rows(Message) if message.notice != "confirm_email"]
    return message.state, message.reason


def carry(tmp_path: Any, trouble: SendFailed) -> None:
    """Run the worker's round with a mail server that refuses."""

    def refuse(_parcel: Parcel) -> None:
        raise trouble

    Outbox(gateways_with(RecordingSender(refuse), tmp_path), "https://wss.example.in").deliver_due()


def test_a_letter_that_came_back_has_failed_for_good(pooja: Consumer):
    letter = a_letter_to(pooja)

    assert apply_bounce(a_bounce(letter.id))
    assert state() == (DeliveryState.PERMANENT_FAILURE, "5.1.1")


def test_its_address_is_marked(pooja: Consumer, frozen_clock: Any):
    apply_bounce(a_bounce(a_letter_to(pooja).id))

    assert came_back() == frozen_clock.now
    assert [entry.deed for entry in rows(AuditEntry)] == ["email_bounced"]


def test_a_secret_in_it_is_emptied(pooja: Consumer):
    letter = a_letter_to(pooja, secret=True)

    apply_bounce(a_bounce(letter.id))

    assert rows(Message)[0].text_sealed == ""


def test_the_same_mail_again_changes_nothing(pooja: Consumer):
    mail = a_bounce(a_letter_to(pooja).id)
    apply_bounce(mail)

    assert not apply_bounce(mail)


@pytest.mark.parametrize(
    "wishes", [{"action": "delayed", "status": "4.4.1"}, {"message_id": "<x@example.com>"}]
)
def test_a_mail_without_a_failure_of_ours_changes_nothing(pooja: Consumer, wishes: dict[str, str]):
    letter = a_letter_to(pooja)

    assert not apply_bounce(a_bounce(letter.id, **wishes))
    assert (state()[0], came_back()) == (DeliveryState.SENT, None)


def test_a_mail_cannot_bounce_an_sms(pooja: Consumer):
    sms = a_letter_to(pooja, channel="sms", recipient="8539436110")

    assert not apply_bounce(a_bounce(sms.id))
    assert state()[0] == DeliveryState.SENT


def test_the_mail_about_a_former_address_leaves_the_new_one_alone(pooja: Consumer):
    letter = a_letter_to(pooja, recipient="old@example.in")

    apply_bounce(a_bounce(letter.id))

    assert came_back() is None


def test_a_server_that_knows_no_such_box_marks_the_address_at_once(
    pooja: Consumer, tmp_path: Any, frozen_clock: Any
):
    a_letter_to(pooja, state=DeliveryState.WAITING)

    carry(tmp_path, SendFailed("smtp 550", again=False, answered=True, no_such_recipient=True))

    assert (state()[0], came_back()) == (DeliveryState.PERMANENT_FAILURE, frozen_clock.now)


@pytest.mark.parametrize("again", [True, False])
def test_a_refusal_for_another_reason_does_not(pooja: Consumer, tmp_path: Any, again: bool):
    a_letter_to(pooja, state=DeliveryState.WAITING)

    carry(tmp_path, SendFailed("smtp 554", again=again, answered=True))

    assert came_back() is None


def test_an_sms_to_a_number_that_does_not_exist_marks_no_address(pooja: Consumer, tmp_path: Any):
    a_letter_to(pooja, state=DeliveryState.WAITING, channel="sms", recipient="8539436110")

    carry(tmp_path, SendFailed("no such number", again=False, no_such_recipient=True))

    assert came_back() is None


def test_a_marked_address_gets_no_alerts(pooja: Consumer):
    apply_bounce(a_bounce(a_letter_to(pooja).id))

    [consumer] = rows(Consumer)
    assert recipient_of(consumer).email is None


def own(consumer: Consumer) -> Actor:
    return Actor(Role.CONSUMER, str(consumer.id))


def test_another_address_is_not_marked(pooja: Consumer):
    apply_bounce(a_bounce(a_letter_to(pooja).id))

    change_settings(own(pooja), "hi", sms_alerts=True, email_alerts=True, email="new@example.in")

    assert came_back() is None


def test_the_same_address_once_more_gets_a_link_and_stays_marked(pooja: Consumer):
    apply_bounce(a_bounce(a_letter_to(pooja).id))

    change_settings(own(pooja), "hi", sms_alerts=True, email_alerts=True, email=EMAIL)

    assert came_back() is not None
    assert [m.recipient for m in rows(Message) if m.notice == "confirm_email"] == [EMAIL]


def test_following_that_link_takes_the_mark_away(pooja: Consumer, tmp_path: Any):
    apply_bounce(a_bounce(a_letter_to(pooja).id))
    change_settings(own(pooja), "hi", sms_alerts=True, email_alerts=True, email=EMAIL)
    sender = RecordingSender()
    Outbox(gateways_with(sender, tmp_path), "https://wss.example.in").deliver_due()

    follow_activation_link(sender.sent[-1].text.partition("/activate/")[2].split()[0])

    assert came_back() is None


def test_settings_without_a_marked_address_send_no_link(pooja: Consumer):
    change_settings(own(pooja), "en", sms_alerts=True, email_alerts=True, email=EMAIL)

    assert rows(Message) == []


def test_the_worker_may_still_send_other_letters_there(pooja: Consumer):
    apply_bounce(a_bounce(a_letter_to(pooja).id))

    with transaction():
        queue_notice("confirm_email", Recipient("hi", email=EMAIL, consumer_id=pooja.id), {"path": "/a/b"})

    assert rows(Message)[-1].state == DeliveryState.WAITING
