"""A consumer disputes a bill with a photo, the offices work on it, and the consumer follows it."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, escalation_rows, given
from tests.fixtures.consumer_session import a_photo, lodge
from tests.fixtures.site import Visitor
from wss import clock
from wss.db import reading
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.lifecycle import Action, Resolution
from wss.models import Message, Staff
from wss.services.requests.actions import take_action
from wss.services.requests.transition_types import ActionRequest


@pytest.fixture
def officers(family: Household) -> tuple[Actor, Actor]:
    """Provide the clerk and the SDO of the household's office."""
    office = family.connection.subdivision_code
    given(
        Staff(employee_id="K4711", name="A Clerk", role="billing_clerk", office_code=office),
        Staff(employee_id="K4712", name="An Officer", role="sdo", office_code=office),
        *escalation_rows(),
    )
    return Actor(Role.BILLING_CLERK, "K4711", office), Actor(Role.SDO, "K4712", office)


def work_on(number: str, consumer: Actor, clerk: Actor, sdo: Actor) -> None:
    """Take the request through question, answer, delay, proposal, send-back, approval and confirmation."""
    for actor, move in (
        (clerk, ActionRequest(Action.TAKE_UP)),
        (clerk, ActionRequest(Action.ASK, "Please read the meter again.")),
        (consumer, ActionRequest(Action.ANSWER, "It says 1051.")),
    ):
        take_action(actor, number, move)
    with clock.frozen_at(clock.now() + timedelta(days=14)):
        take_action(SYSTEM, number, ActionRequest(Action.ESCALATE))
    for actor, move in (
        (clerk, ActionRequest(Action.PROPOSE, "The photo shows 1050.", Resolution.REVISED)),
        (sdo, ActionRequest(Action.SEND_BACK, "Look at the multiplying factor, Ramesh.")),
        (clerk, ActionRequest(Action.PROPOSE, "The factor is right.", Resolution.REVISED)),
        (sdo, ActionRequest(Action.APPROVE)),
        (consumer, ActionRequest(Action.CONFIRM)),
    ):
        take_action(actor, number, move)


def test_a_bill_is_disputed_worked_on_and_settled(
    consumer_visitor: Visitor, family: Household, officers: tuple[Actor, Actor], app: Any
):
    clerk, sdo = officers
    assert family.consumer is not None
    consumer = Actor(Role.CONSUMER, str(family.consumer.id))
    number = lodge(consumer_visitor, family, remarks="The reader never came.", documents=[a_photo()])

    work_on(number, consumer, clerk, sdo)
    with clock.frozen_at(clock.now() + timedelta(days=15)):
        app.extensions["wss"].outbox.deliver_due()

    page = consumer_visitor.get(f"/requests/{number}")
    for words in (
        "Please read the meter again.",
        "It says 1051.",
        "Not settled in time: sent to a senior officer",
        "The factor is right.",
        "Proposed: Revise the bill",
        "Closed: you confirmed",
        "meter.jpg",
    ):
        assert words in page.text
    # Internal remarks and the names of officers are not shown on this page.
    for words in ("The photo shows 1050.", "Ramesh", "A Clerk", "An Officer", "K4711", "K4712"):
        assert words not in page.text
    assert consumer_visitor.get(f"/requests/{number}?v=1", htmx=True).status == 286
    with reading() as session:
        told = session.execute(sa.select(Message.notice, Message.state).order_by(Message.event_number)).all()
    assert [tuple(row) for row in told] == [
        (notice, "sent") for notice in ("request_registered", "question", "escalated", "resolved", "closed")
    ]
