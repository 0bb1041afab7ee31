"""Alerts by e-mail: not to bounced or unconfirmed addresses, and with a link that ends them."""

from datetime import datetime
from typing import Any

import pytest

from tests.factories import MOBILE, a_consumer, a_message, given
from tests.fixtures.bounces import a_bounce
from tests.fixtures.complaint_handling import rows
from tests.fixtures.message_servers import RecordingSender, gateways_with, raising
from tests.fixtures.registration import messages, token_in
from wss import vault
from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.delivery import DeliveryState
from wss.domain.notices import NOTICES
from wss.gateways.senders import SendFailed
from wss.models import AuditEntry, Consumer, Message
from wss.services.messages.bounces import apply_bounce
from wss.services.messages.notices import Recipient, queue_notice, recipient_of
from wss.services.messages.outbox import Outbox
from wss.services.my_data.settings import change_settings, resend_confirmation
from wss.services.registration.activation import follow_activation_link

EMAIL = "pooja@example.in"


@pytest.fixture
def pooja(database: Any, frozen_clock: Any) -> Consumer:
    """Provide a consumer who wants alerts by e-mail."""
    return given(a_consumer(email=EMAIL, email_alerts=True, email_verified_at=frozen_clock.now))


def a_letter_to(consumer: Consumer, **columns: Any) -> Message:
    """Insert an e-mail that a server has accepted."""
    facts = {"channel": "email", "recipient": EMAIL, "consumer_id": consumer.id, "state": DeliveryState.SENT}
    sealed = vault.seal('{"complaint_no": "100 0000 0016"}')
    return given(a_message(text_sealed=sealed, **{**facts, **columns}))


def bounced_at() -> datetime | None:
    [consumer] = rows(Consumer)
    return consumer.email_bounced_at


def state() -> tuple[str, str]:
    [message] = [message for message in rows(Message) if message.notice != "confirm_email"]
    return message.state, message.reason


def run_worker(tmp_path: Any, trouble: SendFailed) -> None:
    """Run the worker's round with a mail server that refuses."""
    Outbox(gateways_with(RecordingSender(raising(trouble)), tmp_path), "https://wss.example.in").deliver_due()


def test_a_letter_that_came_back_has_failed_for_good(pooja: Consumer):
    letter = a_letter_to(pooja)

    assert apply_bounce(a_bounce(letter.id))
    assert state() == (DeliveryState.PERMANENT_FAILURE, "5.1.1")


def test_its_address_is_marked(pooja: Consumer, frozen_clock: Any):
    apply_bounce(a_bounce(a_letter_to(pooja).id))

    assert bounced_at() == frozen_clock.now
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
    ("letter", "mail"),
    [
        ({}, {"action": "delayed", "status": "4.4.1"}),
        ({}, {"message_id": "<x@example.com>"}),
        ({"channel": "sms", "recipient": MOBILE}, {}),
    ],
    ids=["a delay", "a letter of others", "an SMS"],
)
def test_a_mail_without_a_failure_of_ours_changes_nothing(
    pooja: Consumer, letter: dict[str, str], mail: dict[str, str]
):
    assert not apply_bounce(a_bounce(a_letter_to(pooja, **letter).id, **mail))
    assert (state()[0], bounced_at()) == (DeliveryState.SENT, None)


def test_the_mail_about_a_former_address_leaves_the_new_one_alone(pooja: Consumer):
    letter = a_letter_to(pooja, recipient="old@example.in")

    apply_bounce(a_bounce(letter.id))

    assert bounced_at() is None


def test_a_server_that_knows_no_such_box_marks_the_address_at_once(
    pooja: Consumer, tmp_path: Any, frozen_clock: Any
):
    a_letter_to(pooja, state=DeliveryState.WAITING)

    run_worker(tmp_path, SendFailed("smtp 550", again=False, answered=True, no_such_recipient=True))

    assert (state()[0], bounced_at()) == (DeliveryState.PERMANENT_FAILURE, frozen_clock.now)


@pytest.mark.parametrize(
    ("letter", "trouble"),
    [
        ({}, SendFailed("smtp 554", again=True, answered=True)),
        ({}, SendFailed("smtp 554", again=False, answered=True)),
        ({"channel": "sms", "recipient": MOBILE}, SendFailed("422", again=False, no_such_recipient=True)),
    ],
    ids=["refused for now", "refused for another reason", "an SMS to no number"],
)
def test_other_refusals_mark_no_address(
    pooja: Consumer, tmp_path: Any, letter: dict[str, str], trouble: SendFailed
):
    a_letter_to(pooja, state=DeliveryState.WAITING, **letter)

    run_worker(tmp_path, trouble)

    assert bounced_at() is None


