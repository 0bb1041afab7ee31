"""Which alerts are due, the quiet hours, and the projection of the next bill, by examples computed by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from wss.domain.alerts import CHOSEN_KINDS, AlertBill, AlertKind, Budget, DueAlert, Expectation, due_alerts
from wss.domain.errors import Malformed
from wss.domain.quiet_hours import QuietHours, shown_time, time_of_day

BILL = AlertBill(
    "B1", "2026-10", date(2026, 10, 31), "MU", date(2026, 11, 6), date(2026, 11, 20), 750_00, 750_00
)
ALL = frozenset(CHOSEN_KINDS)


def kinds(bill: AlertBill, today: date, **facts: object) -> list[str]:
    """Return the kinds that are due."""
    budget, expected = facts.get("budget", Budget()), facts.get("expected")
    return [alert.kind.value for alert in due_alerts(ALL, budget, expected, bill, today)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (6, ["bill_issued"]),
        (16, ["bill_issued"]),
        (17, ["bill_issued", "due_soon"]),
        (20, ["bill_issued", "due_soon"]),
        (21, ["bill_issued", "overdue"]),
    ],
)
def test_a_bill_is_due_soon_from_three_days_before_its_last_day(day: int, expected: list[str]):
    assert kinds(BILL, date(2026, 11, day)) == expected


def test_what_is_not_chosen_is_not_due():
    assert due_alerts(frozenset(), Budget(), None, BILL, date(2026, 11, 18)) == []


@pytest.mark.parametrize("change", [{"unpaid_paise": 0}, {"is_disputed": True}])
def test_no_one_is_reminded_of_a_bill_that_is_paid_or_in_a_complaint(change: dict[str, object]):
    assert kinds(replace(BILL, **change), date(2026, 11, 18)) == ["bill_issued"]


def test_old_bills_and_revised_bills_are_no_news():
    assert kinds(BILL, date(2026, 12, 21)) == []
    assert kinds(replace(BILL, is_revision=True, unpaid_paise=0), date(2026, 11, 18)) == []


def test_a_bill_far_above_the_usual_is_due_with_its_news():
    assert kinds(replace(BILL, times_tenths=30), date(2026, 11, 10)) == ["bill_issued", "unusual"]


@pytest.mark.parametrize(("day", "is_asked"), [(14, False), (15, True)])
def test_a_reading_is_asked_for_from_the_middle_of_the_month_where_there_is_a_budget(
    day: int, is_asked: bool
):
    today = date(2026, 11, day)

    assert ("reading" in kinds(BILL, today, budget=Budget(units=100))) is is_asked
    assert "reading" not in kinds(BILL, today)


def test_a_projection_above_the_budget_is_due_once_for_its_month():
    expected = Expectation("2026-11", date(2026, 11, 15), 151, 1_200_00)

    [alert] = due_alerts(frozenset(), Budget(units=150), expected, BILL, date(2026, 11, 16))

    assert alert == DueAlert(AlertKind.BUDGET, "2026-11")


@pytest.mark.parametrize(
    ("budget", "is_passed"),
    [
        (Budget(units=151), False),
        (Budget(paise=1_199_99), True),
        (Budget(paise=1_200_00), False),
        (Budget(), False),
    ],
)
def test_a_budget_is_passed_by_more_not_by_as_much(budget: Budget, is_passed: bool):
    assert budget.is_passed_by(151, 1_200_00) is is_passed


def test_a_budget_in_rupees_is_not_passed_where_the_tariff_is_not_known():
    assert not Budget(paise=1).is_passed_by(500, None)


def test_a_projection_from_before_the_newest_bill_is_over():
    expected = Expectation("2026-10", date(2026, 10, 15), 900, None)

    assert "budget" not in kinds(BILL, date(2026, 11, 16), budget=Budget(units=1), expected=expected)


def ist(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """Return a moment in Uttar Pradesh, in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=5, minutes=30)


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        (ist(20, 59), ist(20, 59)),
        (ist(21), ist(8, day=25)),
        (ist(0, 0), ist(8)),
        (ist(7, 59), ist(8)),
        (ist(8), ist(8)),
    ],
)
def test_quiet_hours_pass_midnight_in_the_time_of_uttar_pradesh(moment: datetime, ends: datetime):
    assert QuietHours().end_after(moment) == ends


def test_quiet_hours_of_the_day_and_none_at_all():
    assert QuietHours(13 * 60, 15 * 60).end_after(ist(14, 20)) == ist(15)
    assert QuietHours(13 * 60, 15 * 60).end_after(ist(23)) == ist(23)
    assert QuietHours(0, 0).end_after(ist(0)) == ist(0)


@pytest.mark.parametrize("typed", ["21:30", "21.30", "2130", " 21:30 ", "२१:३०"])
def test_a_time_of_day_is_read_as_people_type_it(typed: str):
    assert shown_time(time_of_day(typed)) == "21:30"


@pytest.mark.parametrize("typed", ["", "24:00", "9:60", "night", "-1"])
def test_what_is_no_time_of_day_is_refused(typed: str):
    with pytest.raises(Malformed):
        time_of_day(typed)
