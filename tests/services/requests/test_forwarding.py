"""Forwarding: only to offices that decide and from which a request is escalated; a late request stays with its
office."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import OFFICE, Household, escalation_rows, given
from tests.fixtures.bill_revision import EE
from tests.fixtures.complaint_handling import CLERK, DIVISION, SDO, office_acts, the_request
from wss.db import transaction
from wss.domain.actor import SYSTEM
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import Action
from wss.models import Office, ServiceRequest, Staff
from wss.queries.reference import bump_reference_version

BESIDE = f"{DIVISION}-S9"


@pytest.fixture
def moving_up(complainant: Household) -> Household:
    """The complaint of an office with a clerk and an SDO; above them an EE and an SE, and the rows of escalation."""
    path = "/".join(office_at(depth) for depth in range(1, 5)) + f"/{BESIDE}"
    beside = Office(code=BESIDE, parent_code=DIVISION, level="subdivision", name="n", name_hi="n", path=path)
    given(beside, *escalation_rows())
    with transaction():
        bump_reference_version()
    return complainant


def office_at(depth: int) -> str:
    return "-".join(OFFICE.split("-")[:depth])


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_request_is_not_forwarded_to_where_no_post_decides(moving_up: Household, depth: int) -> None:
    office_acts(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="office_cannot_handle"):
        office_acts(CLERK, Action.FORWARD, office_code=office_at(depth))


def test_a_request_is_not_forwarded_to_where_it_moves_up_no_more(moving_up: Household) -> None:
    given(Staff(employee_id="E9", name="E9", role="ee", office_code=office_at(2)))
    with transaction():
        bump_reference_version()
    office_acts(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="office_cannot_handle"):
        office_acts(CLERK, Action.FORWARD, office_code=office_at(2))


def test_a_request_in_time_is_forwarded_by_its_own_office(moving_up: Household) -> None:
    office_acts(CLERK, Action.TAKE_UP)

    office_acts(CLERK, Action.FORWARD, office_code=BESIDE)

    assert the_request().office_code == BESIDE


@pytest.mark.parametrize("late", ["promise", "moved up"])
def test_a_late_request_is_forwarded_only_from_above_both_offices(
    moving_up: Household, frozen_clock: Any, late: str
) -> None:
    frozen_clock.advance(days=30)
    if late == "moved up":
        office_acts(SYSTEM, Action.ESCALATE)
        with transaction() as session:
            session.execute(sa.update(ServiceRequest).values(promised_on=frozen_clock.now.date()))
    office_acts(SDO, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="late_stays"):
        office_acts(SDO, Action.FORWARD, office_code=BESIDE)
    office_acts(EE, Action.FORWARD, office_code=BESIDE)
    assert the_request().office_code == BESIDE
