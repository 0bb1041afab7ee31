"""Lateness: after the promised date, while an office has the request; never while its consumer is in time."""

from datetime import UTC, date, datetime

import pytest

from wss.domain.lateness import is_late, late_from
from wss.domain.lifecycle import Status

PROMISED = date(2026, 12, 2)
BEFORE, AFTER = datetime(2026, 11, 30, 6, tzinfo=UTC), datetime(2026, 12, 3, 6, tzinfo=UTC)


@pytest.mark.parametrize("status", ["registered", "in_review", "proposed", "reopened"])
@pytest.mark.parametrize(("day", "late"), [(1, False), (2, False), (3, True), (30, True)])
def test_an_office_is_late_from_the_day_after_the_promised_one(status: str, day: int, late: bool):
    assert is_late(Status(status), PROMISED, BEFORE, date(2026, 12, day)) is late


@pytest.mark.parametrize("status", ["resolved", "closed", "withdrawn"])
def test_what_is_resolved_or_has_ended_is_not_late(status: str):
    assert not is_late(Status(status), PROMISED, AFTER, date(2027, 1, 1))


@pytest.mark.parametrize(("asked", "late"), [(BEFORE, False), (AFTER, True)])
def test_while_the_consumer_is_asked_only_what_was_late_before_is_late(asked: datetime, late: bool):
    assert is_late(Status.INFO_REQUESTED, PROMISED, asked, date(2026, 12, 30)) is late


def test_the_day_of_asking_is_the_day_in_uttar_pradesh():
    just_after_midnight = datetime(2026, 12, 2, 18, 31, tzinfo=UTC)

    assert late_from(Status.INFO_REQUESTED, PROMISED, just_after_midnight) == date(2026, 12, 3)
