"""Approving several together: what is refused is refused by name, and the rest is done."""

from contextvars import copy_context
from typing import Any

import pytest

from tests.factories import OFFICE, update_rows
from tests.fixtures.bill_revision import EE
from tests.fixtures.complaint_handling import CLERK, SDO, rows, the_request
from tests.fixtures.threads import call_at_once
from tests.fixtures.waiting_proposals import (
    CHANGE,
    SECOND_SDO,
    a_waiting_proposal,
    approve_chosen,
    lines_of,
    opened,
    propose_as_suggested,
    switch_on,
    waiting_revision,
)
from wss.domain.actor import Actor, Role
from wss.domain.errors import Forbidden
from wss.domain.lifecycle import Action
from wss.models import AuditEntry, BatchSum, Bill, Document, Revision, ServiceRequest, Staff
from wss.services.requests.transition_types import ActionRequest
from wss.services.revisions import batches
from wss.services.revisions.for_request import decide


def revised() -> int:
    return len([bill for bill in rows(Bill) if bill.revises])


def at_once(step: Any, arguments: list[Any]) -> list[Any]:
    """Call a function for each argument in a thread of its own, at the frozen time of this one."""
    contexts = [copy_context() for _ in arguments]
    return call_at_once(lambda n: contexts[n].run(step, arguments[n]), range(len(arguments)))


def approve_one(actor: Actor, number: str) -> None:
    move = ActionRequest(Action.APPROVE, version=the_request(number).version)
    decide(actor, number, move, waiting_revision(number).figures_hash)


def test_opened_proposals_are_approved_together(three_waiting: list[str]):
    assert approve_chosen(opened(three_waiting)) == ["approved"] * 3
    assert {the_request(number).status for number in three_waiting} == {"resolved"}


def test_figures_that_change_under_way_are_refused(three_waiting: list[str]):
    chosen = opened(three_waiting)
    update_rows(Bill, Bill.account_no == the_request(three_waiting[1]).account_no, amount_paise=5509_36)

    assert approve_chosen(chosen) == ["approved", "figures_changed", "approved"]


def test_another_hash_than_the_proposals_is_refused(three_waiting: list[str]):
    chosen = opened(three_waiting)
    chosen[1] = (three_waiting[1], "0" * 64)

    assert approve_chosen(chosen) == ["approved", "figures_changed", "approved"]


def test_a_proposal_never_shown_is_refused(three_waiting: list[str]):
    unseen = (three_waiting[2], waiting_revision(three_waiting[2]).figures_hash)
    opened([three_waiting[2]], SECOND_SDO)

    assert approve_chosen([*opened(three_waiting[:2]), unseen]) == ["approved", "approved", "not_opened"]


def test_figures_opened_long_ago_have_to_be_opened_again(three_waiting: list[str], frozen_clock: Any):
    chosen = opened(three_waiting[:1])
    frozen_clock.advance(hours=12)

    assert approve_chosen(chosen) == ["not_opened"]


def test_an_own_proposal_is_refused(three_waiting: list[str]):
    own = Actor(Role.SDO, CLERK.id, OFFICE)

    assert approve_chosen(opened(three_waiting, own), own) == ["own_proposal"] * 3


def test_a_proposal_of_another_office_is_not_found(three_waiting: list[str]):
    elsewhere = Actor(Role.SDO, "S2", OFFICE.replace("S2", "S3"))

    assert approve_chosen(opened(three_waiting[:1], elsewhere), elsewhere) == ["not_found"]


@pytest.mark.parametrize(
    ("model", "columns", "code"),
    [
        (Revision, {"suggestion_outcome": "changed"}, "not_as_suggested"),
        (Document, {"scan": "pending"}, "no_photo"),
        (Document, {"media_type": "application/pdf"}, "no_photo"),
        (ServiceRequest, {"frozen": True}, "frozen"),
        (Staff, {"role": "sdo"}, "maker_senior"),
    ],
)
def test_only_certain_ones_of_clerks_qualify(three_waiting, model, columns, code):
    chosen = opened(three_waiting[:1])
    update_rows(model, *([Staff.employee_id == "C1"] if model is Staff else []), **columns)

    assert approve_chosen(chosen) == [code]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"each": CHANGE - 1}, "batch_each"),
        ({"day": 2 * CHANGE}, "batch_office"),
        ({"maker": 2 * CHANGE}, "batch_maker"),
    ],
)
def test_no_sum_is_exceeded(three_waiting: list[str], rules: dict[str, int], code: str):
    switch_on(**rules)
    done = 0 if "each" in rules else 2

    assert approve_chosen(opened(three_waiting)) == ["approved"] * done + [code] * (3 - done)
    assert revised() == done
    assert {one.paise for one in rows(BatchSum)} <= {2 * CHANGE}


