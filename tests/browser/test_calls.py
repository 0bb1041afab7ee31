"""A call at the help desk in a real browser: by the keyboard alone to the complaint number, and on every screen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.factories import (
    ACCOUNT_NO,
    MOBILE,
    Household,
    a_household,
    a_service_request,
    address_correction,
    bill_correction,
    given,
)
from tests.fixtures.browsers import OpenPage, log_in_browser
from tests.fixtures.helpdesk_calls import helpdesk_staff, otp_of, wrong
from tests.fixtures.page_checks import faults_of
from tests.fixtures.registration import messages, rows
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss import clock
from wss.domain.actor import Actor, Role
from wss.domain.call_backs import CallBackTerms
from wss.domain.identifiers import complaint_no_from, grouped_complaint_no
from wss.models import ServiceRequest
from wss.services.calls.call_back_requests import ask_call

pytestmark = pytest.mark.sqlite_only("what the browser shows does not depend on the database")
PRESSES_AT_MOST = 12
WITHOUT_MOBILE = "7950761930"
SEVERAL = "7950761940"
RESOLVED = complaint_no_from(1_000_000_900)


class Keyboard:
    """A keyboard as the only input device: counts the keys pressed, apart from the text typed into fields."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        """Press keys on the current page."""
        self._find_the_cursor()
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def enter(self) -> None:
        """Press Enter, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.press("Enter")

    def type(self, words: str) -> None:
        """Type a value where the page itself has put the focus."""
        self._find_the_cursor()
        self.page.keyboard.type(words)

    def _find_the_cursor(self) -> None:
        """Wait until a new page has set the focus, as a person does before typing."""
        expect(self.page.locator(":focus")).to_have_count(1)


@pytest.fixture
def home(live_site: LiveSite) -> Household:
    """Provide a registered household that calls are about, and the help desk."""
    given(*bill_correction(), address_correction())
    household = a_household()
    given(*helpdesk_staff())
    return household


@pytest.mark.parametrize(("language", "scripts"), [("hi", True), ("en", False)])
def test_a_call_is_taken_to_its_complaint_number_by_the_keyboard_alone(
    open_as_staff: OpenPage, live_site: LiveSite, home: Household, language: str, scripts: bool
):
    page = open_as_staff("H1", "/helpdesk", screen="desk", language=language, scripts=scripts)
    keys = Keyboard(page)

    keys.type(ACCOUNT_NO)
    keys.press("Tab", "Space")
    keys.enter()
    keys.enter()
    keys.type(otp_of("call_otp"))
    keys.enter()
    keys.press("Space")
    keys.enter()
    keys.press("ArrowDown", "Tab")
    keys.type("1050")
    keys.enter()
    keys.enter()

    [request] = rows(ServiceRequest)
    expect(page.locator("#no")).to_have_text(grouped_complaint_no(request.complaint_no))
    assert keys.pressed <= PRESSES_AT_MOST
    assert (request.fields["reason"], request.fields["reading_kwh"]) == ("wrong_reading", 1050)
    assert [message.recipient for message in messages("request_registered_1912")] == [MOBILE]
    log_in_browser(page, live_site, home.consumer)
    page.goto("/account/access")
    who = {"hi": ("हेल्पडेस्क 1912", "बिल"), "en": ("Helpdesk 1912", "A call about a bill")}[language]
    for words in who:
        expect(page.locator("main")).to_contain_text(words)


@pytest.mark.parametrize(("screen", "language", "scripts"), [("desk", "hi", True), ("phone", "en", False)])
def test_the_pages_of_a_call_fit_their_screens(
    open_as_staff: OpenPage, live_site: LiveSite, home: Household, screen: str, language: str, scripts: bool
):
    a_service_request(home, RESOLVED, status="resolved", resolution="not_needed")
    a_household(WITHOUT_MOBILE, registered=False, mobile_on_record=None)
    for number in range(3):
        a_household(f"{int(SEVERAL) + number}", registered=False, mobile_on_record="9026114488")
    page = open_as_staff("H1", "/helpdesk", screen=screen, language=language, scripts=scripts)
    faults: list[str] = []

    def seen(name: str) -> None:
        faults.extend(faults_of(page, f"call-{name}-{screen}-{language}", scripts=scripts))

    _refuse(page, seen)
    _serve_unproved(page, seen, home.bill_no)
    _talk(page, seen)
    _hang_up(page, seen)

    none_of(faults)


