"""Many clerks at one pooled queue: each gets another complaint, and of those who want the same one, one gets it."""

import os
from typing import Any

import pytest

from tests.factories import OFFICE, Household, a_household, a_service_request, bill_correction, given
from tests.fixtures.complaint_handling import CLERK, NUMBER, rows, staff_of_the_office
from tests.resilience.test_registration_races import all_at_once, print_counts
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden, Outdated
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action
from wss.models import AuditEntry, Event, Office, ServiceRequest, Staff
from wss.services.requests.actions import take_action
from wss.services.requests.pool import take_next
from wss.services.requests.transition_types import ActionRequest

SOAK = bool(os.environ.get("WSS_SOAK"))
CLERKS, WAITING = (64, 60) if SOAK else (16, 12)
CROWD = 100 if SOAK else 24
ROUNDS = 20 if SOAK else 1


@pytest.fixture
def queue(database: Any) -> Household:
    """Provide a pooled office with fewer complaints than clerks."""
    given(*bill_correction())
    home = a_household()
    for number in range(WAITING):
        household = a_household(f"{7950000000 + number}")
        a_service_request(household, complaint_no_from(1_000_001_000 + number))
    staff = [
        Staff(employee_id=f"K{number}", name=f"K{number}", role="billing_clerk", office_code=OFFICE)
        for number in range(CLERKS)
    ]
    given(*staff)
    with transaction() as session:
        session.get_one(Office, OFFICE).pooled = True
    return home


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_clerks_who_ask_at_once_all_get_different_complaints(queue: Household, round_: int):
    outcomes = all_at_once(lambda n: take_next(Actor(Role.BILLING_CLERK, f"K{n}", OFFICE)), CLERKS)

    handed_out = [number for number in outcomes if number]
    print_counts("clerks at a pooled queue", [bool(number) for number in outcomes])
    assert len(handed_out) == len(set(handed_out)) == WAITING
    assert {(row.complaint_no, row.status) for row in rows(ServiceRequest)} == {
        (number, "in_review") for number in handed_out
    }
    assert len({row.assignee_id for row in rows(ServiceRequest)}) == WAITING


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_a_crowd_that_takes_up_one_complaint_one_gets_it(database: Any, round_: int):
    given(*bill_correction())
    household = a_household()
    staff_of_the_office()
    a_service_request(household, NUMBER)

    def take_up(_number: int) -> str:
        try:
            return take_action(CLERK, NUMBER, ActionRequest(Action.TAKE_UP, version=1)).status.value
        except (Outdated, Forbidden) as no:
            return no.code

    counts = print_counts("take up one complaint", all_at_once(take_up, CROWD))
    assert counts["in_review"] == 1
    assert counts["outdated"] == CROWD - 1
    assert len(rows(Event)) == 2
    assert [entry.deed for entry in rows(AuditEntry)] == ["take_up"]
