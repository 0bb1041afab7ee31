"""The unsubscribe link of alerts works for its own recipient only."""

from typing import Any

import pytest

from tests.factories import a_consumer, given
from tests.fixtures.message_servers import RecordingSender, gateways_with
from wss.db import transaction
from wss.services.messages.notices import Recipient, queue_notice
from wss.services.messages.outbox import Outbox

EMAIL = "pooja@example.in"


@pytest.fixture
def letters(database: Any, frozen_clock: Any, tmp_path: Any):
    """Provide the e-mails that are sent to a household: one alert and one that is none."""
    consumer = given(a_consumer(email=EMAIL, email_alerts=True))
    told = Recipient("en", email=EMAIL, consumer_id=consumer.id)
    with transaction():
        queue_notice("closed", told, {"complaint_no": "100 0000 0016"})
        queue_notice("confirm_email", told, {"path": "/activate/abc"})
    sender = RecordingSender()
    Outbox(gateways_with(sender, tmp_path), "https://wss.example.in").deliver_due()
    return {parcel.notice: parcel for parcel in sender.sent}


def test_an_alert_shows_where_alerts_are_ended(letters: Any):
    assert letters["closed"].unsubscribe.startswith("https://wss.example.in/unsubscribe/")


def test_a_letter_that_is_no_alert_cannot_be_ended(letters: Any):
    assert letters["confirm_email"].unsubscribe == ""
