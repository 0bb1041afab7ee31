"""Limits of a post: who may approve which change, and who is asked instead."""

import pytest

from wss.domain.actor import Role
from wss.domain.approval import may_approve, who_may_approve

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


def test_a_post_without_a_row_has_no_limit_to_approve_within():
    assert not may_approve(Role.SDO, 0, {})


def test_above_the_limit_of_one_post_the_next_is_named():
    assert who_may_approve(25_000_01, LIMITS) is Role.EE


def test_within_the_lowest_limit_the_lowest_post_is_named():
    assert who_may_approve(100, LIMITS) is Role.SDO


def test_where_no_limit_is_wide_enough_nobody_is_named():
    assert who_may_approve(100_01, {Role.SDO: 100_00, Role.EE: 100_00}) is None
