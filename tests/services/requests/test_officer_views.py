"""Officers' views of requests: audited, and with restrictions beyond those of the life cycle."""

from typing import Any

import pytest

from tests.factories import OFFICE, Household, a_household, a_service_request, given, offices
from tests.fixtures.bill_revision import EE, change
from tests.fixtures.complaint_handling import (
    CLERK,
    DIVISION,
    NUMBER,
    SDO,
    consumer_of,
    office_acts,
    rows,
    the_request,
)
from wss.clock import local_date
from wss.db import reading
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden, NotFound
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action
from wss.models import AuditEntry, Office, Staff
from wss.queries.access import actions_of_staff
from wss.queries.effective_bills import connection_in_office
from wss.queries.officers import colleagues_for, names_of
from wss.queries.service_requests import visible_request
from wss.services.requests.officer_checks import hindrance_of
from wss.services.requests.officer_views import reveal_mobile, revealed_mobile, view_request
from wss.services.requests.pool import take_next


def views() -> list[str]:
    """Return the actors who opened something, in order."""
    return [entry.actor_id for entry in rows(AuditEntry) if entry.deed == "view"]


def look(actor: Actor = CLERK) -> Any:
    """Open the request."""
    with reading():
        return view_request(actor, NUMBER)


def test_opening_a_request_is_written_down_once_in_a_quarter_of_an_hour(complainant: Household, frozen_clock):
    look()
    frozen_clock.advance(minutes=14)
    look()
    look(SDO)
    assert views() == ["C1", "S1"]

    frozen_clock.advance(minutes=2)
    look()

    assert views() == ["C1", "S1", "C1"]


def test_the_consumer_sees_who_opened_it(complainant: Household):
    look()

    with reading():
        actions = actions_of_staff(int(consumer_of(complainant).id))
    assert [(one.deed, one.role, one.office_code) for one in actions] == [("view", "billing_clerk", OFFICE)]


def test_what_is_not_ones_offices_is_not_there_and_not_written_down(complainant: Household):
    given(*[each for each in offices("PVVNL-Z07-C1-D1-S1") if each.code != "PVVNL"])

    with reading(), pytest.raises(NotFound):
        view_request(Actor(Role.SDO, "S9", "PVVNL-Z07-C1-D1-S1"), NUMBER)

    assert views() == []


def test_a_whole_number_is_seen_by_who_asked_for_it_and_not_for_long(complainant: Household, frozen_clock):
    reveal_mobile(CLERK, NUMBER, "call_consumer")

    assert mobile_seen_by(CLERK) == complainant.connection.mobile_on_record
    assert mobile_seen_by(SDO) is None
    frozen_clock.advance(minutes=6)
    assert mobile_seen_by(CLERK) is None
    assert [(e.deed, e.details) for e in rows(AuditEntry)] == [("reveal", {"reason": "call_consumer"})]


def mobile_seen_by(actor: Actor) -> str | None:
    """Return the mobile number as this officer sees it."""
    with reading():
        return revealed_mobile(actor, visible_request(actor, NUMBER, the_request().registered_at))


def test_a_whole_number_needs_a_reason(complainant: Household):
    with pytest.raises(Forbidden, match="reason_required"):
        reveal_mobile(CLERK, NUMBER, "curious")

    assert rows(AuditEntry) == []


@pytest.mark.parametrize("shared", [{"mobile": "8539436110"}, {"email": "Pooja@Example.in"}])
def test_no_officer_handles_their_own_connection(complainant: Household, shared: Any):
    change(Staff, "C1", **shared)
    change(type(complainant.connection), complainant.account_no, email_on_record="pooja@example.in")

    with pytest.raises(Forbidden, match="own_connection"):
        office_acts(CLERK, Action.TAKE_UP)


def test_a_consumers_verified_number_counts_too(complainant: Household):
    assert complainant.consumer is not None
    change(type(complainant.consumer), complainant.consumer.id, mobile="9812345678")
    change(Staff, "S1", mobile="9812345678")
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.PROPOSE)

    with pytest.raises(Forbidden, match="own_connection"):
        office_acts(SDO, Action.APPROVE)


def test_a_connection_without_mobile_is_no_officers_own(complainant: Household):
    change(type(complainant.connection), complainant.account_no, mobile_on_record=None)

    assert office_acts(CLERK, Action.TAKE_UP).status == "in_review"


def assign(actor: Actor, to: str) -> Any:
    """Assign the request to an employee."""
    return office_acts(actor, Action.ASSIGN, assignee_id=to)


def test_a_clerk_assigns_within_the_own_office_only(complainant: Household):
    office_acts(CLERK, Action.TAKE_UP)

    assign(CLERK, "S1")
    assert (the_request().status, the_request().assignee_id) == ("in_review", "S1")
    with pytest.raises(Forbidden, match="assignee_unknown"):
        assign(CLERK, "E1")


def test_an_engineer_assigns_to_the_own_office_and_those_below(complainant: Household):
    office_acts(CLERK, Action.TAKE_UP)

    with reading():
        offered = [each.employee_id for each in colleagues_for(DIVISION, OFFICE, the_request().promised_on)]
    assign(EE, "C1")

    assert offered == ["C1", "S1", "E1"]
    assert the_request().assignee_id == "C1"


