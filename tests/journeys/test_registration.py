"""Registration in a real browser: from the printed bill to the first view of the connection."""

import json
import re

import pytest
from playwright.sync_api import Page

from tests.factories import MOBILE, PASSWORD, Household, a_household
from tests.fixtures.browsers import OpenPage
from tests.fixtures.registration import ANOTHER_MOBILE
from tests.fixtures.site import LiveSite

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
LANGUAGES = pytest.mark.parametrize("language", ["hi", "en"])


@pytest.fixture
def home(live_site: LiveSite) -> Household:
    """Provide an unregistered connection."""
    return a_household(registered=False)


def press(page: Page, what: str = "main form .btn") -> None:
    """Tap a button or link of the page, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.locator(what).first.click()


def inbox(page: Page) -> list[dict[str, str]]:
    """Return every message so far, newest first, as the development site shows it."""
    answer = page.request.get("/dev/outbox?format=json")
    messages: list[dict[str, str]] = json.loads(answer.text())
    return messages


def newest(page: Page, to: str) -> str:
    """Return the text of the newest code or link that was sent to this mobile."""
    return next(
        message["text"]
        for message in inbox(page)
        if message["to"] == to and message["notice"] in ("registration_otp", "hold_otp", "not_me")
    )


def name_connection(page: Page, home: Household) -> None:
    page.fill("#account_no", home.account_no)
    page.fill("#bill_no", home.bill_no)
    press(page)


def give_details(page: Page, mobile: str = MOBILE) -> None:
    page.fill("#mobile", mobile)
    page.click("main form summary")
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    page.check("#accept_terms")
    page.check("#accept_privacy")
    press(page)


def enter_code(page: Page, to: str) -> None:
    otp = re.search(r"(?<!\d)\d{6}(?!\d)", newest(page, to))
    assert otp is not None
    page.fill("#otp", otp[0])
    press(page)


def sign_in(page: Page, home: Household) -> None:
    captcha_id = page.locator("[name=captcha_id]").get_attribute("value")
    page.fill("#login", home.account_no)
    page.fill("#password", PASSWORD)
    page.fill("#captcha-answer", page.request.get(f"/dev/captcha/{captcha_id}").text())
    press(page)


@SCRIPTS
@LANGUAGES
def test_from_the_bill_on_the_table_to_ones_own_connection(
    open_page: OpenPage, home: Household, scripts: bool, language: str
):
    page = open_page("/register", scripts=scripts, language=language)

    name_connection(page, home)
    assert "P•••• S••••" in page.inner_text("main")
    give_details(page)
    assert f"••••••••{MOBILE[-2:]}" in page.inner_text("main")
    enter_code(page, MOBILE)

    assert page.url.endswith("/account?registered=1")
    assert home.account_no in re.sub(r"\s", "", page.inner_text("main"))
    assert page.get_attribute("html", "lang") == language


@SCRIPTS
def test_with_another_number_one_waits_until_the_old_number_says_yes(
    open_page: OpenPage, home: Household, scripts: bool
):
    page = open_page("/register", scripts=scripts)
    name_connection(page, home)
    give_details(page, ANOTHER_MOBILE)
    enter_code(page, ANOTHER_MOBILE)
    assert page.url.endswith("/held") and home.bill_no not in page.content()

    press(page)
    enter_code(page, MOBILE)

    assert page.url.endswith("/account")


@SCRIPTS
def test_the_old_number_says_no_and_the_registration_ends(
    open_page: OpenPage, home: Household, scripts: bool
):
    page = open_page("/register", scripts=scripts, language="en")
    name_connection(page, home)
    give_details(page, ANOTHER_MOBILE)
    enter_code(page, ANOTHER_MOBILE)
    link = re.search(r"/not-me/\S+", newest(page, MOBILE))
    assert link is not None
    owner = open_page(link[0], scripts=scripts)

    press(owner)
    page.goto("/login")
    sign_in(page, home)

    assert page.url.endswith("/login") and page.locator("#error-summary").is_visible()
