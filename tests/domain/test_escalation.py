"""Escalation: which row applies, to which post, and when, in office hours."""

from datetime import UTC, date, datetime, timedelta

import pytest

from wss.domain.actor import Role
from wss.domain.calendar import IST, Calendar
from wss.domain.escalation import (
    EscalationClock,
    EscalationLadder,
    EscalationRule,
    clock_from_then,
    clock_runs,
    rows_for,
)
from wss.domain.lifecycle import Status
from wss.domain.routing import Desk, Level

SDO = EscalationRule(1, Role.SDO, Level.SUBDIVISION, 40)
EE = EscalationRule(2, Role.EE, Level.DIVISION, 24)
SE = EscalationRule(3, Role.SE, Level.CIRCLE, 24)
ROWS = (SDO, EE, SE)
CALENDAR = Calendar(frozenset({date(2026, 11, 25)}))
TUESDAY = datetime(2026, 11, 24, 15, 30, tzinfo=IST)


def ladder(*posts: tuple[str, Level, str], rows=ROWS) -> EscalationLadder:
    """Return the ladder of these offices, lowest first, each with its filled roles."""
    chain = [
        Desk(code, level, frozenset(Role(role) for role in roles.split())) for code, level, roles in posts
    ]
    return EscalationLadder(rows, chain, CALENDAR)


FULL = ladder(
    ("S", Level.SUBDIVISION, "billing_clerk sdo"), ("D", Level.DIVISION, "ee"), ("C", Level.CIRCLE, "se")
)


def above(ladder: EscalationLadder, role: Role):
    rung = ladder.above(role)
    return rung and (rung.row.level, rung.holder.office_code, rung.holder.role, rung.holder.instead_of)


@pytest.mark.parametrize(
    ("held_by", "to"),
    [
        (Role.BILLING_CLERK, (1, "S", Role.SDO, None)),
        (Role.SDO, (2, "D", Role.EE, None)),
        (Role.EE, (3, "C", Role.SE, None)),
        (Role.SE, None),
        (Role.HEAD_OFFICE, None),
    ],
)
def test_rows_at_or_below_the_holder_are_skipped(held_by: Role, to):
    assert above(FULL, held_by) == to


def test_a_post_that_is_not_filled_is_taken_by_the_nearest_office_above_that_has_it_and_this_is_said():
    without_sdo = ladder(("S", Level.SUBDIVISION, "billing_clerk"), ("D", Level.DIVISION, "ee"))
    ee_higher = ladder(
        ("S", Level.SUBDIVISION, "sdo"), ("D", Level.DIVISION, ""), ("C", Level.CIRCLE, "ee se")
    )

    assert above(without_sdo, Role.BILLING_CLERK) == (1, "D", Role.EE, Role.SDO)
    assert above(ee_higher, Role.SDO) == (2, "C", Role.EE, Role.EE)


def test_a_row_with_a_vacant_post_is_skipped():
    rows = (EscalationRule(1, Role.SE, Level.CIRCLE, 5), EscalationRule(2, Role.EE, Level.DIVISION, 9))
    without_se = ladder(("S", Level.SUBDIVISION, "sdo"), ("D", Level.DIVISION, "ee"), rows=rows)

    assert above(without_se, Role.SDO) == (2, "D", Role.EE, None)
    assert above(ladder(("S", Level.SUBDIVISION, "sdo")), Role.SDO) is None


def test_a_kind_with_rows_of_its_own_goes_by_these_alone():
    matrix = {"*": ROWS, "METER_COMPLAINT": (SE,)}

    assert rows_for("METER_COMPLAINT", matrix) == (SE,)
    assert rows_for("BILL_CORRECTION", matrix) == ROWS
    assert rows_for("BILL_CORRECTION", {}) == ()


def test_the_clock_goes_in_office_hours_only():
    # 1.5 h on Tuesday, Wednesday is a holiday, then 7 h a day, except Sunday: 24 h end on Monday.
    assert FULL.due_at(Role.SDO, EscalationClock(TUESDAY)) == datetime(2026, 11, 30, 11, 30, tzinfo=IST)


@pytest.mark.parametrize(("used_h", "left_h"), [(23, 1), (25, 0)])
def test_time_that_was_used_counts(used_h: int, left_h: int):
    used = EscalationClock(TUESDAY, used_s=used_h * 3600)

    assert FULL.due_at(Role.SDO, used) == TUESDAY + timedelta(hours=left_h)


def test_a_stopped_clock_and_a_holder_at_the_top_are_never_due():
    assert FULL.due_at(Role.SDO, EscalationClock(None, 100)) is None
    assert FULL.due_at(Role.SE, EscalationClock(TUESDAY)) is None


def test_a_clock_that_is_stopped_keeps_its_working_time():
    stopped = clock_from_then(
        EscalationClock(TUESDAY, 60), runs=False, at=TUESDAY + timedelta(days=2), calendar=CALENDAR
    )
    again = clock_from_then(stopped, runs=True, at=TUESDAY + timedelta(days=9), calendar=CALENDAR)

    # Tuesday from half past three, nothing on the holiday, Thursday until half past three.
    assert stopped == EscalationClock(None, 60 + 90 * 60 + 5 * 3600 + 1800)
    assert again == EscalationClock(TUESDAY + timedelta(days=9), stopped.used_s)


def test_a_clock_that_already_runs_or_is_stopped_is_left_alone():
    for clock, is_going in ((EscalationClock(TUESDAY, 5), True), (EscalationClock(None, 5), False)):
        assert (
            clock_from_then(clock, runs=is_going, at=TUESDAY + timedelta(days=1), calendar=CALENDAR) == clock
        )


@pytest.mark.parametrize("status", Status)
def test_the_clock_goes_while_an_office_has_it(status: Status):
    at_work = status in ("registered", "reopened", "in_review", "proposed")

    assert clock_runs(status, frozen=False) is at_work
    assert not clock_runs(status, frozen=True)


def test_after_an_outage_every_due_level_is_escalated():
    a_month_later = TUESDAY + timedelta(days=30)
    for_days = [
        FULL.due_steps(Role.BILLING_CLERK, EscalationClock(TUESDAY), TUESDAY + timedelta(days=n))
        for n in (6, 9, 12)
    ]

    assert [
        rung.holder.role
        for rung in FULL.due_steps(Role.BILLING_CLERK, EscalationClock(TUESDAY), a_month_later)
    ] == [Role.SDO, Role.EE, Role.SE]
    assert [len(list(rungs)) for rungs in for_days] == [0, 1, 2]


def test_due_moments_are_utc():
    due = FULL.due_at(Role.SDO, EscalationClock(TUESDAY))

    assert due is not None and due.tzinfo is UTC
