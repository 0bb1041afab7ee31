"""The delivery status of a message on the timeline, in words for its reader."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import Household, a_message, given, sign_in, sign_in_staff
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import NUMBER, rows
from tests.fixtures.site import Visitor
from wss.domain.delivery import DeliveryState
from wss.domain.receipts import DeliveryReceipt
from wss.models import Message, ServiceRequest
from wss.services.messages.receipts import apply_receipt

TIMELINE = f"/requests/{NUMBER}"
WORDS: list[tuple[dict[str, Any], str]] = [
    ({}, "being sent"),
    ({"state": DeliveryState.SENDING}, "being sent"),
    ({"attempts": 2, "due_in": {"minutes": 5}}, "not sent yet, next try after 15:35"),
    ({"state": DeliveryState.SENT}, "sent 15:31, not yet confirmed"),
    ({"state": DeliveryState.SENT, "channel": "email"}, "sent 15:31"),
    ({"state": DeliveryState.DELIVERED}, "delivered 15:31"),
    (
        {"state": DeliveryState.TEMPORARY_FAILURE, "due_in": {"hours": 1}},
        "phone is off or has no signal; we will try again after 16:30",
    ),
    (
        {"state": DeliveryState.TEMPORARY_FAILURE, "due_in": {"hours": 12}},
        "phone is off or has no signal; we will try again after 25-11-2026, 03:30",
    ),
    ({"state": DeliveryState.PERMANENT_FAILURE}, "this number does not exist"),
    ({"state": DeliveryState.PERMANENT_FAILURE, "channel": "email"}, "this address does not exist"),
    ({"state": DeliveryState.DEAD, "reason": "refused"}, "could not be sent; our staff are looking into it"),
    (
        {"state": DeliveryState.DEAD, "reason": DeliveryState.TEMPORARY_FAILURE},
        "not delivered; the phone was off or had no signal",
    ),
    ({"state": DeliveryState.EXPIRED}, "not sent because it was too late"),
]


def insert_message(home: Household, clock: FrozenClock, **facts: Any) -> None:
    """Insert a message about the request in this state."""
    [request] = rows(ServiceRequest)
    due_at = clock.now + timedelta(**facts.pop("due_in", {}))
    about: dict[str, Any] = {"service_request_id": request.id, "event_number": 1, "due_at": due_at}
    if facts.get("channel") == "email":
        about["recipient"] = "pooja@example.in"
    settled_at = clock.now + timedelta(minutes=1) if "state" in facts else None
    given(a_message(**about, settled_at=settled_at, **facts))


@pytest.fixture
def consumer(visitor: Visitor, complainant: Household) -> Visitor:
    """Return the household's consumer, reading English."""
    sign_in(visitor, complainant.consumer)
    visitor.get("/account?lang=en")
    return visitor


@pytest.mark.parametrize(("facts", "words"), WORDS)
def test_each_state_has_words_for_its_recipient(
    consumer: Visitor, complainant: Household, frozen_clock: FrozenClock, facts: Any, words: str
):
    insert_message(complainant, frozen_clock, **facts)

    line = consumer.get(TIMELINE).root.find(".//p[@class='sms']")

    channel = "E-mail" if facts.get("channel") == "email" else "SMS"
    line_text = " ".join("".join(line.itertext()).split())
    assert line_text.partition(": ")[0] == f"{channel} {words}"


@pytest.mark.parametrize(("channel", "address"), [("sms", "/update-mobile"), ("email", "/account/settings")])
def test_only_its_consumer_is_led_to_where_a_number_that_does_not_exist_is_put_right(
    consumer: Visitor, complainant: Household, frozen_clock: FrozenClock, channel: str, address: str
):
    insert_message(complainant, frozen_clock, state=DeliveryState.PERMANENT_FAILURE, channel=channel)
    consumer_visitor = consumer.get(TIMELINE)
    sign_in_staff(consumer, "C1")
    at_the_office = consumer.get(f"/todo/{NUMBER}/timeline")

    assert address in consumer_visitor.links and "does not exist" in at_the_office.text
    assert address not in at_the_office.links


def test_an_open_page_shows_a_new_receipt(
    consumer: Visitor, complainant: Household, frozen_clock: FrozenClock
):
    insert_message(complainant, frozen_clock, state=DeliveryState.SENT, gateway="first")
    before = consumer.get(TIMELINE).text
    frozen_clock.advance(minutes=2)
    [message] = rows(Message)
    apply_receipt(DeliveryReceipt(message.id, DeliveryState.DELIVERED, "", frozenset({"first"})))

    assert ", not yet confirmed" in before
    assert "delivered 15:32" in consumer.get(f"{TIMELINE}?v=1", htmx=True).text
