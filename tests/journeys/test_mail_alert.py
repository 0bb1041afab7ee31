"""An alert goes out through a real mail server and comes back: unsubscribed by the reader, or bounced by a server."""

from typing import Any

import pytest

from tests.factories import a_consumer, given
from tests.fixtures.bounces import a_bounce
from tests.fixtures.complaint_handling import rows
from tests.fixtures.message_servers import Mailbox, gateways_with
from tests.fixtures.site import Visitor
from wss.clock import now
from wss.db import transaction
from wss.domain.delivery import DeliveryState
from wss.gateways.email import SmtpSender
from wss.gateways.relay import Relay
from wss.models import Consumer, Message
from wss.services.messages.notices import queue_notice, recipient_of
from wss.services.messages.outbox import Outbox

SITE = "http://127.0.0.1:5000"


@pytest.fixture
def alert(app: Any, frozen_clock: Any, mailbox: Mailbox, tmp_path: Any) -> Any:
    """Queue an alert to a consumer who wants alerts by e-mail, and have the worker send it."""
    facts = {"email": "pooja@example.in", "email_alerts": True, "email_verified_at": now()}
    consumer = given(a_consumer(mobile=None, **facts))
    worker = Outbox(
        gateways_with(Relay([SmtpSender(mailbox.url, "WSS <wss@example.in>", SITE)]), tmp_path), SITE
    )

    def send_alert() -> None:
        with transaction():
            queue_notice("closed", recipient_of(consumer), {"complaint_no": "100 0000 0016"})
        worker.deliver_due()

    return send_alert


def the_message() -> Message:
    [message] = rows(Message)
    return message


def the_consumer() -> Consumer:
    [consumer] = rows(Consumer)
    return consumer


def test_the_readers_mail_program_ends_the_alerts(alert: Any, mailbox: Mailbox, visitor: Visitor):
    alert()
    [letter] = mailbox.letters

    path = letter["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    name, value = letter["List-Unsubscribe-Post"].split("=")
    page = visitor.post(path, {name: value})

    assert (page.status, the_consumer().email_alerts) == (200, False)


def test_the_server_sends_it_back_later(alert: Any, mailbox: Mailbox, app: Any):
    alert()
    [letter] = mailbox.letters
    key = letter["Message-ID"].strip("<>").partition("@")[0]

    app.test_cli_runner().invoke(args=["outbox", "bounced"], input=a_bounce(key))

    assert (the_message().state, the_consumer().email_bounced_at is not None) == (
        DeliveryState.PERMANENT_FAILURE,
        True,
    )


@pytest.mark.parametrize(
    ("answer", "state", "is_bad_address"),
    [
        pytest.param(
            "550 5.1.1 no such box", DeliveryState.PERMANENT_FAILURE, True, id="an unknown address is bad"
        ),
        pytest.param("552 5.2.2 box full", DeliveryState.DEAD, False, id="a full mailbox is no bad address"),
    ],
)
def test_the_server_refuses_it_at_once(
    alert: Any, mailbox: Mailbox, answer: str, state: DeliveryState, is_bad_address: bool
):
    mailbox.answers["RCPT"] = answer

    alert()

    assert (the_message().state, the_consumer().email_bounced_at is not None) == (state, is_bad_address)
