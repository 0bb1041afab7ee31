"""What is owed for late requests: by decision, by reopened promise, and office by office."""

from typing import Any

import pytest

from tests.factories import OFFICE, Household
from tests.fixtures.bill_revision import change, seen_request
from tests.fixtures.complaint_handling import (
    NUMBER,
    ask,
    consumer_of,
    resolve,
    the_request,
)
from tests.fixtures.late_decisions import DISCOM, switch_on_compensation
from wss import clock
from wss.db import reading
from wss.domain.lifecycle import Action
from wss.models import ServiceRequest
from wss.queries.reference import reference
from wss.services.requests.actions import take_action
from wss.services.requests.owed_sums import OwedStatement, owed_by_office, owed_of
from wss.services.requests.transition_types import ActionRequest

pytestmark = pytest.mark.usefixtures("complainant")


def found() -> OwedStatement | None:
    with reading():
        return owed_of(seen_request(), reference(), clock.local_date(clock.now()))


def owed() -> tuple[int, int] | None:
    statement = found()
    return (statement.owed.days, statement.owed.paise) if statement else None


def offices() -> dict[str, tuple[int, int]]:
    """Return requests and sum of the discom and of the offices directly below it."""
    with reading():
        tables = reference()
        rows, whole = owed_by_office(tables.offices[DISCOM], tables, clock.local_date(clock.now()))
    return {row.office.code: (row.requests, row.paise) for row in (*rows, whole)}


def test_each_day_after_the_promised_second_of_december_is_owed(frozen_clock: Any):
    switch_on_compensation()

    frozen_clock.advance(days=8)
    assert owed() is None
    frozen_clock.advance(days=3)
    assert owed() == (3, 150_00)


def test_nothing_is_owed_by_a_rate_that_is_not_switched_on(frozen_clock: Any):
    switch_on_compensation(is_on=False)
    frozen_clock.advance(days=11)

    assert owed() is None and offices()[DISCOM] == (0, 0)


def test_nothing_is_owed_while_it_is_disputed_who_made_the_request(frozen_clock: Any):
    switch_on_compensation()
    frozen_clock.advance(days=11)
    change(ServiceRequest, the_request().id, frozen=True)

    assert owed() is None and offices()[DISCOM] == (0, 0)


def test_a_question_stops_the_days_and_an_answer_moves_the_limit_as_the_promise(
    complainant: Household, frozen_clock: Any
):
    switch_on_compensation()
    frozen_clock.advance(days=10)
    ask()
    frozen_clock.advance(days=3)
    # Asked on Friday 04-12, two days late; on Monday the same.
    assert owed() == (2, 100_00)
    assert offices()[DISCOM] == (1, 100_00)

    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.ANSWER, "Here."))

    # Two working days of the question, Saturday and Monday, move the limit to Friday 04-12.
    assert owed() == (3, 150_00)


def test_a_decision_ends_the_days_and_those_of_a_reopened_request_are_added(
    complainant: Household, frozen_clock: Any
):
    switch_on_compensation()
    frozen_clock.advance(days=11)
    resolve()
    frozen_clock.advance(days=2)
    assert owed() == (3, 150_00)
    assert found().is_running is False

    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.REFUSE, "Still wrong."))
    # Reopened on Monday 07-12: promised by Tuesday 15-12.
    frozen_clock.advance(days=10)

    assert owed() == (5, 250_00)
    assert offices()[DISCOM] == (1, 100_00)


def test_the_sum_of_an_office_is_that_of_the_offices_below_it(frozen_clock: Any):
    switch_on_compensation()
    frozen_clock.advance(days=11)

    zone = "-".join(OFFICE.split("-")[:2])
    assert offices()[zone] == offices()[DISCOM] == (1, 150_00)
