"""The computed amount next to the billed one: on the form, before submission, with the complaint, for the office."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import Household
from tests.fixtures.bill_revision import change
from tests.fixtures.complaint_handling import staff_of_the_office
from tests.fixtures.consumer_session import check_of, fill, form_of, lodge
from tests.fixtures.high_bill import READING, make_high
from tests.fixtures.pages import Page
from tests.fixtures.site import Visitor
from tests.fixtures.staff_session import signed_in
from wss.db import reading, session
from wss.domain.bill_estimate import EstimateCode
from wss.models import Bill, ServiceRequest
from wss.web.labels.bill_estimates import WITHOUT_FIGURES, petition_estimate
from wss.web.language import in_language

COMPUTED, BILLED = "₹ 895.13 (115 units)", "₹ 5,509.35 (808 units)"


@pytest.fixture
def high(frozen_clock: Any, family: Household) -> Household:
    """Provide the household with a bill of Rs 5,509.35 that should be Rs 895.13."""
    make_high(family)
    return family


def words(page: Page) -> str:
    return page.text.replace("\u00a0", " ")


@pytest.mark.parametrize("htmx", [False, True])
def test_the_form_computes_the_amount_and_says_what_it_assumes(
    consumer_visitor: Visitor, high: Household, htmx: bool
):
    sent = {"bill_no": [high.bill_no], "show": "compare", "reading_kwh": READING}
    page = consumer_visitor.fill(form_of(high), htmx=htmx, **sent)
    page = page if htmx else consumer_visitor.get(page.location)

    assert COMPUTED in words(page) and BILLED in words(page)
    assert "From 30-09-2026 (reading 16880) to 24-11-2026 you used the same every day." in page.text
    assert "arrears and other charges stay as billed" in page.text


def test_a_bill_without_a_tariff_gives_units_only(consumer_visitor: Visitor, high: Household):
    change(Bill, high.bill_no, category="LMV-9")
    fill(consumer_visitor, high, reading_kwh=READING)

    page = consumer_visitor.get(check_of(high))

    assert "115 units" in page.text and "895.13" not in page.text
    assert "The amount cannot be computed here" in page.text


def test_a_defective_meter_gives_no_figures(consumer_visitor: Visitor, high: Household):
    change(Bill, high.bill_no, bill_basis="IDF")
    fill(consumer_visitor, high, reading_kwh="1190")

    assert "its reading gives no amount" in consumer_visitor.get(check_of(high)).text


def test_without_a_reading_nothing_is_computed(consumer_visitor: Visitor, high: Household):
    fill(consumer_visitor, high, reading_kwh="")

    assert "By your reading" not in consumer_visitor.get(check_of(high)).text


def test_it_is_kept_with_the_complaint_as_it_was_shown(consumer_visitor: Visitor, high: Household):
    number = lodge(consumer_visitor, high, reading_kwh=READING)
    change(Bill, high.bill_no, amount_paise=1_00)

    page = consumer_visitor.get(f"/requests/{number}")

    assert COMPUTED in words(page) and BILLED in words(page)


def test_the_petition_says_it_in_the_first_person(consumer_visitor: Visitor, high: Household):
    number = lodge(consumer_visitor, high, reading_kwh=READING)
    with reading():
        stored = (
            session()
            .scalars(select(ServiceRequest.estimate).where(ServiceRequest.complaint_no == number))
            .one()
        )
    with consumer_visitor.client.application.test_request_context("/"), in_language("en"):
        [line] = petition_estimate(stored)

    assert line.replace("\u00a0", " ") == (
        f"By my reading of 24-11-2026 (17090) the bill would be about {COMPUTED} instead of {BILLED} (an estimate)"
    )


def test_the_office_reads_it_next_to_the_self_check(consumer_visitor: Visitor, high: Household):
    number = lodge(consumer_visitor, high, reading_kwh=READING)
    staff_of_the_office()

    page = signed_in(consumer_visitor, "C1").get(f"/todo/{number}")

    assert "reading 17090 of 24-11-2026, by even use per day: about 115 units instead of 808." in page.text
    assert "By the tariff ₹ 895.13 instead of ₹ 5,509.35." in words(page)


def test_every_case_without_figures_has_words():
    with_figures = {EstimateCode.COMPUTED, EstimateCode.UNITS_ONLY}

    assert set(WITHOUT_FIGURES) == set(EstimateCode) - with_figures
