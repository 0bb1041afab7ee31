"""Working days, working hours and promised dates."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.calendar import IST, Calendar, NoWorkingTime

CALENDAR = Calendar(frozenset({date(2026, 10, 2), date(2026, 10, 20)}))


def ist(day, hour, minute=0):
    return datetime(2026, 10, day, hour, minute, tzinfo=IST)


def test_sundays_and_holidays_are_not_working_days():
    assert [day for day in range(1, 12) if not CALENDAR.is_working_day(date(2026, 10, day))] == [2, 4, 11]


def test_the_first_working_day_after_registering_is_day_one():
    assert CALENDAR.promised_on(date(2026, 10, 5), 1) == date(2026, 10, 6)


def test_a_promise_skips_the_holiday_and_the_sunday():
    assert CALENDAR.promised_on(date(2026, 10, 1), 2) == date(2026, 10, 5)


def test_a_request_registered_on_a_sunday_counts_from_monday():
    assert CALENDAR.working_day(after=date(2026, 10, 4), number=1) == date(2026, 10, 5)


def test_seven_target_days_end_a_week_and_a_day_later():
    assert CALENDAR.promised_on(date(2026, 10, 5), 7) == date(2026, 10, 13)


def test_a_night_holds_no_working_hours():
    assert CALENDAR.working_hours_between(ist(5, 17), ist(6, 10)) == timedelta()


def test_hours_are_counted_from_opening_to_closing():
    assert CALENDAR.working_hours_between(ist(5, 8), ist(6, 11, 30)) == timedelta(hours=8, minutes=30)


def test_hours_before_the_start_are_nothing():
    assert CALENDAR.working_hours_between(ist(6, 11), ist(5, 11)) == timedelta()


def test_moments_in_utc_are_taken_as_indian_hours():
    nine_thirty_utc_is_three_in_india = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)

    assert CALENDAR.working_hours_between(ist(5, 10), nine_thirty_utc_is_three_in_india) == timedelta(hours=5)


def test_forty_working_hours_from_thursday_noon_pass_the_holiday_and_the_sunday():
    assert CALENDAR.add_working_time(ist(1, 12), timedelta(hours=40)) == ist(8, 17)


def test_no_hours_from_a_night_end_at_the_next_opening():
    assert CALENDAR.add_working_time(ist(5, 20), timedelta()) == ist(6, 10)


def test_a_calendar_that_never_opens_is_refused():
    with pytest.raises(NoWorkingTime):
        Calendar(opens=time(17), closes=time(10))


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(moments, st.integers(0, 400))
def test_adding_hours_and_counting_them_agree(start, hours):
    assert CALENDAR.working_hours_between(
        start, CALENDAR.add_working_time(start, timedelta(hours=hours))
    ) == timedelta(hours=hours)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 60))
def test_a_promised_day_is_a_working_day_with_so_many_working_days_up_to_it(registered_on, days):
    promised = CALENDAR.promised_on(registered_on, days)
    between = (registered_on + timedelta(days=n) for n in range(1, (promised - registered_on).days + 1))

    assert CALENDAR.is_working_day(promised)
    assert sum(CALENDAR.is_working_day(day) for day in between) == days
