"""A step on several requests: what cannot be done is named, and the rest is done once, as on a single request."""

import secrets
from contextvars import copy_context
from functools import partial
from typing import Any

import pytest

from tests.factories import given
from tests.fixtures.complaint_handling import CLERK, SDO, office_acts, rows, the_request
from tests.fixtures.many_complaints import EE, an_office_with_a_rule, complaints
from tests.fixtures.threads import call_at_once
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden, Outdated
from wss.domain.lifecycle import Action
from wss.domain.step_batches import STEPS_AT_MOST, ChosenRequest
from wss.models import AuditEntry, Event, Message, Office, Staff, StepBatch
from wss.queries.reference import bump_reference_version
from wss.queries.step_batches import step_lines
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions.step_batches import begin_steps, settle_step, step_obstacle

QUESTION = "Please send a photo of the meter."


@pytest.fixture
def three(database: Any, frozen_clock: Any) -> list[str]:
    """Provide an office with staff, and the numbers of three complaints that no one has taken up."""
    an_office_with_a_rule()
    return complaints(3)


def chosen(numbers: list[str]) -> list[ChosenRequest]:
    return [ChosenRequest(number, the_request(number).version) for number in numbers]


def take(
    actor: Actor, requests: list[ChosenRequest], action: Action = Action.ASK, token: str = "", **values: Any
) -> list[str]:
    """Take a step on several requests; return what became of each."""
    batch_id = begin_steps(actor, token or secrets.token_urlsafe(32), action, requests)
    with reading():
        lines = step_lines(batch_id)
    for line in lines:
        move = ActionRequest(action, version=line.version, **({"remark": QUESTION} | values))
        settle_step(actor, batch_id, line, partial(lambda given: given, move))
    with reading():
        return [line.outcome for line in step_lines(batch_id)]


def test_several_are_asked_and_each_consumer_gets_one_message(three: list[str]):
    assert take(SDO, chosen(three)) == ["done"] * 3

    assert {the_request(number).status for number in three} == {"info_requested"}
    assert [one.notice for one in rows(Message)] == ["question"] * 3
    deeds = [one.deed for one in rows(AuditEntry)]
    assert (deeds.count("step_on_several"), deeds.count("ask")) == (1, 3)


def test_several_are_assigned_and_forwarded(three: list[str]):
    other = Office(
        code="PVVNL-Z06-C1-D1-S3", parent_code="PVVNL-Z06-C1-D1", level="subdivision", name="S3", name_hi="S3",
        path="PVVNL/PVVNL-Z06/PVVNL-Z06-C1/PVVNL-Z06-C1-D1/PVVNL-Z06-C1-D1-S3",
    )  # fmt: skip
    given(other, Staff(employee_id="C9", name="C9", role="billing_clerk", office_code=other.code))
    with transaction():
        bump_reference_version()

    assert take(SDO, chosen(three), Action.ASSIGN, assignee_id="C1") == ["done"] * 3
    assert {the_request(number).assignee_id for number in three} == {"C1"}
    assert take(EE, chosen(three), Action.FORWARD, office_code=other.code) == ["done"] * 3
    assert {the_request(number).office_code for number in three} == {other.code}


def test_what_cannot_be_done_is_named_and_the_rest_is_done(three: list[str]):
    seen = chosen(three)
    office_acts(CLERK, Action.TAKE_UP, three[0])
    missing = ChosenRequest("10000000016", 1)

    assert take(SDO, [*seen, missing]) == ["outdated", "done", "done", "not_found"]
    assert the_request(three[0]).status == "in_review"


def test_another_office_gets_nothing_done(three: list[str]):
    stranger = Actor(Role.SDO, "S1", "PVVNL-Z06-C1-D1-S9")

    assert take(stranger, chosen(three)) == ["not_found"] * 3
    assert {the_request(number).status for number in three} == {"registered"}


def test_an_assignee_of_another_office_is_refused_for_each(three: list[str]):
    assert take(SDO, chosen(three), Action.ASSIGN, assignee_id="X1") == ["assignee_unknown"] * 3
    assert {the_request(number).status for number in three} == {"registered"}, "taken up in vain"


def test_a_form_that_is_sent_twice_acts_once(three: list[str]):
    token, requests = secrets.token_urlsafe(32), chosen(three)

    assert take(SDO, requests, token=token) == take(SDO, requests, token=token) == ["done"] * 3
    assert len(rows(Message)) == 3
    assert len(rows(StepBatch)) == 1
    with pytest.raises(Outdated):
        begin_steps(SDO, token, Action.ASSIGN, requests)
    with pytest.raises(Outdated):
        begin_steps(CLERK, token, Action.ASK, requests)


def test_two_officers_at_once_ask_each_consumer_once(three: list[str]):
    requests = chosen(three)
    contexts = {actor: copy_context() for actor in (SDO, CLERK)}

    outcomes = call_at_once(lambda actor: contexts[actor].run(take, actor, requests), [SDO, CLERK])

    assert sorted(one for outcome in outcomes for one in outcome) == ["done"] * 3 + ["outdated"] * 3
    asked = [event for event in rows(Event) if event.action == "ask"]
    assert len(asked) == len(rows(Message)) == 3


@pytest.mark.parametrize("how_many", [0, STEPS_AT_MOST + 1])
def test_none_and_too_many_are_refused(three: list[str], how_many: int):
    with pytest.raises(Forbidden):
        begin_steps(SDO, "t" * 43, Action.ASK, [ChosenRequest(three[0], 1)] * how_many)


def test_a_step_that_is_no_step_for_several_is_refused(three: list[str]):
    with pytest.raises(Forbidden):
        begin_steps(SDO, "t" * 43, Action.APPROVE, chosen(three))


def test_the_check_names_status_and_change_without_storing_anything(three: list[str]):
    office_acts(CLERK, Action.TAKE_UP, three[0])
    office_acts(CLERK, Action.ASK, three[0])
    with reading():
        assert step_obstacle(SDO, ChosenRequest(three[0], 3), Action.ASK) == "status_info_requested"
        assert step_obstacle(SDO, ChosenRequest(three[0], 1), Action.ASK) == "outdated"
        assert step_obstacle(SDO, ChosenRequest(three[1], 1), Action.ASSIGN) is None
    assert the_request(three[1]).status == "registered"
