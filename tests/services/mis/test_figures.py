"""The figures of the MIS: lines add up; ages, lateness and months are right, folded or not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests import factories
from tests.fixtures.complaint_handling import CLERK, DIVISION, NUMBER, consumer_of, office_acts, resolve
from wss import clock
from wss.db import reading
from wss.domain.lifecycle import Action
from wss.queries.mis import counts_of
from wss.queries.reference import reference
from wss.services.mis import sums
from wss.services.mis.figures import MisOverview, MisQuery, overview
from wss.services.requests.actions import take_action
from wss.services.requests.transition_types import ActionRequest

TODAY = date(2026, 11, 24)
WHOLE = MisQuery("*", "*", date(2026, 11, 1), TODAY)


@pytest.fixture(params=["folded", "not folded"])
def seen(request: pytest.FixtureRequest, complainant: Any) -> Callable[..., MisOverview]:
    """Return a function for the figures, once with all changes added up and once without."""
    sums.rebuild()

    def look(wish: MisQuery = WHOLE) -> MisOverview:
        if request.param == "folded":
            sums.fold()
        with reading():
            return overview(wish, reference(), clock.local_date(clock.now()))

    return look


def test_lines_and_foot_agree_at_every_level(seen: Callable[..., MisOverview]):
    office_acts(CLERK, Action.TAKE_UP)
    parts = factories.OFFICE.split("-")

    for depth in range(len(parts) + 1):
        found = seen(replace(WHOLE, office_code="-".join(parts[:depth]) or "*"))

        assert found.whole.pending == 1
        assert [figures.pending for _, figures in found.below] == [1] * (depth < len(parts))
        assert found.own.pending == (depth == len(parts))


def test_what_is_resolved_late_is_not_in_time(seen: Callable[..., MisOverview], frozen_clock: Any):
    frozen_clock.advance(days=20)

    resolve()

    flow = seen(replace(WHOLE, last=TODAY + timedelta(days=20))).whole.flow
    assert (flow["resolved"], flow["resolved_in_time"]) == (1, 0)


def test_what_happened_before_the_period_is_not_shown(seen: Callable[..., MisOverview], frozen_clock: Any):
    resolve()
    frozen_clock.advance(days=1)

    assert (
        seen(replace(WHOLE, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=1))).whole.flow[
            "resolved"
        ]
        == 0
    )


def test_pending_requests_grow_older(seen: Callable[..., MisOverview], frozen_clock: Any):
    ages = []
    for days in (0, 7, 1, 7, 1, 14, 1):
        frozen_clock.advance(days=days)
        ages.append(seen().whole.ages.index(1))

    assert ages == [0, 0, 1, 1, 2, 2, 3]


def test_a_request_is_late_after_the_promised_day(seen: Callable[..., MisOverview], frozen_clock: Any):
    frozen_clock.advance(days=8)
    on_the_day = seen().whole.late
    frozen_clock.advance(days=1)

    assert (on_the_day, seen().whole.late) == (0, 1)


def test_only_the_chosen_kind_is_counted(seen: Callable[..., MisOverview]):
    assert seen(replace(WHOLE, kind="BILL_CORRECTION")).whole.pending == 1
    assert seen(replace(WHOLE, kind="ADDRESS_CORRECTION")).whole.pending == 0
    assert [(kind, figures.pending) for kind, figures in seen().kinds] == [("BILL_CORRECTION", 1)]


def test_the_months_gone_by_follow_from_what_happened(
    seen: Callable[..., MisOverview], frozen_clock: Any, complainant: Any
):
    frozen_clock.advance(days=31)
    resolve()
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.CONFIRM))
    frozen_clock.advance(days=31)

    assert [pending for _, pending in seen().months][-4:] == [0, 1, 0, 0]


def test_the_counts_of_an_office_are_those_of_its_list(
    seen: Callable[..., MisOverview], frozen_clock: Any, complainant: Any
):
    office_acts(CLERK, Action.TAKE_UP)
    office_acts(CLERK, Action.ASK, remark="Please send a photo.")
    frozen_clock.advance(days=30)
    with reading():
        counts = counts_of(DIVISION, TODAY)

    assert (counts.open, counts.late, counts.escalated, counts.waiting) == (1, 0, 0, 1)
