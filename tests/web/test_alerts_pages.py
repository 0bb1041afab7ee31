"""The page of alerts and budget, and the link by which a reading is typed."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import Household, update_rows
from tests.fixtures.pages import Page
from tests.fixtures.registration import rows
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.models import AlertChoice, Bill, Consumer
from wss.services.alerts.readings import READING, subject_of_reading
from wss.services.shared import links

MODEST = {"bill_issued": "1", "by_sms": "1", "budget_units": "१५०", "quiet_from": "22", "quiet_to": "07:30"}


@pytest.fixture
def address(family: Household, frozen_clock: Any) -> str:
    update_rows(Bill, Bill.bill_no == family.bill_no, period_to=date(2026, 11, 10))
    return f"/account/{family.account_no}/alerts"


def typed(page: Page, having: str = "budget_units") -> dict[str, str]:
    """Return what a form of the page holds."""
    fields = page.form(having=having).fields
    return {name: values[-1] for name, values in fields.items() if values}


def test_nothing_is_chosen_before_the_consumer_chooses(consumer_visitor: Visitor, address: str):
    shown = typed(consumer_visitor.get(address))

    assert "bill_issued" not in shown and shown["by_sms"] == "1"
    assert (shown["quiet_from"], shown["quiet_to"]) == ("21:00", "08:00")


def test_the_choice_is_stored_and_shown(consumer_visitor: Visitor, address: str):
    page = consumer_visitor.fill(address, **MODEST)

    [choice] = rows(AlertChoice)
    assert (page.status, choice.bill_issued, choice.due_soon, choice.budget_units) == (303, True, False, 150)
    assert (choice.quiet_from, choice.quiet_to) == (22 * 60, 7 * 60 + 30)
    shown = typed(consumer_visitor.get(address))
    assert (shown["bill_issued"], shown["budget_units"], shown["quiet_from"]) == ("1", "150", "22:00")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"budget_rupees": "lots"}, "Enter the budget in rupees, like 1500"),
        ({"budget_units": "0"}, "Enter the budget in whole units, like 150"),
        ({"budget_rupees": "900", "budget_units": "90"}, "Empty one of the two."),
        ({"quiet_from": "25:00"}, "Enter a time like 21:00"),
        ({"by_email": "1"}, "Add an e-mail address in Settings"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    consumer_visitor: Visitor, address: str, wrong: dict[str, str], words: str
):
    page = consumer_visitor.fill(address, bill_issued="1", by_sms="1", **wrong)

    kept = typed(page)
    assert page.status == 422 and words in page.text
    assert {name: kept.get(name) for name in wrong} == wrong and rows(AlertChoice) == []


def test_alerts_need_a_way_to_be_sent(consumer_visitor: Visitor, address: str):
    update_rows(Consumer, sms_alerts=False)

    page = consumer_visitor.fill(address, bill_issued="1")

    assert page.status == 422 and "Choose SMS or e-mail, or choose no alerts" in page.text


def test_a_reading_shows_the_next_bill_against_the_budget(consumer_visitor: Visitor, address: str):
    consumer_visitor.fill(address, **MODEST)

    sent = consumer_visitor.fill(address, reading="1,250")
    page = consumer_visitor.get(address)

    assert sent.status == 303
    assert "you have used 150 units in 14 days" in page.text
    assert "This will probably be more than your budget of 150 units." in page.text


def test_the_page_with_a_projection_is_a_small_later_page(consumer_visitor: Visitor, address: str):
    consumer_visitor.fill(address, **MODEST)
    consumer_visitor.fill(address, reading="1250")

    answer = consumer_visitor.client.get(f"{address}?lang=hi", headers={"Accept-Encoding": "gzip"})

    assert len(answer.data) + len(str(answer.headers)) <= 5_000


def test_a_reading_below_the_last_bill_is_refused_at_its_field(consumer_visitor: Visitor, address: str):
    page = consumer_visitor.fill(address, reading="900")

    assert page.status == 422 and typed(page, "reading")["reading"] == "900"
    assert "This is lower than the reading on your last bill." in page.text


def a_link(family: Household) -> str:
    assert family.consumer is not None
    with transaction():
        subject = subject_of_reading(family.consumer.id, family.account_no)
        return f"/reading/{links.new_link(READING, subject, timedelta(days=1))}"


def test_the_link_of_a_reminder_takes_one_reading_without_login(
    visitor: Visitor, family: Household, address: str
):
    link = a_link(family)

    refused = visitor.fill(f"{link}?lang=en", reading="many")
    sent = visitor.fill(f"{link}?lang=en", reading="1250")
    shown = visitor.get(sent.location)

    assert (refused.status, sent.status, shown.status) == (422, 303, 200)
    assert "you have used 150 units in 14 days" in shown.text
    assert visitor.get(link).status == 404


def test_a_link_that_was_made_up_is_dead(visitor: Visitor, address: str):
    assert visitor.get("/reading/madeup").status == 404
    assert visitor.get("/reading/result").status == 404
