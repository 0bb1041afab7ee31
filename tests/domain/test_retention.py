"""Retention periods of data."""

from datetime import UTC, datetime, timedelta

from wss.domain.retention import RETENTION, ConsumerActivity, erasure_obstacle

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_nothing_blocks_the_erasure_a_year_after_the_last_use():
    assert erasure_obstacle(ConsumerActivity([], NOW - RETENTION), NOW) is None


def test_until_then_it_says_until_when():
    found = erasure_obstacle(ConsumerActivity([], NOW - RETENTION + timedelta(seconds=1)), NOW)

    assert found is not None and found.until == NOW + timedelta(seconds=1)


def test_an_open_complaint_blocks_the_erasure_however_old():
    found = erasure_obstacle(ConsumerActivity(["10000000016"], NOW - 3 * RETENTION), NOW)

    assert found is not None and found.open_complaints == ["10000000016"]


def test_a_year_is_never_a_day_too_short():
    assert datetime(2027, 3, 1, tzinfo=UTC) + RETENTION > datetime(2028, 3, 1, tzinfo=UTC) - timedelta(days=1)
    assert timedelta(days=366) <= RETENTION
