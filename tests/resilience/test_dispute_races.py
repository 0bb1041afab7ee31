"""A request is disputed while others act on it: it is frozen once, and no step is half done."""

import os
from typing import Any

import pytest

from tests.factories import Household, given
from tests.fixtures.complaint_handling import CLERK, DIVISION, NUMBER, rows, the_request
from tests.resilience.test_registration_races import all_at_once, print_counts
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import RuleBroken
from wss.domain.lifecycle import Action
from wss.models import Event, Message, Staff
from wss.services.requests.actions import take_action
from wss.services.requests.disputes import cancel, dispute, lift
from wss.services.requests.request_links import dispute_path
from wss.services.requests.transition_types import ActionRequest

CROWD = 100 if os.environ.get("WSS_SOAK") else 16
SUPERVISORS = [Actor(Role.HELPDESK_SUPERVISOR, number, DIVISION) for number in ("V1", "V2")]


@pytest.fixture
def token(complainant: Household) -> str:
    """Return the link of the SMS about the household's complaint; adds two supervisors."""
    given(
        *(
            Staff(employee_id=one.id, name=one.id, role=one.role.value, office_code=DIVISION)
            for one in SUPERVISORS
        )
    )
    with transaction():
        return dispute_path(the_request().id).rpartition("/")[2]


def outcome_of(deed: Any) -> str:
    try:
        return str(deed())
    except RuleBroken as refused:
        return refused.code


def test_however_many_press_it_stops_once_and_an_officers_step_does_not_keep_it_going(token: str):
    def someone(number: int) -> str:
        if number % 4 == 1:
            return outcome_of(lambda: take_action(CLERK, NUMBER, ActionRequest(Action.TAKE_UP)).status)
        return outcome_of(lambda: dispute(token, ""))

    outcomes = all_at_once(someone, CROWD)

    assert print_counts("disputes", outcomes)["True"] == 1
    assert the_request().frozen
    assert [one.action for one in rows(Event)].count("freeze") == 1
    assert [one.number for one in rows(Event)] == list(range(1, len(rows(Event)) + 1))


def test_of_all_decisions_about_a_dispute_one_counts_and_is_notified_once(token: str):
    dispute(token, "")

    outcomes = all_at_once(
        lambda number: outcome_of(
            lambda: (lift, cancel)[number % 2](SUPERVISORS[number // 2 % 2], NUMBER, "Looked into it.")
        ),
        CROWD,
    )

    assert print_counts("decisions", outcomes)["None"] == 1
    assert len(rows(Message)) == 1 and not the_request().frozen
