"""How soon a message is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.delivery import LEASE, Urgency, is_given_up, next_attempt

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failed", "seconds"), [(1, 10), (2, 60), (3, 300), (4, 900), (5, 3600), (6, 3600), (11, 3600)]
)
def test_the_waits_grow_to_an_hour(failed: int, seconds: int):
    assert next_attempt(failed, NOW, 0.0) == NOW + timedelta(seconds=seconds)


@given(st.integers(1, 1000), st.floats(0, 1))
def test_chance_spreads_the_next_attempt_by_a_fifth_at_most(failed: int, jitter: float):
    at, at_least = next_attempt(failed, NOW, jitter), next_attempt(failed, NOW, 0.0)

    assert at_least <= at <= at_least + (at_least - NOW) * 0.2


def test_an_outage_of_four_hours_loses_nothing():
    span, failed = timedelta(), 0
    while not is_given_up(failed + 1):
        failed += 1
        span = span + (next_attempt(failed, NOW, 0.0) - NOW)

    assert span >= timedelta(hours=4)


def test_a_message_is_given_up_in_the_end():
    assert is_given_up(12) and not is_given_up(1)


def test_codes_go_before_everything_else():
    assert Urgency.CODE < Urgency.NOTICE < Urgency.REMINDER


def test_a_lease_is_a_minute():
    assert timedelta(seconds=60) == LEASE
