"""The consumer's side of a complaint: its number, a question, an answer with a photo, settled by link."""

from typing import Any

import pytest

from tests.factories import MOBILE, Household
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.complaint_handling import (
    CLERK,
    SDO,
    ask,
    office_acts,
    path_of,
    resolve,
    rows,
    staff_of_the_office,
    the_request,
)
from tests.fixtures.consumer_session import a_photo, lodge
from tests.fixtures.site import Visitor
from wss.domain.lifecycle import Action
from wss.models import Document, Event, Message, ServiceRequest


@pytest.fixture
def office(family: Household) -> None:
    """Provide the office that handles the family's complaint."""
    staff_of_the_office()


def test_asked_answered_with_a_photo_resolved_and_confirmed_by_the_link_of_the_sms(
    frozen_clock: FrozenClock,
    family: Household,
    office: None,
    consumer_visitor: Visitor,
    another_visitor: Visitor,
    app: Any,
):
    number = lodge(consumer_visitor, family)
    timeline = f"/requests/{number}"
    ask(number)
    page = consumer_visitor.get(timeline)
    assert "Please send a photo of the meter." in page.text
    wanted = {"action": "answer", "remark": "Here it is.", "documents": [a_photo()]}
    answered = consumer_visitor.send(page, timeline, form=f"{timeline}/actions", **wanted)
    assert "Your answer has been sent to the office." in consumer_visitor.get(answered.location).text
    office_acts(CLERK, Action.PROPOSE, number, remark="The photo shows it.")
    office_acts(SDO, Action.APPROVE, number)
    link = path_of("resolved")
    app.extensions["wss"].outbox.deliver_due()
    confirmed = another_visitor.fill(link, form=link, action="confirm")

    assert confirmed.location == "/confirmed?now=confirmed"
    assert (the_request(number).status, the_request(number).closing) == ("closed", "confirmed")
    steps = "register take_up ask answer propose approve confirm"
    assert [event.action for event in rows(Event)] == steps.split()
    assert [document.service_request_id for document in rows(Document)] == [the_request(number).id]
    assert "Closed: you answered “Yes”" in consumer_visitor.get(timeline).text
    tracked = another_visitor.fill("/track", complaint_no=number, mobile_last4=MOBILE[-4:])
    assert tracked.status == 200


def test_a_question_is_answered_by_the_link_of_its_sms_and_a_photo_follows_until_the_office_continues(
    frozen_clock: FrozenClock,
    family: Household,
    office: None,
    consumer_visitor: Visitor,
    another_visitor: Visitor,
    app: Any,
):
    number = lodge(consumer_visitor, family)
    ask(number)
    app.extensions["wss"].outbox.deliver_due()
    link = path_of("question")
    frozen_clock.advance(minutes=20)
    answered = another_visitor.fill(f"{link}?lang=en", form=link, remark="It says 1051.")
    assert "Your answer has been sent to the office." in another_visitor.get(answered.location).text
    another_visitor.fill(link, form=link, documents=[a_photo()])
    assert "Received so far: 1" in another_visitor.get(link).text
    office_acts(CLERK, Action.PROPOSE, number, remark="The photo shows it.")

    assert another_visitor.get(link).status == 404
    steps = "register take_up ask answer add_document propose"
    assert [event.action for event in rows(Event)] == steps.split()
    timeline = consumer_visitor.get(f"/requests/{number}")
    assert "It says 1051." in timeline.text and "meter.jpg" in timeline.text


def test_refused_three_times_it_is_disputed_above_and_at_the_forum(
    frozen_clock: FrozenClock, family: Household, office: None, consumer_visitor: Visitor
):
    number = lodge(consumer_visitor, family)
    timeline = f"/requests/{number}"
    for _ in range(3):
        resolve(number)
        page = consumer_visitor.get(timeline)
        consumer_visitor.send(
            page, timeline, form=f"{timeline}/actions", action="refuse", remark="The reading is still wrong."
        )

    first, second = sorted(rows(ServiceRequest), key=lambda row: row.id)
    page = consumer_visitor.get(timeline)
    assert (first.closing, second.status) == ("disputed", "registered")
    assert f"/requests/{second.complaint_no}" in page.links
    assert consumer_visitor.get(f"{timeline}/petition.pdf").response.data.startswith(b"%PDF-")
    assert timeline in consumer_visitor.get(f"/requests/{second.complaint_no}").links
    assert [message.notice for message in rows(Message)].count("request_registered") == 2
