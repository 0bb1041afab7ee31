"""Frozen requests: no step is possible, the clock is paused, and the timeline shows both."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, escalation_rows, given
from tests.fixtures.complaint_handling import (
    CLERK,
    NUMBER,
    consumer_of,
    office_acts,
    resolve,
    rows,
    the_request,
)
from wss.clock import now
from wss.db import transaction
from wss.domain.actor import SYSTEM
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import Action
from wss.models import Event, Message
from wss.queries.service_requests import visible_request
from wss.services.requests._freeze import set_frozen
from wss.services.requests.actions import take_action
from wss.services.requests.escalation import escalate_due
from wss.services.requests.expiry import expire_waits
from wss.services.requests.transition_types import ActionRequest


def freeze(frozen: bool = True) -> None:
    with transaction():
        set_frozen(SYSTEM, visible_request(SYSTEM, NUMBER, now()), frozen)


def test_a_frozen_request_accepts_no_step(complainant: Household):
    freeze()

    for actor, action in ((CLERK, Action.TAKE_UP), (consumer_of(complainant), Action.WITHDRAW)):
        with pytest.raises(Forbidden, match="frozen"):
            take_action(actor, NUMBER, ActionRequest(action))


def test_its_clock_is_stopped_until_unfreezing(complainant: Household, frozen_clock: Any):
    given(*escalation_rows())
    frozen_clock.advance(minutes=30)
    freeze()
    frozen = the_request()
    frozen_clock.advance(days=30)
    moved = escalate_due()
    freeze(False)

    assert (frozen.clock_from, frozen.clock_used_s, frozen.escalate_at, moved) == (None, 1800, None, 0)
    assert (the_request().clock_from, the_request().clock_used_s) == (frozen_clock.now, 1800)


def test_the_consumers_days_to_confirm_restart_after_unfreezing(complainant: Household, frozen_clock: Any):
    resolve()
    freeze()
    with transaction() as session:
        session.execute(
            sa.update(Message).where(Message.notice == "resolved_not_needed").values(state="sent")
        )
    frozen_clock.advance(days=30)
    freeze(False)
    expire_waits(close_on_silence=True)

    assert (the_request().status, the_request().status_since) == ("resolved", frozen_clock.now)


def test_both_are_on_the_timeline(complainant: Household):
    freeze()
    freeze(False)

    assert [(event.number, event.action) for event in rows(Event)][1:] == [(2, "freeze"), (3, "unfreeze")]


def test_it_is_not_frozen_twice_or_after_its_end(complainant: Household):
    with pytest.raises(Forbidden):
        freeze(False)
    office_acts(CLERK, Action.TAKE_UP)
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.WITHDRAW))
    with pytest.raises(Forbidden):
        freeze()
