"""Transitions: every step of the life cycle, each once, by permitted actors only."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import (
    Household,
    a_household,
    a_service_request,
    bill_correction,
    escalation_rows,
    given,
    offices,
)
from wss.clock import now
from wss.db import reading, transaction
from wss.domain.actor import SYSTEM, Actor, Role
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action, Resolution, Status
from wss.models import AuditEntry, DisputedBill, Event, Message, Office, ServiceRequest, Staff
from wss.queries.service_requests import visible_request
from wss.services.requests.actions import take_action
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest, ActionResult

# Above every number that the counter issues in a test.
NUMBER = complaint_no_from(1_000_000_900)
OFFICE = "PVVNL-Z06-C1-D1-S2"


@pytest.fixture
def household(database: Any, frozen_clock: Any) -> Household:
    """Provide a household with a registered bill correction, and staff from the clerk up to the circle."""
    given(*bill_correction())
    own = a_household()
    posts = [
        ("C1", "billing_clerk", 5),
        ("C2", "billing_clerk", 5),
        ("S1", "sdo", 5),
        ("E1", "ee", 4),
        ("X1", "se", 3),
    ]
    given(*(Staff(employee_id=i, name=i, role=r, office_code=office_at(depth)) for i, r, depth in posts))
    given(*escalation_rows())
    a_service_request(own, NUMBER)
    return own


def office_at(depth: int) -> str:
    return "-".join(OFFICE.split("-")[:depth])


CLERK = Actor(Role.BILLING_CLERK, "C1", OFFICE)
SDO = Actor(Role.SDO, "S1", OFFICE)
EE = Actor(Role.EE, "E1", office_at(4))


def consumer_of(household: Household) -> Actor:
    assert household.consumer is not None
    return Actor(Role.CONSUMER, str(household.consumer.id))


def act(actor: Actor, action: Action, **wishes: Any) -> ActionResult:
    needs = {
        Action.PROPOSE: {"resolution": Resolution.REVISED},
        Action.FORWARD: {"office_code": office_at(4)},
        Action.ASSIGN: {"assignee_id": "C2"},
    }
    return take_action(
        actor, NUMBER, ActionRequest(action, **{"remark": "because", **needs.get(action, {}), **wishes})
    )


def resolve(household: Household) -> None:
    for actor, action in ((CLERK, Action.TAKE_UP), (CLERK, Action.PROPOSE), (SDO, Action.APPROVE)):
        act(actor, action)


def the_request(number: str = NUMBER) -> ServiceRequest:
    with reading() as session:
        return session.execute(
            sa.select(ServiceRequest).where(ServiceRequest.complaint_no == number)
        ).scalar_one()


def rows(model: Any) -> list[Any]:
    with reading() as session:
        return list(session.execute(sa.select(model)).scalars())


def test_a_request_goes_from_registered_to_closed(household: Household):
    resolve(household)
    act(consumer_of(household), Action.CONFIRM)

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
    act(SDO, Action.TAKE_UP)
    act(SDO, Action.PROPOSE)

    with pytest.raises(Forbidden, match="own_proposal"):
        act(SDO, Action.APPROVE)

    assert act(EE, Action.APPROVE).status is Status.RESOLVED


def test_an_officer_of_another_office_does_not_see_it(household: Household):
    with pytest.raises(NotFound):
        act(Actor(Role.SDO, "S9", "PVVNL-Z06-C1-D1-S20"), Action.TAKE_UP)


def test_an_office_above_sees_it(household: Household):
    assert act(EE, Action.TAKE_UP).status is Status.IN_REVIEW


@pytest.mark.parametrize("action", [Action.ASK, Action.PROPOSE, Action.FORWARD])
def test_such_a_step_needs_a_remark(household: Household, action: Action):
    act(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="remark_required"):
        act(CLERK, action, remark="  ")


def test_a_stale_page_moves_nothing(household: Household):
    act(CLERK, Action.TAKE_UP)

    with pytest.raises(Outdated):
        act(SDO, Action.PROPOSE, version=1)


def test_what_was_moved_since_it_was_read_is_not_moved_again(household: Household):
    with reading():
        seen = visible_request(CLERK, NUMBER, now())
    act(SDO, Action.TAKE_UP)

    with pytest.raises(Outdated), transaction():
        apply_transition(CLERK, seen, ActionRequest(Action.TAKE_UP))

    assert (the_request().version, the_request().assignee_id) == (2, "S1")


def test_the_database_itself_knows_two_persons(household: Household):
    resolve(household)

    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(sa.update(ServiceRequest).values(approved_by="C1"))


def test_of_many_at_once_one_takes_the_step(household: Household):
    at_once = threading.Barrier(16)

    def press(_: int) -> str:
        at_once.wait()
        try:
            act(CLERK, Action.TAKE_UP, version=1)
        except (Outdated, Forbidden) as refused:
            return type(refused).__name__
        return "won"

    with ThreadPoolExecutor(16) as people:
        answers = list(people.map(press, range(16)))

    assert answers.count("won") == 1
    assert len(rows(Event)) == 2


def test_refusing_goes_one_level_above_the_post_that_decided(household: Household):
    resolve(household)

    act(consumer_of(household), Action.REFUSE)

    request = the_request()
    assert (request.status, request.holder_role, request.reopened_times) == ("reopened", "ee", 1)
    assert (request.resolution, request.proposed_by) == (None, None)


def test_what_happens_to_a_reopened_request_is_not_another_reopening(household: Household, frozen_clock: Any):
    resolve(household)
    act(consumer_of(household), Action.REFUSE, remark="no")
    promised_on = the_request().promised_on
    frozen_clock.advance(days=7)

    act(SYSTEM, Action.ESCALATE)

    assert (the_request().reopened_times, the_request().promised_on) == (1, promised_on)


def refuse_three_times(household: Household) -> ActionResult:
    for _ in range(2):
        resolve(household)
        act(consumer_of(household), Action.REFUSE)
    resolve(household)
    return act(consumer_of(household), Action.REFUSE)


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
        act(consumer_of(household), Action.REOPEN)


def test_a_confirmed_closing_can_be_reopened_for_fifteen_days(household: Household, frozen_clock: Any):
    resolve(household)
    act(consumer_of(household), Action.CONFIRM)
    frozen_clock.advance(days=16)

    with pytest.raises(Forbidden, match="reopening_too_late"):
        act(consumer_of(household), Action.REOPEN)


def test_an_ended_request_frees_its_bills(household: Household):
    act(consumer_of(household), Action.WITHDRAW)

    assert [bill.is_open for bill in rows(DisputedBill)] == [False]


def test_a_reopened_request_takes_its_bills_back(household: Household):
    resolve(household)
    act(consumer_of(household), Action.CONFIRM)

    act(consumer_of(household), Action.REOPEN)

    assert [bill.is_open for bill in rows(DisputedBill)] == [True]


def test_a_reopened_request_leaves_a_bill_that_another_has_now(household: Household):
    resolve(household)
    act(consumer_of(household), Action.CONFIRM)
    a_service_request(household, "10000000024")

    act(consumer_of(household), Action.REOPEN)

    assert sorted(bill.is_open for bill in rows(DisputedBill)) == [False, True]


def test_waiting_for_the_consumer_moves_the_promise(household: Household, frozen_clock: Any):
    act(CLERK, Action.TAKE_UP)
    act(CLERK, Action.ASK)
    frozen_clock.advance(days=3)

    act(consumer_of(household), Action.ANSWER)

    assert the_request().promised_on == date(2026, 12, 5)


def test_a_question_that_is_withdrawn_lets_the_clock_run_and_moves_the_promise(
    household: Household, frozen_clock: Any
):
    act(CLERK, Action.TAKE_UP)
    act(CLERK, Action.ASK)
    frozen_clock.advance(days=3)

    act(SDO, Action.WITHDRAW_QUESTION)

    row = the_request()
    assert (row.status, row.clock_from) == ("in_review", frozen_clock.now)
    assert (row.promised_on, row.assignee_id) == (date(2026, 12, 5), "C1")


def test_silence_ends_only_after_fifteen_days(household: Household, frozen_clock: Any):
    resolve(household)
    with pytest.raises(Forbidden, match="too_early"):
        act(SYSTEM, Action.CONFIRM_LAPSED)
    frozen_clock.advance(days=15)

    act(SYSTEM, Action.CONFIRM_LAPSED)

    assert the_request().closing == "unconfirmed"


def test_escalation_goes_to_the_next_post_above(household: Household, frozen_clock: Any):
    frozen_clock.advance(days=7)

    act(SYSTEM, Action.ESCALATE)

    request = the_request()
    assert (request.holder_role, request.escalation_level, request.status) == ("sdo", 1, "registered")


def test_forwarding_gives_it_to_the_other_office(household: Household):
    act(CLERK, Action.TAKE_UP)

    act(CLERK, Action.FORWARD, office_code=office_at(4))

    request = the_request()
    assert (request.office_code, request.holder_office_code) == (office_at(4), office_at(4))
    assert (request.holder_role, request.assignee_id) == ("ee", None)


def test_who_forwarded_it_to_an_office_above_sees_it_no_longer(household: Household):
    act(CLERK, Action.TAKE_UP)
    act(CLERK, Action.FORWARD, office_code=office_at(4))

    with pytest.raises(NotFound):
        act(CLERK, Action.ASK)


@pytest.mark.parametrize("office", ["nowhere", "DVVNL"])
def test_a_request_is_not_forwarded_to_another_discom(household: Household, office: str):
    given(*offices("DVVNL"))
    act(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="office_unknown"):
        act(CLERK, Action.FORWARD, office_code=office)


def test_an_assigned_request_stays_in_review(household: Household):
    act(CLERK, Action.TAKE_UP)

    act(SDO, Action.ASSIGN, assignee_id="S1")

    assert (the_request().status, the_request().assignee_id) == ("in_review", "S1")


def test_it_is_not_assigned_to_an_officer_who_cannot_see_it(household: Household):
    given(
        Office(
            code="PVVNL-Z09", parent_code="PVVNL", level="zone", name="n", name_hi="n", path="PVVNL/PVVNL-Z09"
        )
    )
    given(Staff(employee_id="Z1", name="Z1", role="ce", office_code="PVVNL-Z09"))
    given(Staff(employee_id="H1", name="H1", role="helpdesk", office_code="PVVNL"))
    given(Staff(employee_id="L1", name="L1", role="sdo", office_code=OFFICE, left_on=date(2026, 11, 24)))
    act(CLERK, Action.TAKE_UP)

    for employee in ("nobody", "Z1", "H1", "L1"):
        with pytest.raises(Forbidden, match="assignee_unknown"):
            act(SDO, Action.ASSIGN, assignee_id=employee)


def test_approver_and_proposer_are_kept_until_it_is_reopened(household: Household):
    resolve(household)
    decided = the_request()
    act(consumer_of(household), Action.REFUSE)

    assert (decided.proposed_by, decided.approved_by) == ("C1", "S1")
    assert (the_request().proposed_by, the_request().approved_by) == (None, None)


def test_a_frozen_request_cannot_be_moved(household: Household):
    with transaction() as session:
        session.execute(sa.update(ServiceRequest).values(frozen=True))

    with pytest.raises(Forbidden, match="frozen"):
        act(CLERK, Action.TAKE_UP)


def test_a_former_owner_can_do_nothing(household: Household, frozen_clock: Any):
    with transaction() as session:
        session.execute(sa.text("UPDATE ownership SET ended_at = :at"), {"at": str(frozen_clock.now)})

    with pytest.raises(NotFound):
        act(consumer_of(household), Action.WITHDRAW)
