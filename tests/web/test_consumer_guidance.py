"""What consumers read about paying during a complaint, documents that help, costs, and their own silence."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import Household, sign_in
from tests.fixtures.complaint_handling import NUMBER, ask, resolve, the_request
from tests.fixtures.consumer_session import check_of, fill, form_of, lodge
from tests.fixtures.site import Visitor
from wss.clock import local_date
from wss.db import transaction
from wss.domain.calendar import Calendar
from wss.domain.lifecycle import REOPENINGS_AT_MOST, Resolution
from wss.models import Bill, KindRow, Office, ServiceRequest
from wss.queries.reference import bump_reference_version

RULE, RULE_HI = "A late payment surcharge may be added.", "विलंब भुगतान अधिभार लग सकता है।"
NEUTRAL = "A complaint does not change the due date of your bill."
FREE = "It costs nothing to send this form."


def configure(model: Any, code: str, **columns: str | bool) -> None:
    """Change a row of a reference table as an import does."""
    with transaction() as session:
        row = session.get_one(model, code)
        for name, value in columns.items():
            setattr(row, name, value)
        bump_reference_version()


@pytest.fixture
def with_rule(family: Household) -> Household:
    """Give the household's discom a rule on paying during a complaint."""
    configure(Office, "PVVNL", payment_rule=RULE, payment_rule_hi=RULE_HI, payment_rule_source="order 7")
    return family


def test_the_rule_of_the_discom_is_on_every_page_of_a_complaint(
    consumer_visitor: Visitor, with_rule: Household
):
    assert RULE in consumer_visitor.get(form_of(with_rule)).text
    fill(consumer_visitor, with_rule)
    assert RULE in consumer_visitor.get(check_of(with_rule)).text
    number = lodge(consumer_visitor, with_rule)

    for address in (f"/requests/{number}/registered", f"/requests/{number}"):
        assert RULE in consumer_visitor.get(address).text

    consumer_visitor.client.set_cookie("wss_language", "hi")
    assert RULE_HI in consumer_visitor.get(f"/requests/{number}").text


def test_without_a_rule_nothing_of_law_is_claimed(consumer_visitor: Visitor, family: Household):
    page = consumer_visitor.get(form_of(family)).text

    assert NEUTRAL in page
    assert "surcharge" not in page


def test_a_request_about_no_bill_says_nothing_of_paying(consumer_visitor: Visitor, with_rule: Household):
    page = consumer_visitor.get(form_of(with_rule, "ADDRESS_CORRECTION", "Name or address")).text

    assert RULE not in page and NEUTRAL not in page
    assert FREE in page


def test_a_bill_says_it_while_it_is_unpaid(consumer_visitor: Visitor, with_rule: Household):
    address = f"/account/{with_rule.account_no}/bills/{with_rule.bill_no}"
    with transaction() as session:
        bill = session.get_one(Bill, with_rule.bill_no)
        bill.paid_amount_paise = None
        amount = bill.amount_paise
    unpaid = consumer_visitor.get(address).text
    with transaction() as session:
        session.get_one(Bill, with_rule.bill_no).paid_amount_paise = amount

    assert RULE in unpaid
    assert RULE not in consumer_visitor.get(address).text


def test_a_bill_in_a_complaint_shows_its_payment_status_too(consumer_visitor: Visitor, family: Household):
    with transaction() as session:
        bill = session.get_one(Bill, family.bill_no)
        bill.paid_amount_paise, bill.due_date = None, date(2020, 1, 1)
    lodge(consumer_visitor, family)

    for address in ("bills", f"bills/{family.bill_no}"):
        assert (
            "unpaid, due date passed" in consumer_visitor.get(f"/account/{family.account_no}/{address}").text
        )
    assert "in a complaint" in consumer_visitor.get(f"/account/{family.account_no}/bills").text


