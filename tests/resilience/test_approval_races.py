"""Concurrent approvals: one of many wins, and no walk of officers ends with one person as maker and approver."""

import os
import random
from collections import Counter
from typing import Any

import pytest

from tests.factories import Household
from tests.fixtures.bill_revision import EE, a_revision_request, proposed, the_proposal
from tests.fixtures.complaint_handling import CLERK, DIVISION, NUMBER, SDO, office_acts, rows, the_request
from tests.resilience.test_registration_races import all_at_once, print_counts
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.errors import RuleBroken
from wss.domain.lifecycle import Action
from wss.models import Bill, BillingPost, Event, Revision
from wss.queries.effective_bills import effective_bills
from wss.services.revisions.for_request import ActionRequest, decide, propose

# The last two are the SDO and the clerk of the office in other posts.
OFFICERS = [CLERK, SDO, EE, Actor(Role.SDO, "S1", DIVISION), Actor(Role.SDO, "C1", DIVISION)]
IS_SOAK = bool(os.environ.get("WSS_SOAK"))
CROWD = 100 if IS_SOAK else 16
STEPS = 10_000 if IS_SOAK else 120


def outcome_of(deed: Any) -> str:
    try:
        deed()
    except RuleBroken as refused:
        return refused.code
    return "done"


def test_of_a_crowd_that_approves_the_same_exactly_one_wins(taken_up: Household):
    proposed(taken_up)
    seen = the_proposal().figures_hash
    move = ActionRequest(Action.APPROVE, version=the_request().version)
    before = len(rows(Event))

    outcomes = all_at_once(
        lambda number: outcome_of(lambda: decide((SDO, EE)[number % 2], NUMBER, move, seen)), CROWD
    )

    assert print_counts("approvals", outcomes)["done"] == 1
    assert len([bill for bill in rows(Bill) if bill.revises]) == 1
    assert len(rows(BillingPost)) == 1
    assert len(rows(Event)) == before + 1


def test_of_a_crowd_that_proposes_exactly_one_wins(taken_up: Household):
    query = a_revision_request(taken_up)

    outcomes = all_at_once(lambda _n: outcome_of(lambda: propose(CLERK, NUMBER, query)), CROWD)

    assert print_counts("proposals", outcomes)["done"] == 1
    assert len(rows(Revision)) == 1


class Walk:
    """A random walk of officers over one request, which is reopened after each approval."""

    def __init__(self, household: Household, seed: int) -> None:
        self.household, self.chance = household, random.Random(seed)
        self.reported: Counter[str] = Counter()

    def step(self) -> None:
        """Take one random step of a random officer, who may use an outdated version."""
        name = self.chance.choice(["propose", "propose", "approve", "approve", "send_back", "take_up"])
        self.reported[f"{name} {outcome_of(lambda: getattr(self, name)(self.chance.choice(OFFICERS)))}"] += 1
        if the_request().status == "resolved":
            with transaction() as session:
                request = session.merge(the_request())
                request.status, request.proposed_by, request.approved_by = "in_review", None, None

    def propose(self, actor: Actor) -> None:
        with reading():
            (bill,) = effective_bills(self.household.account_no, [self.household.bill_no])
        reading_now = str(self.chance.choice([17000, 17088, 27688]))
        typed = {"bill_no": bill.bill_no, "current_reading": reading_now, "sure": "1"}
        propose(actor, NUMBER, a_revision_request(self.household, **typed))

    def approve(self, actor: Actor) -> None:
        seen = [revision.figures_hash for revision in rows(Revision)[-2:]] or ["0" * 64]
        decide(actor, NUMBER, ActionRequest(Action.APPROVE, version=self.version()), self.chance.choice(seen))

    def send_back(self, actor: Actor) -> None:
        decide(actor, NUMBER, ActionRequest(Action.SEND_BACK, remark="Once more.", version=self.version()))

    def take_up(self, actor: Actor) -> None:
        office_acts(actor, Action.TAKE_UP)

    def version(self) -> int:
        return the_request().version - self.chance.choice([0, 0, 0, 1])


@pytest.mark.parametrize("seed", [1])
def test_no_walk_of_officers_ends_with_one_person_for_both(taken_up: Household, seed: int):
    walk = Walk(taken_up, seed)
    for _ in range(STEPS):
        walk.step()
    print(f"seed {seed}: {dict(walk.reported)}")

    decided = [revision for revision in rows(Revision) if revision.decided_by]
    approved = [one for one in decided if one.state == "approved"]
    assert walk.reported["approve done"] == len(approved) > 1
    assert [one.id for one in decided if one.decided_by == one.proposed_by] == []
    assert len(approved) == len([bill for bill in rows(Bill) if bill.revises]) == len(rows(BillingPost))
    over = [one for one in approved if abs(one.issued_paise - one.revised_paise) > 25_000_00]
    assert [one.id for one in over if one.decided_by == "S1"] == []