def test_a_marked_address_gets_no_alerts(pooja: Consumer):
    apply_bounce(a_bounce(a_letter_to(pooja).id))

    [consumer] = rows(Consumer)
    assert recipient_of(consumer).email is None


def own(consumer: Consumer) -> Actor:
    return Actor(Role.CONSUMER, str(consumer.id))


def test_another_address_is_not_marked(pooja: Consumer):
    apply_bounce(a_bounce(a_letter_to(pooja).id))

    change_settings(own(pooja), "hi", sms_alerts=True, email_alerts=True, email="new@example.in")

    assert bounced_at() is None


def test_the_same_address_once_more_gets_a_link_and_stays_marked(pooja: Consumer):
    apply_bounce(a_bounce(a_letter_to(pooja).id))

    change_settings(own(pooja), "hi", sms_alerts=True, email_alerts=True, email=EMAIL)

    assert bounced_at() is not None
    assert [m.recipient for m in rows(Message) if m.notice == "confirm_email"] == [EMAIL]


def test_following_that_link_takes_the_mark_away(pooja: Consumer, tmp_path: Any):
    apply_bounce(a_bounce(a_letter_to(pooja).id))
    change_settings(own(pooja), "hi", sms_alerts=True, email_alerts=True, email=EMAIL)
    sender = RecordingSender()
    Outbox(gateways_with(sender, tmp_path), "https://wss.example.in").deliver_due()

    follow_activation_link(sender.sent[-1].text.partition("/activate/")[2].split()[0])

    assert bounced_at() is None


def test_settings_without_a_marked_address_send_no_link(pooja: Consumer):
    change_settings(own(pooja), "en", sms_alerts=True, email_alerts=True, email=EMAIL)

    assert rows(Message) == []


@pytest.fixture
def mistyped(database: Any, frozen_clock: Any) -> Consumer:
    """Provide a consumer who wants alerts at an address that was never confirmed."""
    return given(a_consumer(email=EMAIL, email_alerts=True))


def ask_again(consumer: Consumer) -> Any:
    return resend_confirmation(Actor(Role.CONSUMER, str(consumer.id)))


def test_alerts_begin_by_email_once_the_address_is_confirmed(mistyped: Consumer):
    before = recipient_of(mistyped).email
    mistyped.email_verified_at = now()

    assert (before, recipient_of(mistyped).email) == (None, EMAIL)


def test_of_all_notices_only_those_that_confirm_go_to_an_unconfirmed_address(database: Any):
    by_email = [notice.name for notice in NOTICES.values() if "email" in notice.channels]

    with transaction():
        for name in by_email:
            queue_notice(name, Recipient("en", unconfirmed_email=EMAIL), {})

    assert {message.notice for message in messages()} == {"confirm_email", "activation"}


def test_the_confirmation_that_was_sent_again_confirms(mistyped: Consumer):
    ask_again(mistyped)

    follow_activation_link(token_in("confirm_email"))

    assert ask_again(mistyped) is None


def test_a_fourth_confirmation_in_a_day_is_refused_with_the_time_to_wait(mistyped: Consumer):
    sent = [ask_again(mistyped).allowed for _time in range(3)]

    refused = ask_again(mistyped)

    assert (sent, refused.allowed, refused.retry_after) == ([True] * 3, False, 86_400)
    assert len(messages("confirm_email")) == 3


def test_another_login_uses_up_no_confirmation_of_the_owner(mistyped: Consumer):
    stranger = given(a_consumer(email=EMAIL))
    for _time in range(4):
        ask_again(stranger)

    ask_again(mistyped)

    own = [message for message in messages("confirm_email") if message.consumer_id == mistyped.id]
    assert [message.state for message in own] == [DeliveryState.WAITING]


@pytest.fixture
def letters(database: Any, frozen_clock: Any, tmp_path: Any):
    """Provide the e-mails that are sent to a household: one alert and one that is none."""
    consumer = given(a_consumer(email=EMAIL, email_alerts=True))
    recipient = Recipient("en", email=EMAIL, consumer_id=consumer.id)
    with transaction():
        queue_notice("closed", recipient, {"complaint_no": "100 0000 0016"})
        queue_notice("confirm_email", recipient, {"path": "/activate/abc"})
    sender = RecordingSender()
    Outbox(gateways_with(sender, tmp_path), "https://wss.example.in").deliver_due()
    return {parcel.notice: parcel for parcel in sender.sent}


@pytest.mark.parametrize(
    ("notice", "folder"), [("closed", "https://wss.example.in/unsubscribe"), ("confirm_email", "")]
)
def test_an_alert_and_nothing_else_has_an_address_that_ends_alerts(letters: Any, notice: str, folder: str):
    assert letters[notice].unsubscribe.rpartition("/")[0] == folder
