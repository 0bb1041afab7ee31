"""Which office gets a request, and which one gets it next when nothing is done."""

import pytest

from wss.domain.actor import Role
from wss.domain.routing import Desk, Holder, Level, holder, next_above

CLERK, SDO, EE, SE, CE = Role.BILLING_CLERK, Role.SDO, Role.EE, Role.SE, Role.CE


def chain(**posts: set[Role]) -> list[Desk]:
    """Return the offices above a connection, each with its filled posts."""
    return [Desk(level.value, level, frozenset(posts.get(level.value, set()))) for level in Level]


FULL = chain(subdivision={CLERK, SDO}, division={EE}, circle={SE}, zone={CE}, discom={Role.HEAD_OFFICE})


@pytest.mark.parametrize(
    ("post", "level", "offices", "held_by"),
    [
        (CLERK, Level.SUBDIVISION, FULL, Holder("subdivision", CLERK)),
        (CLERK, Level.SUBDIVISION, chain(subdivision={SDO}), Holder("subdivision", SDO, CLERK)),
        (SDO, Level.SUBDIVISION, chain(division={EE}), Holder("division", EE, SDO)),
        (EE, Level.SUBDIVISION, chain(subdivision={CLERK, SDO}, division={EE}), Holder("division", EE)),
        (SDO, Level.DIVISION, chain(subdivision={SDO}, division={SDO}), Holder("division", SDO)),
        (CLERK, Level.SUBDIVISION, chain(), Holder("subdivision", CLERK)),
    ],
    ids=[
        "the post is filled",
        "an office without it gives it to the senior there",
        "an empty office gives it to the nearest above",
        "a junior post never gets what is a senior's",
        "the level is the lowest that is looked at",
        "without any post nothing is lost",
    ],
)
def test_a_request_is_held_by_the_post_or_the_nearest_senior(post, level, offices, held_by):
    assert holder(post, level, offices) == held_by


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


@pytest.mark.parametrize(
    ("held_by", "offices", "above"),
    [
        (Holder("subdivision", CLERK), chain(subdivision={CLERK}, circle={SE}), Holder("circle", SE)),
        (Holder("division", EE), chain(subdivision={CLERK, SE}, division={EE}), None),
    ],
    ids=["vacant posts are skipped", "never down again"],
)
def test_the_way_up_leads_to_the_next_filled_post(held_by, offices, above):
    assert next_above(held_by, offices) == above


@pytest.mark.parametrize("role", [CLERK, SDO, EE, SE, CE])
def test_there_is_no_post_above_the_top(role: Role):
    assert next_above(Holder("discom", role), chain(discom={role})) is None
