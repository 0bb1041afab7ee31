"""Paying until the decision: the sum of a configured rule, the payment page, and the mark for the office."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.factories import Household, sign_in, sign_in_staff
from tests.fixtures.bill_revision import change
from tests.fixtures.complaint_handling import staff_of_the_office
from tests.fixtures.consumer_session import check_of, fill, lodge
from tests.fixtures.helpdesk_calls import HELPDESK, agreed, filled
from tests.fixtures.high_bill import READING, make_high, switch_interim_rule
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.config import Config, ConfigError
from wss.models import Bill
from wss.services.calls.submission import save_call_draft

SUM = "Until the decision you can pay ₹ 750.00 instead of ₹ 5,509.35."
BASIS = "Average of the 6 months before: ₹ 750.00 a month. Rule: order 9."


@pytest.fixture
def high(family: Household) -> Household:
    """Provide the household with a bill of Rs 5,509.35 after six of Rs 750."""
    make_high(family)
    return family


def words(page: Page) -> str:
    return page.text.replace("\u00a0", " ")


def test_check_page_confirmation_timeline_and_bill_name_the_sum_with_its_source(
    consumer_visitor: Visitor, high: Household
):
    switch_interim_rule()
    fill(consumer_visitor, high)
    pages = [consumer_visitor.get(check_of(high))]
    number = lodge(consumer_visitor, high)
    bill = f"/account/{high.account_no}/bills/{high.bill_no}"
    pages += [
        consumer_visitor.get(at) for at in (f"/requests/{number}/registered", f"/requests/{number}", bill)
    ]

    for page in pages:
        assert SUM in words(page) and BASIS in words(page)


def test_a_rule_that_is_not_switched_on_names_no_sum(consumer_visitor: Visitor, high: Household):
    switch_interim_rule(interim_on=False)
    fill(consumer_visitor, high)

    assert "Until the decision" not in consumer_visitor.get(check_of(high)).text


def test_too_few_earlier_bills_give_no_sum_and_say_so(consumer_visitor: Visitor, high: Household):
    switch_interim_rule(interim_months=7)
    fill(consumer_visitor, high)

    assert "too few earlier bills are known" in consumer_visitor.get(check_of(high)).text


@pytest.mark.parametrize(
    ("paid", "text"),
    [(250_00, "Of this you still have to pay ₹ 500.00."), (750_00, "You need to pay nothing more")],
)
def test_a_payment_counts(consumer_visitor: Visitor, high: Household, paid: int, text: str):
    switch_interim_rule()
    change(Bill, high.bill_no, paid_amount_paise=paid)
    number = lodge(consumer_visitor, high)

    assert text in words(consumer_visitor.get(f"/requests/{number}"))


def test_the_office_sees_the_mark_while_the_complaint_is_open(
    consumer_visitor: Visitor, another_visitor: Visitor, high: Household
):
    switch_interim_rule()
    number = lodge(consumer_visitor, high)
    staff_of_the_office()
    clerk = signed_in(another_visitor, "C1")
    addresses = (f"/todo/{number}", f"/todo/{number}/revision", f"/pending?account_no={high.account_no}")

    for page in map(clerk.get, addresses):
        assert "disputed bill" in page.text
        assert "To pay until the decision: ₹ 750.00. Paid: ₹ 0.00." in words(page)
    withdraw = consumer_visitor.get(f"/requests/{number}").form(having="csrf_token").fields
    sent = {**withdraw, "action": "withdraw", "remark": ""}
    consumer_visitor.post(f"/requests/{number}/actions", sent, content_type="multipart/form-data")
    for page in map(clerk.get, addresses):
        assert "disputed bill" not in page.text


def test_1912_sees_estimate_and_sum_and_reads_the_sum_out(visitor: Visitor, home_on_record: Household):
    make_high(home_on_record)
    switch_interim_rule()
    call_id = agreed(home_on_record)
    save_call_draft(HELPDESK, call_id, filled(home_on_record, reading_kwh=int(READING)))
    sign_in_staff(visitor, "H1")
    address = f"/helpdesk/calls/{call_id}/check"
    check = visitor.get(f"{address}?lang=en")
    registered = visitor.get(visitor.send(check, address, form=address).location)

    assert "₹ 895.13 (115 units)" in words(check) and SUM in words(check)
    spoken = [" ".join(one.itertext()) for one in registered.root.iter("blockquote")]
    call = visitor.get(f"/helpdesk/calls/{call_id}")
    assert "निर्णय होने तक आप" in words(call)
    assert "निर्णय होने तक आप" in spoken[0]


def test_another_division_does_not_see_the_account(another_visitor: Visitor, high: Household):
    staff_of_the_office()

    page = signed_in(another_visitor, "C1").get("/pending?account_no=9999999999")

    assert page.status == 200 and "disputed bill" not in page.text


def test_the_payment_page_is_a_link_only_when_it_is_set(
    settings: Config, make_app: Callable[[Config], Flask], high: Household
):
    address = "https://pay.example.in/bill?channel=wss"

    def bill_page(config: Config) -> Page:
        visitor = Visitor(make_app(config).test_client())
        sign_in(visitor, high.consumer)
        return visitor.get(f"/account/{high.account_no}/bills/{high.bill_no}")

    assert address in bill_page(replace(settings, payment_url=address)).links
    assert not any(link.startswith("https://pay") for link in bill_page(settings).links)


@pytest.mark.parametrize(
    "address",
    [
        "http://pay.example.in",
        "javascript:alert(1)",
        "https://",
        "https://u:p@pay.example.in",
        "https://a b",
        "//x",
    ],
)
def test_another_address_than_https_is_refused(address: Any):
    with pytest.raises(ConfigError, match="WSS_PAYMENT_URL must be an https:// address"):
        Config.from_env({"WSS_PAYMENT_URL": address})
