"""What it costs to get from the home page to a complaint number: pages, taps, keys, bytes and time on a 2G line."""

from datetime import date

import pytest
from playwright.sync_api import expect

from bench.journey_walks import file_as_newcomer, file_as_returning, file_by_password, log_in_by_otp, track
from tests.factories import MOBILE, PASSWORD, Household, a_bill, a_household, a_service_request, given
from tests.fixtures.browsers import OpenPage, log_in_browser
from tests.fixtures.consumer_session import form_of
from tests.fixtures.packaged_tables import FOLDER, SUBDIVISION
from tests.fixtures.page_checks import accessibility_faults
from tests.fixtures.registration import otp_sent_to, solved_for_page
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss.domain.extracts import EXTRACTS
from wss.domain.identifiers import complaint_no_from
from wss.services.reference.imports import ImportOrder, import_extract

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
UNUSUAL = 1790
NUMBER = complaint_no_from(1_000_000_900)


def a_home(*, registered: bool) -> Household:
    """Return a household of a packaged office, with one bill far above the others."""
    for table in EXTRACTS:
        if table in ("offices", "catalogue", "reasons", "tariff"):
            assert import_extract(ImportOrder(table, FOLDER / f"{table}.csv")).written
    home = a_household(registered=registered, subdivision_code=SUBDIVISION)
    for month, units in enumerate((100, 110, UNUSUAL, 105), start=5):
        day = date(2026, month, 1)
        given(a_bill(f"2010000000{month}", bill_month=f"2026-0{month}", period_from=day, units=units))
    return home


def test_a_newcomer_needs_8_pages_13_taps_35_keys_and_25_seconds_of_line(open_page: OpenPage):
    home, page = a_home(registered=False), open_page("/help", in_parts=True)

    cost = file_as_newcomer(page, home.account_no, lambda: otp_sent_to(MOBILE))

    assert (cost.pages <= 8, cost.taps <= 13, cost.keys <= 35) == (True, True, True), cost
    assert cost.received <= 60_000 and cost.line_seconds <= 25, (cost, cost.line_seconds)


def test_a_returning_consumer_needs_4_pages(open_page: OpenPage, live_site: LiveSite):
    home, page = a_home(registered=True), open_page("/help", in_parts=True)
    log_in_browser(page, live_site, home.consumer)

    cost = file_as_returning(page)

    assert (cost.pages <= 4, cost.taps <= 5, cost.keys <= 5) == (True, True, True), cost


def test_logging_in_adds_a_page(open_page: OpenPage):
    home, page = a_home(registered=True), open_page("/help", in_parts=True)

    cost = file_by_password(page, home.account_no, PASSWORD, lambda: solved_for_page(page))

    assert (cost.pages <= 5, cost.taps <= 10, cost.keys <= 35) == (True, True, True), cost


def test_an_otp_logs_in_on_an_unknown_phone_in_5_pages(open_page: OpenPage):
    home, page = a_home(registered=True), open_page("/help", in_parts=True)

    cost = log_in_by_otp(page, home.account_no, home.bill_no, lambda: otp_sent_to(MOBILE, "sign_in_otp"))

    assert (cost.pages <= 5, cost.taps <= 7, cost.keys <= 28) == (True, True, True), cost
    assert cost.received <= 46_000, cost


def test_the_status_of_a_complaint_is_two_pages_from_the_home_page(open_page: OpenPage):
    home, page = a_home(registered=True), open_page("/help", in_parts=True)
    a_service_request(home, NUMBER)

    cost = track(page, NUMBER, MOBILE[-4:])

    assert (cost.pages, cost.taps, cost.keys) == (2, 3, 15), cost
    assert cost.received <= 31_000, cost


def test_the_second_part_of_the_form_follows_the_first(open_as_consumer: OpenPage):
    home = a_home(registered=True)
    page = open_as_consumer(home.consumer, form_of(home), in_parts=True)
    expect(page.locator("#reason")).to_be_hidden()
    faults = accessibility_faults(page)

    page.press("#reading_kwh", "Enter")

    expect(page.locator("#reason")).to_be_visible()
    none_of([*faults, *accessibility_faults(page)])
