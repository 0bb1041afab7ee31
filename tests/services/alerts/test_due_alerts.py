"""Alerts about bills and the budget: each once, outside the quiet hours, by what the consumer agreed to."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import (
    MOBILE,
    Household,
    a_bill,
    a_consumer,
    a_household,
    an_ownership,
    given,
    update_rows,
)
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.registration import messages, rows, token_in, values_of
from wss.db import reading, transaction
from wss.domain.actor import Actor, Role
from wss.domain.alerts import CHOSEN_KINDS, AlertKind, Budget
from wss.domain.errors import NotFound
from wss.domain.projection import ProjectionObstacle
from wss.domain.quiet_hours import QuietHours
from wss.models import AlertChoice, AlertSent, AuditEntry, Bill, Consumer, Ownership
from wss.queries.erasure import end_everything_of
from wss.services.alerts.choices import AlertWishes, save_choices
from wss.services.alerts.due_alerts import CHECK_EVERY, send_due_batch
from wss.services.alerts.readings import page_of_link, page_of_result, type_reading, type_reading_by_link
from wss.services.messages._unsubscribe_link import unsubscribe_path
from wss.services.messages.unsubscribe import end_alerts

ALL = AlertWishes(frozenset(CHOSEN_KINDS), by_sms=True)
EMAIL = "pooja@example.in"


@pytest.fixture
def home(database: Any, frozen_clock: FrozenClock) -> Household:
    """Provide a household three days before the last day of its newest bill, at 15:30."""
    household = a_household()
    update_rows(Bill, Bill.bill_no == household.bill_no, period_to=date(2026, 10, 31))
    frozen_clock.set(datetime(2026, 11, 17, 10, 0, tzinfo=UTC))
    return household


def actor_of(home: Household) -> Actor:
    assert home.consumer is not None
    return Actor(Role.CONSUMER, str(home.consumer.id))


def choose(home: Household, wishes: AlertWishes = ALL) -> None:
    save_choices(actor_of(home), home.account_no, wishes)


def work() -> list[str]:
    """Check everything that is due; return the notices of all SMS so far."""
    while send_due_batch():
        pass
    return [message.notice for message in messages()]


def test_without_a_choice_nothing_is_sent(home: Household):
    assert work() == []


def test_the_bill_that_is_there_is_no_news_and_its_reminder_goes_out_once(
    home: Household, frozen_clock: FrozenClock
):
    choose(home)
    first = work()
    frozen_clock.advance(hours=6)

    assert first == ["bill_due_soon"] and work() == first
    assert values_of(messages()[0])["amount"] == "750.00"
    assert messages()[0].recipient == MOBILE


def test_a_bill_that_comes_with_an_import_is_news(home: Household, frozen_clock: FrozenClock):
    choose(home, AlertWishes(frozenset({AlertKind.BILL_ISSUED, AlertKind.UNUSUAL}), by_sms=True))
    work()
    period = {"period_from": date(2026, 11, 1), "period_to": date(2026, 11, 18)}
    dates = {"issue_date": date(2026, 11, 18), "due_date": date(2026, 12, 2), "units": 350}
    given(a_bill("B9", bill_month="2026-11", current_reading=1450, **period, **dates))
    frozen_clock.advance(hours=23)

    assert sorted(work()) == ["bill_issued", "bill_unusual"]
    assert values_of(messages("bill_unusual")[0])["times"] == "3.5"


def test_a_payment_of_the_next_extract_closes_the_reminder_that_waits_for_the_morning(
    home: Household, frozen_clock: FrozenClock
):
    frozen_clock.advance(hours=7)
    choose(home)
    at_night = work()
    update_rows(Bill, Bill.bill_no == home.bill_no, paid_amount_paise=750_00)
    frozen_clock.advance(hours=10)

    assert (at_night, work()) == ([], [])


def test_an_alert_of_the_night_goes_out_when_the_quiet_hours_end(home: Household, frozen_clock: FrozenClock):
    choose(home, AlertWishes(ALL.chosen, by_sms=True, quiet=QuietHours(15 * 60, 16 * 60)))
    waiting = work()
    frozen_clock.set(datetime(2026, 11, 17, 10, 29, tzinfo=UTC))
    a_minute_early = work()
    frozen_clock.advance(minutes=1)

    assert (waiting, a_minute_early, work()) == ([], [], ["bill_due_soon"])


def test_the_channels_are_the_consents_of_the_account(home: Household, frozen_clock: FrozenClock):
    update_rows(Consumer, email=EMAIL, email_verified_at=frozen_clock.now)

    choose(home, AlertWishes(ALL.chosen, by_sms=False, by_email=True))

    work()
    [letter] = messages()
    [owner] = rows(Consumer)
    assert (letter.channel, owner.sms_alerts, owner.email_alerts) == ("email", False, True)
    deeds = [entry.deed for entry in rows(AuditEntry)]
    assert deeds == ["alerts_chosen", "alerts_stopped", "alerts_wanted"]


def test_the_link_in_an_alert_ends_alerts_by_email(home: Household, frozen_clock: FrozenClock):
    update_rows(Consumer, email=EMAIL, email_verified_at=frozen_clock.now)
    choose(home, AlertWishes(ALL.chosen, by_email=True))
    work()

    assert end_alerts(unsubscribe_path(messages()[0]).rpartition("/")[2].partition("?")[0])

    frozen_clock.set(datetime(2026, 11, 21, 10, 0, tzinfo=UTC))
    assert work() == ["bill_due_soon"]


def test_a_former_owner_gets_no_more_alerts_and_the_choice_is_deleted(
    home: Household, frozen_clock: FrozenClock
):
    choose(home)
    update_rows(Ownership, ended_at=frozen_clock.now, ended_because="claim")
    given(an_ownership(given(a_consumer(user_name="new.owner"))))

    assert (work(), rows(AlertChoice)) == ([], [])


def test_an_owner_on_hold_gets_none_until_the_hold_ends(home: Household, frozen_clock: FrozenClock):
    choose(home)
    update_rows(Ownership, held_until=frozen_clock.now + timedelta(days=1))
    held = work()
    frozen_clock.advance(days=1)

    assert (held, work()) == ([], ["bill_due_soon"])


def test_only_own_connections_can_be_chosen_for(home: Household):
    stranger = Actor(Role.CONSUMER, str(given(a_consumer(user_name="stranger")).id))

    with pytest.raises(NotFound):
        save_choices(stranger, home.account_no, ALL)
    with pytest.raises(NotFound):
        type_reading(stranger, home.account_no, 1200)


def test_a_reading_above_the_budget_is_told_once_a_month(home: Household, frozen_clock: FrozenClock):
    choose(home, AlertWishes(by_sms=True, budget=Budget(units=150)))
    assert type_reading(actor_of(home), home.account_no, 1200) is None
    first = work()
    frozen_clock.advance(days=1)
    type_reading(actor_of(home), home.account_no, 1210)

    # 100 units in 17 of 31 days: 182 in the month.
    assert first == ["units_passed"] and work() == first


def test_a_reading_that_does_not_fit_is_refused_and_stored_nowhere(home: Household):
    refused = type_reading(actor_of(home), home.account_no, 900)

    assert (refused, rows(AlertChoice)) == (ProjectionObstacle.BELOW_LAST, [])


def test_the_reminder_asks_for_a_reading_by_a_link_that_works_once(home: Household):
    choose(home, AlertWishes(by_sms=True, budget=Budget(units=150)))
    asked = work()
    token = token_in("reading_reminder")
    with reading():
        assert page_of_link(token) is not None

    refused = type_reading_by_link(token, 900, "browser")
    assert type_reading_by_link(token, 1200, "browser") is None

    assert (asked, refused) == (["reading_reminder"], ProjectionObstacle.BELOW_LAST)
    with reading():
        page = page_of_result("browser")
        assert page is not None and page.next_bill.is_above_budget
        assert page_of_link(token) is None and page_of_result("another") is None
    with pytest.raises(NotFound):
        type_reading_by_link(token, 1201, "browser")
    assert sorted(work()) == ["reading_reminder", "units_passed"]


def test_a_former_owner_cannot_use_the_link(home: Household, frozen_clock: FrozenClock):
    choose(home, AlertWishes(by_sms=True, budget=Budget(units=150)))
    work()
    update_rows(Ownership, ended_at=frozen_clock.now, ended_because="claim")

    with pytest.raises(NotFound):
        type_reading_by_link(token_in("reading_reminder"), 1200, "browser")


def test_a_choice_is_checked_again_after_six_hours(home: Household, frozen_clock: FrozenClock):
    choose(home)
    work()

    [choice] = rows(AlertChoice)
    assert choice.check_at == frozen_clock.now + CHECK_EVERY


def test_erasure_deletes_choices_and_notes(home: Household, frozen_clock: FrozenClock):
    choose(home)
    work()
    with transaction():
        end_everything_of(int(actor_of(home).id), "erased", frozen_clock.now)

    assert (rows(AlertChoice), rows(AlertSent)) == ([], [])
