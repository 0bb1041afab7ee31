"""Silence: two reminders, each once, and the step that follows, never before the consumer has been reminded."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, update_rows
from tests.fixtures.complaint_handling import NUMBER, ask, consumer_of, resolve, rows, the_request
from tests.fixtures.threads import call_at_once
from wss import clock
from wss.db import transaction
from wss.domain.lifecycle import Action
from wss.models import BillingPost, Event, Message, Office, ServiceRequest
from wss.queries.reference import bump_reference_version
from wss.services.requests.actions import take_action
from wss.services.requests.expiry import expire_waits
from wss.services.requests.transition_types import ActionRequest


def pass_days(frozen_clock: Any, days: int, *, closes: bool = False) -> None:
    """Advance by so many days and run the worker's check twice on each."""
    for _ in range(days):
        frozen_clock.advance(days=1)
        expire_waits(close_on_silence=closes)
        expire_waits(close_on_silence=closes)


def reminders() -> int:
    return sum(event.action == "remind" for event in rows(Event))


def arrive(state: str = "sent", notice: str = "resolved_not_needed") -> None:
    with transaction() as session:
        session.execute(sa.update(Message).where(Message.notice == notice).values(state=state))


@pytest.mark.parametrize(("days", "times"), [(6, 0), (7, 1), (12, 1), (13, 2), (40, 2)])
def test_reminders_go_out_on_days_seven_and_thirteen(
    complainant: Household, frozen_clock: Any, days: int, times: int
):
    resolve()

    pass_days(frozen_clock, days)

    assert reminders() == times
    assert sum(message.notice == "confirm_reminder" for message in rows(Message)) == times


def test_a_worker_that_was_away_reminds_once(complainant: Household, frozen_clock: Any):
    resolve()
    frozen_clock.advance(days=13)

    expire_waits(close_on_silence=False)
    expire_waits(close_on_silence=False)

    assert reminders() == 1


def test_a_resolution_after_a_refusal_has_new_reminders(complainant: Household, frozen_clock: Any):
    resolve()
    pass_days(frozen_clock, 7)
    take_action(consumer_of(complainant), NUMBER, ActionRequest(Action.REFUSE, "Not settled."))
    resolve()

    pass_days(frozen_clock, 7)

    assert reminders() == 2


def test_of_many_workers_at_once_one_reminds(complainant: Household, frozen_clock: Any):
    resolve()
    at = frozen_clock.advance(days=7)

    def work(_: int) -> int:
        with clock.frozen_at(at):
            return expire_waits(close_on_silence=False)

    moved = sum(call_at_once(work, range(8)))

    assert (moved, reminders()) == (1, 1)


@pytest.mark.parametrize("level", ["no office", "subdivision"])
def test_silence_closes_nothing_unless_the_discom_has_it_so(
    complainant: Household, frozen_clock: Any, level: str
):
    with transaction() as session:
        session.execute(sa.update(Office).where(Office.level == level).values(close_on_silence=True))
        bump_reference_version()
    resolve()
    arrive()

    pass_days(frozen_clock, 30)

    assert the_request().status == "resolved"


def close_after(frozen_clock: Any, days: int) -> ServiceRequest:
    frozen_clock.advance(days=days)
    expire_waits(close_on_silence=True)
    return the_request()


def test_fifteen_days_of_silence_close_where_the_discom_has_it_so(complainant: Household, frozen_clock: Any):
    resolve()
    arrive()

    assert close_after(frozen_clock, 14).status == "resolved"
    arrive(notice="confirm_reminder")

    closed = close_after(frozen_clock, 1)

    assert (closed.status, closed.closing) == ("closed", "unconfirmed")


@pytest.mark.parametrize(("of_the_site", "of_the_discom"), [(False, True), (True, False)])
def test_a_discom_that_has_said_so_goes_before_the_setting_of_the_site(
    complainant: Household, frozen_clock: Any, of_the_site: bool, of_the_discom: bool
):
    update_rows(Office, Office.level == "discom", close_on_silence=of_the_discom)
    resolve()
    arrive()
    frozen_clock.advance(days=15)
    arrive(notice="confirm_reminder")

    expire_waits(close_on_silence=of_the_site)
    arrive(notice="confirm_reminder")
    expire_waits(close_on_silence=of_the_site)

    assert (the_request().status == "closed") is of_the_discom


@pytest.mark.parametrize("state", ["waiting", "sending", "dead", "expired", "withheld"])
def test_nothing_closes_while_the_sms_has_not_arrived(complainant: Household, frozen_clock: Any, state: str):
    resolve()
    arrive(state)

    assert close_after(frozen_clock, 16).status == "resolved"


def test_nothing_closes_while_a_reminder_is_on_its_way(complainant: Household, frozen_clock: Any):
    resolve()
    arrive()
    pass_days(frozen_clock, 7)

    assert close_after(frozen_clock, 9).status == "resolved"


def test_nothing_closes_without_a_notice_to_the_consumer(complainant: Household, frozen_clock: Any):
    resolve()
    with transaction() as session:
        session.execute(sa.delete(Message))

    assert close_after(frozen_clock, 16).status == "resolved"


def test_without_an_answer_the_office_continues_after_fifteen_days(complainant: Household, frozen_clock: Any):
    ask()

    pass_days(frozen_clock, 14)
    assert the_request().status == "info_requested"
    pass_days(frozen_clock, 1)

    assert the_request().status == "in_review"


def test_a_frozen_request_is_left_alone(complainant: Household, frozen_clock: Any):
    resolve()
    arrive()
    update_rows(ServiceRequest, frozen=True)

    assert close_after(frozen_clock, 16).status == "resolved"
    assert reminders() == 0


def test_silence_closes_nothing_while_the_billing_system_has_not_taken_the_revised_bill(
    revised_home: Household, frozen_clock: Any
):
    pass_days(frozen_clock, 13, closes=True)
    arrive(notice="resolved_revised")
    arrive(notice="confirm_reminder")
    pass_days(frozen_clock, 3, closes=True)
    untaken = the_request().status

    update_rows(BillingPost, state="delivered")
    pass_days(frozen_clock, 1, closes=True)

    assert (untaken, the_request().closing) == ("resolved", "unconfirmed")
