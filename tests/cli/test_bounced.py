"""`flask --app app outbox bounced`: a mail server delivers bounced mails."""

from typing import Any

from tests.factories import a_consumer, a_message, given
from tests.fixtures.bounces import a_bounce
from tests.fixtures.complaint_handling import rows
from wss.domain.delivery import DeliveryState
from wss.models import Consumer


def test_a_mail_from_standard_input_is_taken(app: Any, frozen_clock: Any):
    consumer = given(a_consumer(email="pooja@example.in"))
    facts = {"channel": "email", "recipient": "pooja@example.in", "consumer_id": consumer.id}
    letter = given(a_message(state=DeliveryState.SENT, **facts))

    ended = app.test_cli_runner().invoke(args=["outbox", "bounced"], input=a_bounce(letter.id))

    assert (ended.exit_code, ended.output) == (0, "The bounce was recorded.\n")
    assert rows(Consumer)[0].email_bounced_at == frozen_clock.now


def test_another_mail_is_no_fault(app: Any):
    ended = app.test_cli_runner().invoke(
        args=["outbox", "bounced"], input=b"Subject: hello\r\n\r\nfree money"
    )

    assert (ended.exit_code, ended.output) == (
        0,
        "Nothing to record: not a new bounce of a message of this site.\n",
    )
