"""The consumer's view of a revision: both bills in columns, and each month once."""

import pytest

from tests.factories import Household, sign_in
from tests.fixtures.bill_revision import approve, proposed
from tests.fixtures.complaint_handling import NUMBER, rows
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.models import Bill


@pytest.fixture
def owner(taken_up: Household, visitor: Visitor) -> Visitor:
    """Return the consumer, after the revision was approved, reading English."""
    proposed(taken_up)
    approve()
    sign_in(visitor, taken_up.consumer)
    visitor.get("/account?lang=en")
    return visitor


def revised() -> str:
    return next(bill.bill_no for bill in rows(Bill) if bill.revises)


def test_the_old_bill_shows_both_side_by_side(owner: Visitor, taken_up: Household):
    page = owner.get(f"/account/{taken_up.account_no}/bills/{taken_up.bill_no}")

    assert "Old and new bill side by side" in page.text
    assert "−₹ 4,046.70" in page.text
    assert "reduced by Rs four thousand forty-six and seventy paise" in page.text
    assert "Dispute this bill" not in page.text


def test_the_old_bill_names_amount_and_due_date_of_the_revised_one(owner: Visitor, taken_up: Household):
    bill = next(bill for bill in rows(Bill) if bill.revises)

    page = owner.get(f"/account/{taken_up.account_no}/bills/{taken_up.bill_no}")

    to_pay = f"Pay the revised bill {bill.bill_no} : ₹ 1,462.65, due date {bill.due_date:%d-%m-%Y}."
    assert to_pay in page.text
    assert f"/account/{taken_up.account_no}/bills/{bill.bill_no}" in page.links


def test_what_was_paid_too_much_comes_off_the_next_bill(owner: Visitor, taken_up: Household):
    with transaction() as session:
        session.get_one(Bill, revised()).paid_amount_paise = 200_000

    for bill_no in (taken_up.bill_no, revised()):
        page = owner.get(f"/account/{taken_up.account_no}/bills/{bill_no}")
        assert "You have paid ₹ 537.35 too much: it comes off your next bill." in page.text


def test_the_revised_bill_names_the_one_it_replaces(owner: Visitor, taken_up: Household):
    page = owner.get(f"/account/{taken_up.account_no}/bills/{revised()}")

    assert f"This bill replaces: {taken_up.bill_no}" in page.text
    assert "This bill was revised: it was ₹ 5,509.35, now it is ₹ 1,462.65." in page.text
    assert f"/requests/{NUMBER}" in page.links and "Dispute this bill" not in page.text


def test_the_list_has_both_and_says_which_counts(owner: Visitor, taken_up: Household):
    page = owner.get(f"/account/{taken_up.account_no}/bills")

    assert "replaced by a revised bill" in page.text
    assert "revised bill" in page.text
    assert "complaint decided" in page.text and "in a complaint" not in page.text
    assert page.text.count("October 2026") == 2


def test_the_timeline_shows_both_side_by_side(owner: Visitor):
    page = owner.get(f"/requests/{NUMBER}")

    assert f"bill {revised()} as revised" in page.text
    assert "−₹ 4,046.70" in page.text


def test_bill_and_timeline_show_what_the_revised_bill_was_computed_with(owner: Visitor, taken_up: Household):
    for address in (f"/account/{taken_up.account_no}/bills/{revised()}", f"/requests/{NUMBER}"):
        text = owner.get(address).text
        assert "30 days, rounded to whole months" in text
        assert "0–150 ₹ 5.50, 150–300 ₹ 6.00, 300+ ₹ 6.50 (since 01-06-2023)" in text


def test_the_revised_bill_can_be_kept_as_a_file(owner: Visitor, taken_up: Household):
    page = owner.get(f"/account/{taken_up.account_no}/bills/{revised()}.pdf")

    assert page.status == 200


def test_only_the_bill_that_counts_is_offered_for_a_dispute(owner: Visitor, taken_up: Household):
    page = owner.get(
        f"/account/{taken_up.account_no}/requests/new?request_type=Billing&request=BILL_CORRECTION"
    )

    offered = page.form(having="reason")
    assert revised() in page.text
    assert f"Bill {taken_up.bill_no}," not in page.text
    assert offered is not None


def test_consumption_counts_the_month_as_revised(owner: Visitor, taken_up: Household):
    page = owner.get(f"/account/{taken_up.account_no}/consumption")

    assert "208" in page.text
    assert "808" not in page.text
