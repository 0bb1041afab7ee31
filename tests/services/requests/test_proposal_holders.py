"""The holder of a request while a decision is proposed, and after it was sent back, withdrawn or decided."""

from dataclasses import replace
from typing import Any

import pytest

from tests.factories import Household, escalation_rows, given
from tests.fixtures.bill_revision import EE, approve, proposed
from tests.fixtures.complaint_handling import CLERK, SDO, consumer_of, office_acts, the_request
from wss.db import transaction
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import Action
from wss.models import Bill
from wss.services.requests.actions import take_action
from wss.services.requests.escalation import escalate_due
from wss.services.requests.transition_types import ActionRequest


def holder() -> tuple[str, str | None]:
    """Return the post that holds the request, and the assignee."""
    request = the_request()
    return request.holder_role, request.assignee_id


def raise_bill_above_limit(household: Household) -> None:
    """Make the bill so high that only an EE may approve its revision."""
    with transaction() as session:
        bill = session.get(Bill, household.bill_no)
        assert bill is not None
        bill.energy_charge_paise, bill.amount_paise = 40_000_00, 40_482_35


def test_while_a_decision_is_proposed_the_post_that_decides_holds_it(complainant: Household):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)

    assert holder() == ("sdo", None)


def test_a_change_beyond_the_limit_of_the_sdo_waits_for_the_ee(taken_up: Household):
    raise_bill_above_limit(taken_up)
    proposed(taken_up)

    assert holder() == ("ee", None)


def test_no_one_approves_what_they_proposed_in_a_former_post(complainant: Household):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)

    with pytest.raises(Forbidden, match="own_proposal"):
        office_acts(replace(EE, id=CLERK.id), Action.APPROVE)


def test_what_is_sent_back_is_again_with_its_maker(complainant: Household):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)
    office_acts(SDO, Action.SEND_BACK)

    assert holder() == ("billing_clerk", "C1")
    assert the_request().returns_to_role is None


def test_what_moved_up_while_it_was_proposed_is_not_sent_down_again(
    complainant: Household, frozen_clock: Any
):
    given(*escalation_rows())
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)
    frozen_clock.advance(days=5)
    escalate_due()
    moved_up_to = holder()
    office_acts(SDO, Action.SEND_BACK)

    assert moved_up_to == holder() == ("ee", None)


def test_neither_clock_restarts_while_a_proposal_is_sent_back_and_forth(
    complainant: Household, frozen_clock: Any
):
    given(*escalation_rows())
    frozen_clock.advance(hours=18, minutes=30)
    office_acts(CLERK, Action.TAKE_UP)
    for _ in range(2):
        frozen_clock.advance(hours=1)
        office_acts(CLERK, Action.PROPOSE)
        frozen_clock.advance(minutes=10)
        office_acts(SDO, Action.SEND_BACK)

    request = the_request()
    assert (request.clock_used_s, request.other_clock_s) == (12_600, 1_200)


@pytest.mark.parametrize("is_dear", [False, True])
def test_a_refusal_goes_above_the_post_that_decided(taken_up: Household, is_dear: bool):
    if is_dear:
        raise_bill_above_limit(taken_up)
    proposed(taken_up)
    approve(EE if is_dear else SDO)
    take_action(
        consumer_of(taken_up), the_request().complaint_no, ActionRequest(Action.REFUSE, "Still wrong.")
    )

    assert holder() == ("se" if is_dear else "ee", None)
