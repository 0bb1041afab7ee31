"""The registration and login pages in a real browser: accessible, no wider than the screen."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.factories import MOBILE, PASSWORD, Household, a_household
from tests.fixtures.browsers import OpenPage
from tests.fixtures.page_checks import accessibility_faults, html_faults, overflow_faults
from tests.fixtures.registration import ANOTHER_MOBILE, otp_sent_to, solved_for_page
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of

pytestmark = pytest.mark.sqlite_only("layout does not depend on the database")


@pytest.fixture
def home(live_site: LiveSite) -> Household:
    """Provide an unregistered connection."""
    return a_household(registered=False)


def press(page: Page) -> None:
    # Waiting for "loaded" alone would accept the page that is being left.
    with page.expect_navigation():
        page.locator("main form .btn").first.click()


def walk(page: Page, home: Household) -> Iterator[str]:
    """Open every page of registration and login, empty and with errors, and yield its name."""
    yield from _which_connection(page, home)
    yield from _who(page)
    yield from _login_pages(page, home)


def _which_connection(page: Page, home: Household) -> Iterator[str]:
    yield "register"
    press(page)
    yield "register, empty form refused"
    for number in range(3):
        page.fill("#account_no", f"{8000000000 + number}")
        page.fill("#bill_no", "NOSUCH")
        press(page)
    yield "register, refused with a captcha"
    page.fill("#account_no", home.account_no)
    page.fill("#bill_no", home.bill_no)
    page.fill("#captcha-answer", solved_for_page(page))
    press(page)


def _who(page: Page) -> Iterator[str]:
    yield "details"
    page.fill("#mobile", "12345")
    page.click("main form summary")
    page.check("#email_alerts")
    press(page)
    yield "details, refused"
    page.fill("#mobile", ANOTHER_MOBILE)
    page.uncheck("#email_alerts")
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    page.check("#accept_terms")
    page.check("#accept_privacy")
    press(page)
    yield "verify"
    page.fill("#otp", "12")
    press(page)
    yield "verify, refused"
    page.fill("#otp", otp_sent_to(ANOTHER_MOBILE))
    press(page)


def _login_pages(page: Page, home: Household) -> Iterator[str]:
    page.goto("/login")
    yield "login"
    press(page)
    yield "login, refused"
    page.fill("#login", home.account_no)
    page.fill("#password", PASSWORD)
    page.fill("#captcha-answer", solved_for_page(page))
    press(page)
    yield "held"
    press(page)
    yield "held, code sent"
    page.fill("#otp", "12")
    press(page)
    yield "held, refused"


NAMES = 12


def test_every_page_of_registration_is_accessible(open_page: OpenPage, home: Household):
    page = open_page("/register")
    faults, seen = [], []

    for name in walk(page, home):
        seen.append(name)
        faults += [f"{name}: {fault}" for fault in accessibility_faults(page)]

    none_of(faults)
    assert len(seen) == NAMES


@pytest.mark.parametrize(("language", "screen"), [("hi", "phone"), ("en", "keypad")])
def test_no_page_on_the_way_has_to_be_pushed_sideways(
    open_page: OpenPage, home: Household, language: str, screen: str
):
    page = open_page("/register", screen=screen, language=language, scripts=False)
    faults = []

    for name in walk(page, home):
        faults += [f"{name}: {fault}" for fault in overflow_faults(page)]
        faults += [f"{name}: {fault}" for fault in html_faults(page.content())]

    none_of(faults)


@pytest.mark.parametrize("scripts", [True, False])
def test_one_number_alone_shows_a_page_without_mobile_and_masked_digits(
    open_page: OpenPage, home: Household, scripts: bool
):
    page = open_page("/register", scripts=scripts, language="en")
    page.fill("#account_no", home.account_no)
    press(page)

    assert page.locator("#mobile").count() == 0
    assert "••••" not in page.inner_text("main") and MOBILE not in page.content()
    assert overflow_faults(page) == []


def test_everything_can_be_done_with_the_keyboard(open_page: OpenPage, home: Household):
    page = open_page("/register", language="en")
    page.focus("#account_no")
    page.keyboard.type(home.account_no)
    page.keyboard.press("Tab")
    page.keyboard.type(home.bill_no)
    page.keyboard.press("Enter")

    page.wait_for_url("**/register/details")
    assert page.locator("h1").is_visible()


def test_passwords_and_codes_can_be_pasted_and_remembered(open_page: OpenPage, home: Household):
    page = open_page("/login", language="en")

    assert page.get_attribute("#password", "autocomplete") == "current-password"
    assert page.get_attribute("#login", "autocomplete") == "username"
    assert page.evaluate("document.querySelectorAll('[onpaste]').length") == 0


def test_after_signing_out_the_way_back_shows_nothing(open_page: OpenPage, live_site: Any):
    home = a_household()
    page = open_page("/login", language="en")
    page.fill("#login", home.account_no)
    page.fill("#password", PASSWORD)
    page.fill("#captcha-answer", solved_for_page(page))
    press(page)
    page.wait_for_url("**/account")
    page.locator("form[action='/logout'] button").first.click()
    page.wait_for_url("**/")

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0

    seen = []
    while page.go_back() is not None:
        page.wait_for_load_state()
        seen.append(page.content())

    assert len(seen) >= 2
    assert not [html for html in seen if "Pooja" in html or "logout" in html]