def test_a_request_is_not_assigned_to_an_officer_who_cannot_see_it(complainant: Household):
    beside = f"{DIVISION}-S7"
    given(offices(beside)[-1], Staff(employee_id="C7", name="C7", role="billing_clerk", office_code=beside))
    office_acts(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="assignee_unknown"):
        assign(EE, "C7")


def test_a_request_is_not_assigned_to_its_own_consumer(complainant: Household):
    change(Staff, "S1", mobile=complainant.connection.mobile_on_record)
    office_acts(CLERK, Action.TAKE_UP)

    with pytest.raises(Forbidden, match="assignee_own_connection"):
        assign(CLERK, "S1")


def test_names_are_those_of_the_employees(complainant: Household):
    with reading():
        assert names_of({"C1", "gone"}) == {"C1": "C1"}
        assert names_of(set()) == {}


@pytest.fixture
def pooled(complainant: Household) -> Household:
    """Provide the same in an office with a pooled queue, with a second, more urgent complaint."""
    change(Office, OFFICE, pooled=True)
    second = a_household("7950761922")
    a_service_request(second, URGENT, promised_on=the_request().promised_on.replace(month=11))
    return complainant


URGENT = complaint_no_from(1_000_000_901)


def test_the_most_urgent_request_is_assigned_first(pooled: Household):
    assert take_next(CLERK) == URGENT
    assert (the_request(URGENT).status, the_request(URGENT).assignee_id) == ("in_review", "C1")
    assert [take_next(CLERK), take_next(CLERK)] == [NUMBER, None]


def test_a_clerk_of_a_pooled_office_cannot_pick(pooled: Household):
    with pytest.raises(Forbidden, match="pooled"):
        office_acts(CLERK, Action.TAKE_UP)
    office_acts(SDO, Action.TAKE_UP)
    with pytest.raises(Forbidden, match="pooled"):
        assign(CLERK, "C1")

    assign(SDO, "C1")

    assert the_request().assignee_id == "C1"


def test_in_a_pooled_office_a_clerk_works_only_on_assigned_requests(pooled: Household):
    given(Staff(employee_id="C2", name="C2", role="billing_clerk", office_code=OFFICE))
    take_next(Actor(Role.BILLING_CLERK, "C2", OFFICE))

    for action in (Action.ASK, Action.PROPOSE):
        with pytest.raises(Forbidden, match="pooled"):
            office_acts(CLERK, action, URGENT)


def test_officers_who_may_pick_can_take_the_next_as_well(complainant: Household):
    assert take_next(CLERK) == NUMBER
    assert the_request().assignee_id == "C1"


def test_of_what_is_due_on_one_day_the_next_is_what_was_escalated(complainant: Household):
    a_service_request(a_household("7950761922"), URGENT, promised_on=the_request().promised_on)
    change(type(the_request()), the_request(URGENT).id, escalation_level=1)

    assert [take_next(CLERK), take_next(CLERK)] == [URGENT, NUMBER]


def test_a_clerk_is_not_assigned_their_own_connection(pooled: Household):
    change(type(pooled.connection), "7950761922", mobile_on_record="9000000001")
    change(Staff, "C1", mobile="9000000001")

    with reading():
        assert hindrance_of(CLERK, visible_request(CLERK, URGENT, the_request().registered_at))
    assert take_next(CLERK) == NUMBER
    assert the_request(URGENT).status == "registered"


def test_an_escalated_request_is_not_assigned_to_clerks(pooled: Household):
    change(type(the_request()), the_request(URGENT).id, holder_role="sdo")

    assert take_next(CLERK) == NUMBER


def test_a_forwarded_request_is_assigned_too(pooled: Household):
    for number in (NUMBER, URGENT):
        office_acts(SDO, Action.TAKE_UP, number)
        change(type(the_request()), the_request(number).id, assignee_id=None)

    assert [take_next(CLERK), take_next(CLERK), take_next(CLERK)] == [URGENT, NUMBER, None]
    assert (the_request().status, the_request().assignee_id) == ("in_review", "C1")


def test_requests_of_a_former_employee_are_assigned(pooled: Household, frozen_clock: Any):
    assert take_next(CLERK) == URGENT
    given(Staff(employee_id="C2", name="C2", role="billing_clerk", office_code=OFFICE))
    change(Staff, "C1", left_on=local_date(frozen_clock.now))
    colleague = Actor(Role.BILLING_CLERK, "C2", OFFICE)

    assert [take_next(colleague), take_next(colleague), take_next(colleague)] == [URGENT, NUMBER, None]
    assert (the_request(URGENT).status, the_request(URGENT).assignee_id) == ("in_review", "C2")


@pytest.mark.parametrize("code", ["PVVNL-Z06-C_", "PVVNL%", "pvvnl"])
def test_the_code_of_an_office_is_no_pattern(complainant: Household, code: str):
    above = "PVVNL/PVVNL-Z06/" if code.startswith("PVVNL-Z06") else ""
    level = "circle" if above else "discom"
    given(Office(code=code, level=level, name=code, name_hi=code, path=above + code))
    beside = Actor(Role.SE, "X9", code)

    with reading():
        with pytest.raises(NotFound):
            visible_request(beside, NUMBER, the_request().registered_at)
        with pytest.raises(NotFound):
            connection_in_office(complainant.account_no, code)
