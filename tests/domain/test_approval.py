"""Approval limits of a post: which changes it may approve, and which post decides on larger ones."""

import pytest

from wss.domain.actor import Role
from wss.domain.approval import desk_to_decide, may_approve, post_to_decide, who_may_approve
from wss.domain.routing import Desk, Holder, Level

LIMITS = {Role.BILLING_CLERK: 0, Role.SDO: 25_000_00, Role.EE: None}


@pytest.mark.parametrize(
    ("role", "change", "may"),
    [
        (Role.SDO, 25_000_00, True),
        (Role.SDO, 25_000_01, False),
        (Role.EE, 10**12, True),
        (Role.BILLING_CLERK, 0, False),
        (Role.SE, 0, False),
        (Role.ADMIN, 0, False),
    ],
)
def test_a_post_approves_up_to_its_limit(role, change, may):
    assert may_approve(role, change, LIMITS) is may


@pytest.mark.parametrize(
    ("change", "limits", "post"),
    [
        (100, LIMITS, Role.SDO),
        (25_000_01, LIMITS, Role.EE),
        (100_01, {Role.SDO: 100_00, Role.EE: 100_00}, None),
    ],
)
def test_the_lowest_post_whose_limit_is_high_enough_is_named(change, limits, post):
    assert who_may_approve(change, limits) is post


@pytest.mark.parametrize(
    ("change", "maker", "held_by", "post"),
    [
        (25_000_00, Role.BILLING_CLERK, Role.BILLING_CLERK, Role.SDO),
        (25_000_01, Role.BILLING_CLERK, Role.BILLING_CLERK, Role.EE),
        (None, Role.SDO, Role.BILLING_CLERK, Role.EE),
        (None, Role.EE, Role.EE, Role.SDO),
        (100, Role.BILLING_CLERK, Role.EE, Role.EE),
        (100, Role.BILLING_CLERK, Role.CE, Role.EE),
    ],
)
def test_a_proposal_waits_for_the_lowest_other_post_that_may_decide_it(change, maker, held_by, post):
    assert post_to_decide(change, LIMITS, maker, held_by) is post


def test_above_every_limit_a_proposal_waits_for_the_senior_post():
    assert post_to_decide(1_00, {Role.SDO: 0, Role.EE: 0}, Role.BILLING_CLERK, Role.BILLING_CLERK) is Role.EE


def test_a_proposal_goes_to_the_next_post_that_decides_and_to_no_other():
    division = Desk("D", Level.DIVISION, frozenset({Role.EE}))
    below, above = (
        Desk("S", Level.SUBDIVISION, frozenset({Role.BILLING_CLERK})),
        Desk("C", Level.CIRCLE, frozenset({Role.SE})),
    )

    assert desk_to_decide(Role.SDO, [below, division, above]) == Holder("D", Role.EE, instead_of=Role.SDO)
    assert desk_to_decide(Role.SDO, [below, above]) is None