@pytest.mark.parametrize("rules", [{"day": 2 * CHANGE}, {"maker": 2 * CHANGE}])
def test_two_approvers_at_once_cannot_exceed_a_sum(three_waiting: list[str], rules: dict[str, int]):
    switch_on(**rules)
    numbers = [*three_waiting, *(a_waiting_proposal(number) for number in (4, 5))]
    halves = [(opened(numbers[:3]), SDO), (opened(numbers[2:], SECOND_SDO), SECOND_SDO)]

    outcomes = at_once(lambda half: approve_chosen(*half), halves)

    assert sum(each.count("approved") for each in outcomes) == revised() == 2
    assert {one.paise for one in rows(BatchSum)} == {2 * CHANGE}


def test_two_approvers_of_the_same_approve_it_once(three_waiting: list[str]):
    chosen = {actor: opened(three_waiting, actor) for actor in (SDO, SECOND_SDO)}

    outcomes = at_once(lambda actor: approve_chosen(chosen[actor], actor), list(chosen))

    assert sum(each.count("approved") for each in outcomes) == revised()
    refused = {code for each in outcomes for code in each} - {"approved"}
    assert refused <= {"outdated", "already_decided", "figures_changed"}


def test_an_item_is_decided_once(three_waiting: list[str]):
    batch_id = batches.begin_batch(SDO, opened(three_waiting[:1]))
    [line] = lines_of(SDO, batch_id)

    for _ in range(2):
        batches.settle_item(SDO, batch_id, line)

    assert [one.outcome for one in lines_of(SDO, batch_id)] == ["approved"]
    assert revised() == 1


def test_without_the_switch_nothing_is_approved_together(three_waiting: list[str]):
    switch_on(is_on=False)

    assert approve_chosen(opened(three_waiting[:1])) == ["batch_off"]


class TestSample:
    """What is drawn by chance goes to the EE."""

    def test_what_is_drawn_is_not_approved_and_is_held_by_the_ee(self, three_waiting: list[str]):
        switch_on(sample=100)

        assert approve_chosen(opened(three_waiting)) == ["sampled_now"] * 3
        assert {the_request(number).holder_role for number in three_waiting} == {"ee"}
        assert len([one for one in rows(AuditEntry) if one.deed == "draw_sample"]) == 3

    def test_the_sdo_cannot_approve_it_any_more(self, three_waiting: list[str]):
        switch_on(sample=100)
        approve_chosen(opened(three_waiting[:1]))

        assert approve_chosen(opened(three_waiting[:1])) == ["sampled"]
        with pytest.raises(Forbidden, match="sampled"):
            approve_one(SDO, three_waiting[0])

    def test_the_ee_approves_it_by_itself_only(self, three_waiting: list[str]):
        switch_on(sample=100)
        approve_chosen(opened(three_waiting[:1]))

        assert approve_chosen(opened(three_waiting[:1], EE), EE) == ["sampled"]
        approve_one(EE, three_waiting[0])
        assert the_request(three_waiting[0]).status == "resolved"

    def test_trying_again_draws_nothing_again(
        self, three_waiting: list[str], monkeypatch: pytest.MonkeyPatch
    ):
        switch_on(sample=50, day=CHANGE - 1)
        draws = []
        monkeypatch.setattr(batches.secrets, "randbelow", lambda below: draws.append(below) or 99)

        outcomes = [approve_chosen(opened(three_waiting[:1])) for _ in range(3)]

        assert (outcomes, draws) == ([["batch_office"]] * 3, [100])

    def test_proposing_again_keeps_what_was_drawn(self, three_waiting: list[str]):
        switch_on(sample=100)
        approve_chosen(opened(three_waiting[:1]))
        move = ActionRequest(Action.WITHDRAW_PROPOSAL, version=the_request(three_waiting[0]).version)
        decide(CLERK, three_waiting[0], move)

        propose_as_suggested(three_waiting[0])

        assert the_request(three_waiting[0]).holder_role == "ee"
        assert approve_chosen(opened(three_waiting[:1])) == ["sampled"]