@pytest.mark.parametrize(("screen", "language"), [("desk", "en"), ("keypad", "hi")])
def test_the_pages_of_a_call_that_was_asked_for_fit_their_screens(
    open_as_staff: OpenPage, home: Household, screen: str, language: str
):
    assert home.consumer is not None
    consumer = Actor(Role.CONSUMER, str(home.consumer.id))
    ask_call(consumer, home.account_no, "bill", CallBackTerms(48, "10:00-17:00"))
    page = open_as_staff("H1", "/helpdesk", screen=screen, language=language)
    faults = faults_of(page, f"asked-desk-{screen}-{language}")

    page.locator("form[action$='/take'] button").click()

    page.wait_for_url("**/helpdesk/calls/*")
    none_of(faults + faults_of(page, f"asked-call-{screen}-{language}"))


def _refuse(page: Page, seen: Callable[[str], None]) -> None:
    """Search with numbers that match nothing, and with one that matches several."""
    seen("01-desk")
    _send(page)
    seen("02-desk-wrong")
    _open(page, "9026114488")
    seen("03-choices")
    _open(page, WITHOUT_MOBILE)
    seen("04-facts")


def _serve_unproved(page: Page, seen: Callable[[str], None], bill_no: str) -> None:
    """Handle a caller without a number, and one to whom no code is delivered."""
    page.goto("/helpdesk")
    page.check("[name=call_reason][value=status]")
    _do(page, "without_number")
    seen("18-no-record")
    _do(page, "track", complaint_no=RESOLVED, mobile_last4="0000")
    seen("19-status-wrong")
    _do(page, "track", mobile_last4=MOBILE[-4:])
    seen("20-status")
    _open(page, ACCOUNT_NO)
    page.click("section[aria-labelledby=dead] summary")
    _do(page, "report_dead_number", bill_no=bill_no, spoken_name="Puja Sarma")
    seen("21-counter")


def _talk(page: Page, seen: Callable[[str], None]) -> None:
    """Handle a call from the search to the complaint number."""
    _open(page, ACCOUNT_NO)
    seen("05-masked")
    _do(page, "send_otp")
    seen("06-otp")
    code = otp_of("call_otp")
    _do(page, "verify", otp=wrong(code))
    seen("07-otp-wrong")
    _do(page, "verify", otp=code)
    seen("08-verified")
    _do(page, "start_request")
    seen("09-no-consent")
    page.check("#consent")
    _do(page, "start_request")
    seen("10-request")
    page.select_option("#reason", "")
    page.locator("main form .btn").last.click()
    expect(page.locator("#error-summary")).to_be_visible()
    seen("11-request-wrong")
    page.locator("[name=bill_no]").nth(1).check()
    page.select_option("#reason", "wrong_reading")
    _send(page)
    seen("12-read-back")
    _send(page)
    seen("13-registered")


def _hang_up(page: Page, seen: Callable[[str], None]) -> None:
    """Confirm a resolution for the caller, and end the call."""
    call = page.url.partition("/registered")[0]
    page.goto(call)
    seen("14-agreed")
    with clock.shifted_by(timedelta(minutes=2)):
        page.click("details:has([name=answer]) summary")
        page.check("[name=answer][value=confirm]")
        _do(page, "confirm_resolution")
        seen("15-answer")
        _do(page, "end")
    seen("16-ended")
    page.goto(call)
    seen("17-over")


def _open(page: Page, number: str) -> None:
    page.goto("/helpdesk")
    page.fill("#q", number)
    page.check("[name=call_reason][value=bill]")
    _send(page)


def _send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form .btn:not(.b2)").last.click()


def _do(page: Page, action: str, **typed: str) -> None:
    form = page.locator(f"form:has(button[value={action}])").first
    for name, value in typed.items():
        form.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        form.locator(f"button[value={action}]").click()
