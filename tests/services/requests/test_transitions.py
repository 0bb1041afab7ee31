"""Transitions: every step of the life cycle, each once, by permitted actors only, and who holds the request then."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import OFFICE, Household, a_service_request, escalation_rows, execute, given, offices
from tests.fixtures.bill_revision import EE, approve, proposed
from tests.fixtures.complaint_handling import (
    CLERK,
    DIVISION,
    NUMBER,
    SDO,
    consumer_of,
    office_acts,
    resolve,
    rows,
    the_request,
)
from tests.fixtures.threads import call_at_once
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.lifecycle import Action, Resolution, Status
from wss.models import AuditEntry, Bill, DisputedBill, Event, Message, Office, ServiceRequest, Staff
from wss.queries.service_requests import visible_request
from wss.services.requests.actions import take_action
from wss.services.requests.escalation import escalate_due
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest, ActionResult


@pytest.fixture
def household(complainant: Household) -> Household:
    """Provide the household of the complaint, a second clerk, and the rows of escalation."""
    given(Staff(employee_id="C2", name="C2", role="billing_clerk", office_code=OFFICE), *escalation_rows())
    return complainant


def test_a_request_goes_from_registered_to_closed(household: Household):
    resolve(resolution=Resolution.REVISED)
    office_acts(consumer_of(household), Action.CONFIRM)

    request = the_request()
    assert (request.status, request.closing, request.resolution, request.version) == (
        "closed",
        "confirmed",
        "revised",
        5,
    )
    assert [event.action for event in rows(Event)] == ["register", "take_up", "propose", "approve", "confirm"]
    assert [event.number for event in rows(Event)] == [1, 2, 3, 4, 5]
    assert {message.notice for message in rows(Message)} == {"resolved", "closed"}
    assert [entry.deed for entry in rows(AuditEntry)] == ["take_up", "propose", "approve", "confirm"]


def test_no_one_approves_their_own_proposal(household: Household):
    office_acts(SDO, Action.TAKE_UP)
    office_acts(SDO, Action.PROPOSE)

    with pytest.raises(Forbidden, match="own_proposal"):
        office_acts(SDO, Action.APPROVE)

    assert office_acts(EE, Action.APPROVE).status is Status.RESOLVED


def test_an_officer_of_another_office_does_not_see_it(household: Household):
    with pytest.raises(NotFound):
        office_acts(Actor(Role.SDO, "S9", "PVVNL-Z06-C1-D1-S20"), Action.TAKE_UP)


@pytest.mark.parametrize("action", [Action.ASK, Action.PROPOSE, Action.FORWARD])
def test_such_a_step_needs_a_remark(household: Household, action: Action):
    office_acts(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="remark_required"):
        office_acts(CLERK, action, remark="  ", office_code=DIVISION)


def test_a_stale_page_moves_nothing(household: Household):
    office_acts(CLERK, Action.TAKE_UP)

    with pytest.raises(Outdated):
        office_acts(SDO, Action.PROPOSE, version=1)


def test_what_was_moved_since_it_was_read_is_not_moved_again(household: Household):
    with reading():
        seen = visible_request(CLERK, NUMBER, now())
    office_acts(SDO, Action.TAKE_UP)

    with pytest.raises(Outdated), transaction():
        apply_transition(CLERK, seen, ActionRequest(Action.TAKE_UP))

    assert (the_request().version, the_request().assignee_id) == (2, "S1")


def test_the_database_itself_knows_two_persons(household: Household):
    resolve()

    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(sa.update(ServiceRequest).values(approved_by="C1"))


def test_of_many_at_once_one_takes_the_step(household: Household):
    def press(_: int) -> str:
        try:
            office_acts(CLERK, Action.TAKE_UP, version=1)
        except (Outdated, Forbidden) as refused:
            return type(refused).__name__
        return "won"

    assert call_at_once(press, range(16)).count("won") == 1
    assert len(rows(Event)) == 2


def test_refusing_goes_one_level_above_the_post_that_decided_and_forgets_the_decision(household: Household):
    resolve()
    decided = the_request()

    office_acts(consumer_of(household), Action.REFUSE)

    request = the_request()
    assert (request.status, request.holder_role, request.reopened_times) == ("reopened", "ee", 1)
    assert (decided.proposed_by, decided.approved_by) == ("C1", "S1")
    assert (request.resolution, request.proposed_by, request.approved_by) == (None, None, None)


def test_what_happens_to_a_reopened_request_is_not_another_reopening(household: Household, frozen_clock: Any):
    resolve()
    office_acts(consumer_of(household), Action.REFUSE, remark="no")
    promised_on = the_request().promised_on
    frozen_clock.advance(days=7)

    office_acts(SYSTEM, Action.ESCALATE)

    assert (the_request().reopened_times, the_request().promised_on) == (1, promised_on)


def refuse_three_times(household: Household) -> ActionResult:
    for _ in range(2):
        resolve()
        office_acts(consumer_of(household), Action.REFUSE)
    resolve()
    return office_acts(consumer_of(household), Action.REFUSE)


def test_the_third_refusal_closes_and_a_new_request_follows_one_level_up(household: Household):
    moved = refuse_three_times(household)

    first, second = the_request(), the_request(str(moved.following))
    assert (first.status, first.closing) == ("closed", "disputed")
    assert (second.status, second.holder_role) == ("registered", "se")
    assert [(bill.service_request_id, bill.is_open) for bill in rows(DisputedBill)] == [
        (first.id, False),
        (second.id, True),
    ]
    assert [event.details["follows"] for event in rows(Event) if event.service_request_id == second.id] == [
        NUMBER
    ]


def test_what_a_third_refusal_closes_stays_with_whom_it_was(household: Household):
    refuse_three_times(household)

    request = the_request()
    assert (request.holder_role, request.assignee_id) == ("ee", None)


def test_a_disputed_closing_cannot_be_reopened(household: Household):
    refuse_three_times(household)

    with pytest.raises(Forbidden, match="reopening_too_late"):
        office_acts(consumer_of(household), Action.REOPEN)


def test_a_confirmed_closing_can_be_reopened_for_fifteen_days(household: Household, frozen_clock: Any):
    resolve()
    office_acts(consumer_of(household), Action.CONFIRM)
    frozen_clock.advance(days=16)

    with pytest.raises(Forbidden, match="reopening_too_late"):
        office_acts(consumer_of(household), Action.REOPEN)


def test_an_ended_request_frees_its_bills(household: Household):
    office_acts(consumer_of(household), Action.WITHDRAW)

    assert [bill.is_open for bill in rows(DisputedBill)] == [False]


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_reopened_request_takes_back_the_bills_that_no_other_has_now(household: Household, is_taken: bool):
    resolve()
    office_acts(consumer_of(household), Action.CONFIRM)
    if is_taken:
        a_service_request(household, "10000000024")

    office_acts(consumer_of(household), Action.REOPEN)

    assert sorted(bill.is_open for bill in rows(DisputedBill)) == ([False, True] if is_taken else [True])


def test_a_question_that_is_withdrawn_lets_the_clock_run_and_moves_the_promise(
    household: Household, frozen_clock: Any
):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.ASK)
    frozen_clock.advance(days=3)

    office_acts(SDO, Action.WITHDRAW_QUESTION)

    row = the_request()
    assert (row.status, row.clock_from) == ("in_review", frozen_clock.now)
    assert (row.promised_on, row.assignee_id) == (date(2026, 12, 5), "C1")


def test_silence_ends_only_after_fifteen_days(household: Household, frozen_clock: Any):
    resolve()
    with pytest.raises(Forbidden, match="too_early"):
        office_acts(SYSTEM, Action.CONFIRM_LAPSED)
    frozen_clock.advance(days=15)

    office_acts(SYSTEM, Action.CONFIRM_LAPSED)

    assert the_request().closing == "unconfirmed"


def test_forwarding_gives_it_to_the_other_office(household: Household):
    office_acts(CLERK, Action.TAKE_UP)

    office_acts(CLERK, Action.FORWARD, office_code=DIVISION)

    request = the_request()
    assert (request.office_code, request.holder_office_code) == (DIVISION, DIVISION)
    assert (request.holder_role, request.assignee_id) == ("ee", None)


def test_who_forwarded_it_to_an_office_above_sees_it_no_longer(household: Household):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.FORWARD, office_code=DIVISION)

    with pytest.raises(NotFound):
        office_acts(CLERK, Action.ASK)


@pytest.mark.parametrize("office", ["nowhere", "DVVNL"])
def test_a_request_is_not_forwarded_to_another_discom(household: Household, office: str):
    given(*offices("DVVNL"))
    office_acts(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="office_unknown"):
        office_acts(CLERK, Action.FORWARD, office_code=office)


def test_it_is_not_assigned_to_an_officer_who_cannot_see_it(household: Household):
    given(
        Office(
            code="PVVNL-Z09", parent_code="PVVNL", level="zone", name="n", name_hi="n", path="PVVNL/PVVNL-Z09"
        )
    )
    given(Staff(employee_id="Z1", name="Z1", role="ce", office_code="PVVNL-Z09"))
    given(Staff(employee_id="H1", name="H1", role="helpdesk", office_code="PVVNL"))
    given(Staff(employee_id="L1", name="L1", role="sdo", office_code=OFFICE, left_on=date(2026, 11, 24)))
    office_acts(CLERK, Action.TAKE_UP)

    for employee in ("unknown", "Z1", "H1", "L1"):
        with pytest.raises(Forbidden, match="assignee_unknown"):
            office_acts(SDO, Action.ASSIGN, assignee_id=employee)


def test_a_former_owner_can_do_nothing(household: Household, frozen_clock: Any):
    execute("UPDATE ownership SET ended_at = :at", at=str(frozen_clock.now))

    with pytest.raises(NotFound):
        office_acts(consumer_of(household), Action.WITHDRAW)


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
