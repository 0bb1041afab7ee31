"""An unconfirmed e-mail address gets only the e-mail that confirms it."""

from typing import Any

import pytest

from tests.factories import a_consumer, given
from tests.fixtures.registration import messages, token_in
from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.delivery import DeliveryState
from wss.domain.notices import NOTICES
from wss.models import Consumer
from wss.services.messages.notices import Recipient, queue_notice, recipient_of
from wss.services.my_data.settings import resend_confirmation
from wss.services.registration.activation import follow_activation_link

EMAIL = "pooja@example.in"


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