def test_the_form_names_the_documents_that_help_and_how_to_take_a_photo(
    consumer_visitor: Visitor, family: Household
):
    configure(KindRow, "BILL_CORRECTION", documents_help="Add the bill.", documents_help_hi="बिल लगाएँ।")

    page = consumer_visitor.get(form_of(family)).text

    assert "Add the bill. Take the photo from close up" in page
    assert "all digits and the meter number must be readable" in page


def test_form_and_check_page_say_that_it_is_free(consumer_visitor: Visitor, family: Household):
    assert FREE in consumer_visitor.get(form_of(family)).text
    fill(consumer_visitor, family)
    assert FREE in consumer_visitor.get(check_of(family)).text


def test_the_working_days_that_are_named_are_those_of_the_calendar(
    consumer_visitor: Visitor, family: Household
):
    monday = date(2026, 11, 30)
    page = consumer_visitor.get(f"/account/{family.account_no}/requests/new").text

    assert "Working days are Monday to Saturday, except holidays." in page
    works = [Calendar().is_working_day(monday + timedelta(days=number)) for number in range(7)]
    assert works == [True] * 6 + [False]


def test_registration_says_where_the_number_is_without_a_bill(visitor: Visitor):
    assert "No bill at hand?" in visitor.get("/register?lang=en").text


@pytest.mark.parametrize(
    ("closes", "words"),
    [
        (True, "If you do not reply within 15 days, we close it. You can reopen it for 90 days after that."),
        (False, "If you do not answer, it stays open."),
    ],
)
def test_the_confirmation_says_what_silence_means(
    consumer_visitor: Visitor, family: Household, closes: bool, words: str
):
    configure(Office, "PVVNL", close_on_silence=closes)
    number = lodge(consumer_visitor, family)

    assert words in consumer_visitor.get(f"/requests/{number}/registered").text


@pytest.fixture
def reader(complainant: Household, visitor: Visitor) -> Visitor:
    """Return the complainant, logged in, reading English."""
    sign_in(visitor, complainant.consumer)
    visitor.client.set_cookie("wss_language", "en")
    return visitor


def test_a_resolution_that_silence_closes_says_how_long_it_can_be_reopened(reader: Visitor):
    configure(Office, "PVVNL", close_on_silence=True)
    resolve()

    page = reader.get(f"/requests/{NUMBER}").text

    assert "If you do not answer, we close it. You can reopen it for 90 days after that." in page


def test_a_resolution_after_the_last_reopening_says_that_silence_ends_it(reader: Visitor):
    configure(Office, "PVVNL", close_on_silence=True)
    resolve(resolution=Resolution.REFUSED)
    with transaction() as session:
        session.query(ServiceRequest).update({"reopened_times": REOPENINGS_AT_MOST})

    page = reader.get(f"/requests/{NUMBER}").text

    assert "If you do not answer, we close it. You cannot reopen it then." in page


def test_a_question_says_until_when_and_what_follows(reader: Visitor):
    ask()
    until = local_date(the_request().status_since + timedelta(days=15))

    page = reader.get(f"/requests/{NUMBER}").text

    assert f"Please reply by {until:%d-%m-%Y}. After that the office decides with what it has." in page


def send_confirmation(reader: Visitor) -> None:
    """Press "Yes, I agree" on the timeline."""
    page = reader.get(f"/requests/{NUMBER}")
    sent = {
        "csrf_token": page.form(having="csrf_token").fields["csrf_token"],
        "action": "confirm",
        "version": str(the_request().version),
    }
    reader.post(f"/requests/{NUMBER}/actions", sent, content_type="multipart/form-data")


def test_a_closed_refusal_names_the_forum(reader: Visitor):
    resolve(resolution=Resolution.REFUSED)
    send_confirmation(reader)

    page = reader.get(f"/requests/{NUMBER}").text

    assert "The office suggested: Do not accept what you asked for" in page
    assert "you can go to the consumer forum (CGRF). The petition is ready on this page." in page
