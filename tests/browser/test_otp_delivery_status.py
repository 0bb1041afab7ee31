"""Waiting for a code in a real browser: the page reports, by itself or on request, that the SMS does not arrive."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.factories import a_household
from tests.fixtures.browsers import OpenPage
from tests.fixtures.page_checks import faults_of
from tests.project.tree import none_of
from wss import clock

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")
# Each with its own household: a second code to the same one has to wait a minute.
WAYS = {"/login/otp": "7950761921", "/forgot-password": "7950761922", "/update-mobile": "7950761923"}


def ask(page: Page, way: str) -> None:
    """Fill in the two numbers and open the page that asks for the code."""
    home = a_household(WAYS[way])
    page.goto(way)
    page.fill("#account_no", home.account_no)
    page.fill("#bill_no", home.bill_no)
    if way == "/update-mobile":
        page.fill("#mobile", "9026114477")
    page.click("main .btn")
    page.wait_for_url("**/verify")


def test_the_page_says_by_itself_that_no_sms_comes(open_page: OpenPage):
    page = open_page("/login/otp", language="en")
    ask(page, "/login/otp")
    expect(page.locator("#sms .note")).to_have_count(0)
    page.fill("#otp", "12")

    with clock.shifted_by(timedelta(seconds=25)):
        expect(page.locator("#sms")).to_contain_text("No SMS yet?", timeout=8_000)

    expect(page.locator("#otp")).to_have_value("12")
    expect(page.locator("#otp")).to_be_focused()


@pytest.mark.parametrize(("language", "screen"), [("hi", "keypad"), ("en", "phone")])
def test_the_other_ways_fit_and_can_be_used_without_scripts(open_page: OpenPage, language: str, screen: str):
    page = open_page("/", screen=screen, scripts=screen == "phone", language=language)
    faults = []
    for way in WAYS:
        ask(page, way)
        with clock.shifted_by(timedelta(seconds=25)):
            page.click("#look")
            expect(page.locator("#sms .note")).to_be_visible()
        faults += faults_of(
            page, f"waiting{way.replace('/', '-')}-{screen}-{language}", scripts=screen == "phone"
        )

    none_of(faults)
