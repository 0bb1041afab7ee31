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


@pytest.mark.parametrize(
    ("registered_on", "days", "promised"),
    [(5, 1, 6), (1, 2, 5), (5, 7, 13)],
    ids=["the next day is day one", "over a holiday and a Sunday", "a week and a day"],
)
def test_a_promise_counts_working_days_after_registering(registered_on, days, promised):
    assert CALENDAR.promised_on(date(2026, 10, registered_on), days) == date(2026, 10, promised)


def test_a_request_registered_on_a_sunday_counts_from_monday():
    assert CALENDAR.working_day(after=date(2026, 10, 4), number=1) == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (ist(5, 17), ist(6, 10), 0),
        (ist(5, 8), ist(6, 11, 30), 8.5),
        (ist(6, 11), ist(5, 11), 0),
        (ist(5, 10), datetime(2026, 10, 5, 9, 30, tzinfo=UTC), 5),
    ],
    ids=["a night", "from opening to closing", "an end before the start", "a moment in UTC"],
)
def test_working_hours_are_those_of_open_offices(start, end, hours):
    assert CALENDAR.working_hours_between(start, end) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [(ist(1, 12), 40, ist(8, 17)), (ist(5, 20), 0, ist(6, 10))],
    ids=["over a holiday and a Sunday", "no hours from a night"],
)
def test_working_time_ends_in_office_hours(start, hours, end):
    assert CALENDAR.add_working_time(start, timedelta(hours=hours)) == end


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
