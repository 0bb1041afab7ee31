"""The consumption page: its chart and its table are compared with the bills."""

from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from tests.factories import (
    Household,
    a_bill,
    a_connection,
    a_consumer,
    a_service_request,
    an_ownership,
    bill_correction,
    given,
    offices,
    sign_in,
)
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from wss.models.service_request import DisputedBill

UNITS = [224, 210, 246, 180, 260, 190, 135, 226, 252, 288, 226, 224, 230, 808]
BASES = ["MU"] * 9 + ["PROV", "MU", "UM", "ASS", "MU"]
TALLEST = 128
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def family(app: Any) -> Household:
    """Return a connection with fourteen bills, September 2025 to October 2026, the last one far too high."""
    months = [divmod(2025 * 12 + 8 + number, 12) for number in range(len(UNITS))]
    bills = [
        a_bill(
            f"B{number}",
            bill_month=f"{year}-{month + 1:02}",
            period_from=date(year, month + 1, 1),
            period_to=date(year, month + 1, 28),
            current_reading=10_000 + sum(UNITS[: number + 1]),
            units=UNITS[number],
            bill_basis=BASES[number],
        )
        for number, (year, month) in enumerate(months)
    ]
    connection, consumer = a_connection(), a_consumer()
    given(*offices(), connection, *bills, *bill_correction(), consumer)
    given(an_ownership(consumer))
    return Household(connection, bills, consumer)


@pytest.fixture
def page(consumer_visitor: Visitor, family: Household) -> Page:
    """Return the consumption page."""
    return consumer_visitor.get(f"/account/{family.account_no}/consumption")


def bars(page: Page) -> list[Element]:
    return list(page.root.iter(f"{SVG}rect"))


def cells(page: Page) -> list[list[str]]:
    rows = page.root.findall(".//tbody/tr")
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in rows]


def test_the_chart_has_a_bar_for_each_of_the_last_thirteen_bills(page: Page):
    heights = [int(bar.get("height", "")) for bar in bars(page)]

    assert heights == [round(units * TALLEST / 808) for units in UNITS[1:]]


def test_every_bar_is_on_the_axis_and_next_to_the_one_before(page: Page):
    places = [
        (float(bar.get("x", "").rstrip("%")), float(bar.get("width", "").rstrip("%"))) for bar in bars(page)
    ]

    assert all(int(bar.get("y", "")) + int(bar.get("height", "")) == 150 for bar in bars(page))
    assert all(x + width < after for (x, width), (after, _width) in pairwise(places))
    assert places[0][0] >= 0 and sum(places[-1]) <= 100


def test_what_was_not_read_is_drawn_apart(page: Page):
    drawn = ["est" if bar.get("class") == "est" else "bar" for bar in bars(page)]

    assert drawn == ["est" if basis in ("PROV", "UM", "ASS") else "bar" for basis in BASES[1:]]
    assert "Dashed bars are averages, not meter readings." in page.text
    assert "2 bills are based on an average" in page.text


def test_the_table_says_the_same_newest_first(page: Page, family: Household):
    shown = [[int(row[2]), row[1]] for row in cells(page)]

    bills = list(reversed(family.bills[1:]))
    assert shown == [
        [bill.units, "no meter" if bill.bill_basis == "UM" else str(bill.current_reading)] for bill in bills
    ]


def test_the_table_names_the_month_and_the_basis_in_words(page: Page):
    rows = cells(page)

    assert (rows[0][0], rows[0][3]) == ("October 2026", "Meter reading")
    assert rows[1][3] == "Average (ASS) an average, not a reading"
    assert rows[2][3] == "Without a meter (UM) based on load"


def test_the_chart_is_described_in_a_sentence(page: Page):
    title = page.root.find(f".//{SVG}title")
    picture = page.root.find(f".//{SVG}svg")

    assert title is not None and picture is not None
    assert title.text == (
        "Units used each month, October 2025 to October 2026."
        " Lowest: 135 in March 2026. Highest: 808 in October 2026."
    )
    assert (picture.get("role"), picture.get("aria-labelledby")) == ("img", title.get("id"))


def test_a_month_far_above_is_marked_in_words_with_the_way_to_the_form(page: Page):
    assert "In October 2026 you used 3.6 times as much as usual." in page.text
    assert any(link.endswith("&bill_no=B13") for link in page.links)
    assert bars(page)[-1].get("class") == "bar odd"


def test_a_high_bill_in_a_complaint_is_not_offered_again(consumer_visitor: Visitor, family: Household):
    a_service_request(family)

    page = consumer_visitor.get(f"/account/{family.account_no}/consumption")

    assert "This bill is already in a complaint." in page.text
    assert not any("bill_no=" in link for link in page.links)


def test_an_average_that_is_in_a_complaint_is_not_offered_again(consumer_visitor: Visitor, family: Household):
    request = a_service_request(family)
    averages = [bill.bill_no for bill in family.bills if bill.bill_basis in ("PROV", "ASS")]
    given(*(DisputedBill(service_request_id=request.id, bill_no=each, is_open=True) for each in averages))

    page = consumer_visitor.get(f"/account/{family.account_no}/consumption")

    assert "based on an average" in page.text
    assert "do not wait: complain now" not in page.text


def test_a_connection_without_bills_says_so(visitor: Visitor, family: Household):
    given(a_connection("7950761939"))
    given(an_ownership(family.consumer, "7950761939"))  # type: ignore[arg-type]
    sign_in(visitor, family.consumer)

    page = visitor.get("/account/7950761939/consumption?lang=en")

    assert "No bills yet." in page.text and bars(page) == []


def test_a_year_without_units_draws_no_bar_higher_than_nothing(visitor: Visitor, family: Household):
    given(a_connection("7950761939"), a_bill("Z1", "7950761939", units=0))
    given(an_ownership(family.consumer, "7950761939"))  # type: ignore[arg-type]
    sign_in(visitor, family.consumer)

    assert [bar.get("height") for bar in bars(visitor.get("/account/7950761939/consumption"))] == ["0"]


def test_the_tab_leads_there(page: Page):
    [here] = [a for a in page.root.iter("a") if a.get("aria-current") == "page"]

    assert here.text == "Consumption"
