"""The calculator: what appliances use and cost, without a login and with one."""

from datetime import date
from typing import Any

import pytest

from tests.factories import ACCOUNT_NO_RURAL, a_household, sign_in
from tests.fixtures.bill_revision import tariff_and_limits
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.db import reading
from wss.domain.tariff import charge, rates_on
from wss.queries.reference import reference

# One fan of 75 W for 12 hours: 27 units at 5.50 and 2 kW at 110.00, with 5 % duty 386.93.
ONE_FAN: dict[str, Any] = {
    "appliance-0": "ceiling_fan",
    "hours-0": "12",
    "count-0": "",
    "watts-0": "",
    "network": "urban",
    "category": "LMV-1U",
    "load_kw": "2",
}


@pytest.fixture
def calculator(visitor: Visitor) -> Visitor:
    """Return a visitor who reads English, of a site with the tariff of urban households."""
    tariff_and_limits()
    visitor.get("/calculator?lang=en")
    return visitor


def sent(visitor: Visitor, htmx: bool = False, at: str = "/calculator", **changes: Any) -> Page:
    """Send the form with one appliance in place of the example."""
    page = visitor.get(at)
    values = page.form(having="load_kw").fields
    # Without a login the form has no token: the browser says that it comes from the site's own page.
    token = {"csrf_token": values.get("csrf_token", "")}
    names = {
        name.replace("_", "-", 1) if name[-1].isdigit() else name: value for name, value in changes.items()
    }
    headers = {"Sec-Fetch-Site": "same-origin"}
    return visitor.post(at, {**token, **ONE_FAN, **names}, htmx=htmx, headers=headers)


def test_an_appliance_costs_what_a_bill_for_its_units_would(calculator: Visitor):
    page = sent(calculator)

    with reading():
        rates = rates_on(reference().rates, "LMV-1U", date(2026, 11, 30))
    assert charge(rates, 27, 2000).total == 38693
    assert "27 units a month, ₹ 386.93" in page.text
    assert "In a year: 324 units, ₹ 4,643.16." in page.text
    assert "Units 1 to 150: 27 × ₹ 5.50" in page.text


def test_typed_watts_count_before_the_usual_ones_in_digits_of_any_script(calculator: Visitor):
    page = sent(calculator, watts_0="१००", hours_0="२.५", count_0="४")

    assert "30 units a month" in page.text


def test_the_example_can_be_sent_as_it_is(calculator: Visitor):
    page = calculator.fill("/calculator", load_kw="2")

    assert (page.status, "106 units a month" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("hours_0", "25", "Enter the hours a day, from 0 to 24, such as 6 or 0.5"),
        ("hours_0", "", "Enter the hours a day, from 0 to 24, such as 6 or 0.5"),
        ("watts_0", "0", "Enter the watts as a whole number, such as 75"),
        ("count_0", "-1", "Enter a number without a minus sign"),
        ("load_kw", "", "Enter a load in kW, such as 4 or 7.5"),
        ("appliance_0", "other", "Enter the watts. They are on the label of the appliance."),
        ("appliance_0", "", "Choose at least one appliance"),
        ("network", "rural", "This category is for the urban network. Choose another."),
    ],
)
def test_a_wrong_entry_is_named_at_its_field(calculator: Visitor, field: str, typed: str, words: str):
    page = sent(calculator, **{field: typed})

    assert page.status == 422
    assert words in page.text


@pytest.mark.parametrize("htmx", [False, True])
def test_a_row_is_added_with_what_was_typed(calculator: Visitor, htmx: bool):
    page = sent(calculator, htmx, hours_0="7", add="1")

    fields = page.form(having="load_kw").fields
    assert (fields["hours-0"], fields["hours-1"]) == (["7"], [""])
    assert ("<h1>" in page.html) is not htmx


def test_there_are_at_most_twenty_rows(calculator: Visitor):
    page = sent(calculator, appliance_99="ceiling_fan", add="1")

    assert "hours-19" in page.html and "hours-20" not in page.html
    assert 'name="add"' not in page.html


def test_without_a_tariff_there_are_units_only(visitor: Visitor):
    page = sent(visitor, at="/calculator?lang=en", category="")

    assert "27 units a month" in page.text
    assert "There are no rates for a sum in rupees on record." in page.text


def test_a_consumer_finds_their_connection_filled_in_and_compared_with_its_bills(calculator: Visitor):
    home = a_household(sanctioned_load_w=3500)
    sign_in(calculator, home.consumer)

    assert calculator.get("/calculator").form(having="load_kw").fields["load_kw"] == ["3.5"]
    # Three bills of 100 units; 27 of the fan are 73 less.
    page = sent(calculator)
    assert "Your last 3 bills: 1200 units a year on average, about 100 a month." in page.text
    assert "73 units a month less than your bills" in page.text


def test_the_connection_of_another_consumer_is_not_found(calculator: Visitor):
    home, other = a_household(), a_household(ACCOUNT_NO_RURAL)
    sign_in(calculator, home.consumer)

    assert calculator.get(f"/calculator?account_no={other.account_no}").status == 404
