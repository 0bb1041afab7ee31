"""The counts of the MIS, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from wss.domain.lifecycle import Action
from wss.domain.mis import (
    CountedRequest,
    CountedStep,
    SumChange,
    amount_change,
    pending_measures,
    sum_changes,
)
from wss.domain.office_figures import (
    OfficeFigures,
    SumShare,
    age_band,
    counted_in_months,
    month_before,
    months_until,
    pending_at_month_ends,
)
from wss.domain.resolution_times import median

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
TODAY = date(2026, 11, 24)
NEW = CountedRequest("registered", AT, date(2026, 12, 2), AT)


def test_a_new_request_is_pending_due_and_registered():
    assert {
        (one.measure, one.day, one.n)
        for one in sum_changes(None, NEW, CountedStep("register", "registered", AT))
    } == {
        ("pending:registered", TODAY, 1),
        ("due", date(2026, 12, 2), 1),
        ("registered", TODAY, 1),
    }


def test_a_step_that_changes_nothing_has_no_effect():
    assert sum_changes(NEW, NEW, CountedStep(Action.ASSIGN, "registered", AT)) == []


@pytest.mark.parametrize(
    ("change", "measures"),
    [
        ({"status": "closed", "reopened_times": 1}, set()),
        (
            {"registered_at": datetime(2026, 11, 24, 19, tzinfo=UTC)},
            {("pending:registered", date(2026, 11, 25)), ("due", date(2026, 12, 2))},
        ),
    ],
    ids=["what has ended counts nowhere", "an evening in London is the next day here"],
)
def test_a_request_is_pending_since_its_day_until_its_end(change, measures):
    assert pending_measures(replace(NEW, **change)) == measures


def test_a_request_that_was_late_when_its_consumer_was_asked_stays_late():
    asked = replace(NEW, status="info_requested", promised_on=date(2026, 11, 23))

    assert ("due", date(2026, 11, 23)) in pending_measures(asked)
    assert "due" not in {measure for measure, _ in pending_measures(replace(asked, promised_on=TODAY))}


def test_the_third_refusal_ends_it_as_disputed():
    before, after = replace(NEW, status="resolved"), replace(NEW, status="closed")

    flow = {
        one.measure
        for one in sum_changes(before, after, CountedStep(Action.REFUSE, "closed", AT))
        if one.n > 0
    }

    assert flow == {"refused", "closed_disputed"}


def test_a_resolution_counts_with_its_days_and_its_money_and_in_time_until_it_is_refused():
    before = replace(NEW, status="proposed", promised_on=TODAY, registered_at=AT - timedelta(days=3))
    after = replace(before, status="resolved")
    resolved = CountedStep(Action.APPROVE, "resolved", AT, in_time=True, corrected_paise=500)

    changes = sum_changes(before, after, resolved, 900)
    refusal = sum_changes(after, after, CountedStep(Action.REFUSE, "reopened", AT, kept_on=TODAY))

    assert {SumChange("resolved", TODAY, 1, 500), SumChange("took:2026-11", date(2000, 1, 4), 1)} <= set(
        changes
    )
    assert {SumChange("resolved_in_time", TODAY, 1), SumChange("in_time_kept", TODAY, 1)} <= set(changes)
    assert SumChange("pending:proposed", TODAY - timedelta(days=3), -1, -900) in changes
    assert SumChange("in_time_kept", TODAY, -1) in refusal


def test_an_amount_counts_until_the_resolution():
    assert amount_change(NEW, 700) == [SumChange("pending:registered", TODAY, 0, 700)]
    assert amount_change(replace(NEW, status="resolved"), 700) == []


@pytest.mark.parametrize(
    ("counted", "middle"),
    [({}, None), ({4: 1}, 4), ({1: 1, 4: 1}, 2.5), ({0: 2, 9: 3}, 9), ({3: 2, 8: 2}, 5.5)],
)
def test_the_median_is_the_middle_of_what_was_counted(counted: dict[int, int], middle: float | None):
    assert median(counted) == middle


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        (date(2026, 11, 1), TODAY, (date(2026, 10, 1), date(2026, 10, 24))),
        (date(2026, 11, 1), date(2026, 11, 30), (date(2026, 10, 1), date(2026, 10, 31))),
        (date(2026, 3, 30), date(2026, 3, 31), (date(2026, 2, 28), date(2026, 2, 28))),
        (date(2026, 1, 1), date(2026, 1, 31), (date(2025, 12, 1), date(2025, 12, 31))),
    ],
)
def test_a_period_is_compared_with_the_same_days_of_the_month_before(
    first: date, last: date, before: tuple[date, date]
):
    assert month_before(first, last) == before


def test_days_that_a_question_stopped_count_where_it_ends():
    before, after = replace(NEW, status="info_requested"), replace(NEW, status="in_review")

    changes = sum_changes(before, after, CountedStep(Action.WITHDRAW_QUESTION, "in_review", AT, stopped=3))

    assert SumChange("stopped_days", TODAY, 3) in changes


@pytest.mark.parametrize(
    ("days", "band"), [(0, 0), (7, 0), (8, 1), (15, 1), (16, 2), (30, 2), (31, 3), (900, 3)]
)
def test_each_age_has_its_band(days: int, band: int):
    assert age_band(date.fromordinal(TODAY.toordinal() - days), TODAY) == band


def test_the_trend_has_thirteen_months():
    months = months_until(date(2026, 1, 31))

    assert (len(months), months[0], months[-1]) == (13, date(2025, 1, 1), date(2026, 1, 1))


def test_the_past_follows_from_the_present():
    november, october = 2026 * 12 + 10, 2026 * 12 + 9
    parts = [
        SumShare("registered", november, True, 5),
        SumShare("closed_confirmed", november, True, 2),
        SumShare("withdrawn", october, True, 1),
        SumShare("resolved", november, True, 9),
    ]

    assert [n for _, n in pending_at_month_ends(10, parts, TODAY)][-3:] == [8, 7, 10]


def test_what_happened_is_counted_in_its_month():
    november, october = 2026 * 12 + 10, 2026 * 12 + 9
    parts = [
        SumShare("asked", november, True, 2),
        SumShare("asked", october, False, 1),
        SumShare("due", 1, False, 9),
    ]

    assert counted_in_months("asked", parts, TODAY)[-3:] == [0, 1, 2]


def test_what_is_left_is_the_offices_own():
    whole, child = OfficeFigures(), OfficeFigures()
    for figures, n in ((whole, 3), (child, 3)):
        figures.add(SumShare("pending:registered", 1, False, n))
        figures.add(SumShare("resolved", 0, True, n))

    assert whole.less([child]).is_empty
    assert whole.less([]) == whole
