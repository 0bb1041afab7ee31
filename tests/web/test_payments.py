"""Ways to pay a bill: amount, sum until the decision, UPI address and QR code; nothing until a payee is set."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from tests.factories import Household, a_bill, given, sign_in
from tests.fixtures.bill_revision import change
from tests.fixtures.consumer_session import lodge
from tests.fixtures.high_bill import make_high, switch_interim_rule
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.config import Config, ConfigError
from wss.domain.upi_payment import UpiPayment
from wss.models import Bill

PAYEE = "uppcl.bills@icici"


@pytest.fixture
def payer(settings: Config, make_app: Callable[[Config], Flask], family: Household) -> Visitor:
    """Return the consumer of a bill of Rs 5,509.35 on a site with a payee."""
    make_high(family)
    visitor = Visitor(make_app(replace(settings, upi_payee=PAYEE)).test_client())
    sign_in(visitor, family.consumer)
    visitor.client.set_cookie("wss_language", "en")
    return visitor


def pay_page(visitor: Visitor, household: Household, query: str = "") -> Page:
    return visitor.get(f"/account/{household.account_no}/bills/{household.bill_no}/pay{query}")


def intent(page: Page) -> dict[str, list[str]]:
    [address] = [link for link in page.links if link.startswith("upi:")]
    return parse_qs(urlsplit(address).query, strict_parsing=True)


def test_the_intent_has_payee_amount_and_bill_number_and_not_the_account(payer: Visitor, family: Household):
    page = pay_page(payer, family)

    assert intent(page) == {
        "pa": [PAYEE],
        "pn": ["UPPCL"],
        "am": ["5509.35"],
        "cu": ["INR"],
        "tn": [f"Bill {family.bill_no}"],
    }
    assert PAYEE in page.text and "No money passes through this site" in page.text


def test_during_a_complaint_the_sum_until_the_decision_is_offered_first(payer: Visitor, family: Household):
    switch_interim_rule()
    lodge(payer, family)

    assert intent(pay_page(payer, family))["am"] == ["750.00"]
    assert intent(pay_page(payer, family, "?part=whole"))["am"] == ["5509.35"]


def test_where_the_sum_is_paid_no_payment_is_offered_but_the_whole_can_be_chosen(
    payer: Visitor, family: Household
):
    switch_interim_rule()
    lodge(payer, family)
    change(Bill, family.bill_no, paid_amount_paise=750_00)

    page = pay_page(payer, family)

    assert not any(link.startswith("upi:") for link in page.links)
    assert intent(payer.get(next(link for link in page.links if "part=whole" in link)))["am"] == ["4759.35"]


def test_what_is_disputed_of_an_earlier_bill_can_be_left_out_of_the_newest(payer: Visitor, family: Household):
    lodge(payer, family)
    change(Bill, family.bill_no, bill_month="2026-09")
    newest = a_bill(
        "209900000001", family.account_no, bill_month="2026-10", arrears_paise=5509_35, amount_paise=6000_00
    )
    given(newest)

    page = payer.get(f"/account/{family.account_no}/bills/{newest.bill_no}/pay")
    part = payer.get(next(link for link in page.links if "part=undisputed" in link))

    assert (intent(page)["am"], intent(part)["am"]) == (["6000.00"], ["490.65"])


def test_bill_and_connection_lead_to_the_ways_to_pay(payer: Visitor, family: Household):
    address = f"/account/{family.account_no}/bills/{family.bill_no}/pay"

    assert address in payer.get(f"/account/{family.account_no}").links
    assert address in payer.get(address.removesuffix("/pay")).links


@pytest.mark.parametrize("paid", [5509_35, 6000_00])
def test_a_paid_bill_leads_back_to_the_bill(payer: Visitor, family: Household, paid: int):
    change(Bill, family.bill_no, paid_amount_paise=paid)

    assert pay_page(payer, family).status == 303


def test_an_older_bill_is_paid_with_the_newest_which_has_its_arrears(payer: Visitor, family: Household):
    older = f"/account/{family.account_no}/bills/{family.bills[1].bill_no}"

    assert payer.get(f"{older}/pay").status == 303
    assert f"{older}/pay" not in payer.get(older).links


def test_without_a_payee_and_a_payment_page_nothing_leads_to_a_payment(
    consumer_visitor: Visitor, family: Household
):
    assert pay_page(consumer_visitor, family).status == 303
    assert not any("/pay" in link for link in consumer_visitor.get(f"/account/{family.account_no}").links)


@pytest.mark.parametrize(
    "payee", ["uppcl", "a@b@c", "x&am=1@upi", "uppcl @upi", "@upi", "uppcl@", "ऊर्जा@upi"]
)
def test_a_payee_of_another_form_stops_the_site(payee: Any):
    with pytest.raises(ConfigError, match="WSS_UPI_PAYEE must be a UPI address"):
        Config.from_env({"WSS_UPI_PAYEE": payee})


def test_no_value_adds_a_field_to_the_intent():
    hostile = UpiPayment("a.b@upi", "UP & Co", 5, "1&pa=x@y#?")

    assert (
        hostile.address == "upi://pay?pa=a.b@upi&pn=UP%20%26%20Co&am=0.05&cu=INR&tn=Bill%201%26pa%3Dx@y%23%3F"
    )


def test_the_page_with_its_code_stays_small(payer: Visitor, family: Household):
    address = f"/account/{family.account_no}/bills/{family.bill_no}/pay"
    payer.get(address)

    later = payer.client.get(address, headers={"Accept-Encoding": "gzip"})

    assert len(later.data) + len(str(later.headers)) <= 5_000
