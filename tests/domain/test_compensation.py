"""What is owed for a late decision, by hand: 02-12-2026 is a Wednesday, 06-12-2026 a Sunday."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from wss.domain.calendar import IST, Calendar
from wss.domain.compensation import (
    CompensationRate,
    CountedDays,
    OwedSum,
    PromisedPeriod,
    open_period,
    owed_sum,
    rate_for,
)
from wss.domain.lifecycle import Status

PROMISED = date(2026, 12, 2)
RATE = CompensationRate("D", "*", 50_00, None, 0, CountedDays.CALENDAR, "order 11", "आदेश 11", True)


def days(day: int, **wishes: object) -> int:
    """Return the days owed when the decision comes on this day of December."""
    period = PromisedPeriod(PROMISED, date(2026, 12, day))
    return owed_sum(replace(RATE, **wishes), [period], Calendar()).days


@pytest.mark.parametrize(("day", "owed"), [(1, 0), (2, 0), (3, 1), (5, 3), (7, 5)])
def test_each_day_after_the_promised_day_counts(day: int, owed: int):
    assert days(day) == owed


def test_where_working_days_count_a_sunday_does_not():
    assert days(7, counted=CountedDays.WORKING) == 4


@pytest.mark.parametrize(
    ("day", "counted", "owed"), [(4, "calendar", 0), (7, "calendar", 3), (7, "working", 2)]
)
def test_the_limit_is_so_many_working_days_after_the_promised_day(day: int, counted: str, owed: int):
    assert days(day, grace_days=2, counted=counted) == owed


def test_a_holiday_after_the_promised_day_moves_the_limit():
    calendar = Calendar(frozenset({date(2026, 12, 3)}))
    period = PromisedPeriod(PROMISED, date(2026, 12, 5))

    assert owed_sum(replace(RATE, grace_days=1), [period], calendar).days == 1


def test_late_decisions_of_one_request_add_up_to_the_largest_sum_at_most():
    periods = [
        PromisedPeriod(PROMISED, date(2026, 12, 5)),
        PromisedPeriod(date(2026, 12, 16), date(2026, 12, 18)),
    ]

    assert owed_sum(RATE, periods, Calendar()) == OwedSum(5, 250_00)
    assert owed_sum(replace(RATE, max_amount_paise=200_00), periods, Calendar()) == OwedSum(5, 200_00)


@pytest.mark.parametrize(
    ("status", "until"),
    [
        (Status.IN_REVIEW, date(2026, 12, 9)),
        (Status.INFO_REQUESTED, date(2026, 12, 4)),
        (Status.RESOLVED, None),
        (Status.WITHDRAWN, None),
    ],
)
def test_days_run_until_today_stop_at_a_question_and_end_with_the_request(status: Status, until: date | None):
    asked_at = datetime(2026, 12, 4, 0, 10, tzinfo=IST)

    period = open_period(status, PROMISED, asked_at, date(2026, 12, 9))

    assert (period and period.until) == until


def test_the_nearest_office_decides_and_there_the_kind_before_all_kinds():
    rates = [
        RATE,
        replace(RATE, kind="LOAD_CHANGE", rate_paise=1),
        replace(RATE, office_code="D-Z", rate_paise=2),
    ]

    found = [
        rate_for(rates, kind, path)
        for kind, path in (("METER", ["D", "D-Y"]), ("LOAD_CHANGE", ["D"]), ("LOAD_CHANGE", ["D", "D-Z"]))
    ]

    assert [rate and rate.rate_paise for rate in found] == [50_00, 1, 2]
    assert rate_for(rates, "METER", ["E"]) is None
