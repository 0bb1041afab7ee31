"""Which office gets a request, and which one gets it next when nothing is done."""

import pytest

from wss.domain.actor import Role
from wss.domain.routing import Desk, Holder, Level, holder, next_above

CLERK, SDO, EE, SE, CE = Role.BILLING_CLERK, Role.SDO, Role.EE, Role.SE, Role.CE


def chain(**posts: set[Role]) -> list[Desk]:
    """Return the offices above a connection, each with its filled posts."""
    return [Desk(level.value, level, frozenset(posts.get(level.value, set()))) for level in Level]


FULL = chain(subdivision={CLERK, SDO}, division={EE}, circle={SE}, zone={CE}, discom={Role.HEAD_OFFICE})


def test_the_post_asked_for_has_it_where_it_is_filled():
    assert holder(CLERK, Level.SUBDIVISION, FULL) == Holder("subdivision", CLERK)


def test_an_office_without_the_post_gives_it_to_the_senior_there():
    assert holder(CLERK, Level.SUBDIVISION, chain(subdivision={SDO})) == Holder("subdivision", SDO, CLERK)


def test_an_empty_office_gives_it_to_the_nearest_above():
    assert holder(SDO, Level.SUBDIVISION, chain(division={EE})) == Holder("division", EE, SDO)


def test_a_junior_post_never_gets_what_is_a_seniors():
    assert holder(EE, Level.SUBDIVISION, chain(subdivision={CLERK, SDO}, division={EE})) == Holder(
        "division", EE
    )


def test_a_level_is_the_lowest_that_is_looked_at():
    offices = chain(subdivision={SDO}, division={SDO})

    assert holder(SDO, Level.DIVISION, offices) == Holder("division", SDO)


def test_a_chain_without_any_post_loses_nothing():
    assert holder(CLERK, Level.SUBDIVISION, chain()) == Holder("subdivision", CLERK)


def test_the_way_up_is_one_post_at_a_time():
    way, at = [], Holder("subdivision", CLERK)
    while (above := next_above(at, FULL)) is not None:
        way.append(above)
        at = above

    assert way == [
        Holder("subdivision", SDO),
        Holder("division", EE),
        Holder("circle", SE),
        Holder("zone", CE),
        Holder("discom", Role.HEAD_OFFICE),
    ]


def test_vacant_posts_are_skipped():
    offices = chain(subdivision={CLERK}, circle={SE})

    assert next_above(Holder("subdivision", CLERK), offices) == Holder("circle", SE)


def test_the_way_up_never_leads_down_again():
    offices = chain(subdivision={CLERK, SE}, division={EE})

    assert next_above(Holder("division", EE), offices) is None


@pytest.mark.parametrize("role", [CLERK, SDO, EE, SE, CE])
def test_there_is_no_post_above_the_top(role: Role):
    assert next_above(Holder("discom", role), chain(discom={role})) is None
