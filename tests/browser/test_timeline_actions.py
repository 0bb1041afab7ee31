"""The timeline's steps and tracking in a real browser: they fit, are accessible, and work with and without scripts."""

from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.factories import (
    ACCOUNT_NO,
    MOBILE,
    Household,
    a_household,
    a_service_request,
    bill_correction,
    given,
)
from tests.fixtures.browsers import OpenPage, log_in_browser
from tests.fixtures.complaint_handling import (
    CLERK,
    NUMBER,
    SDO,
    ask,
    office_acts,
    path_of,
    resolve,
    staff_of_the_office,
)
from tests.fixtures.consumer_session import a_photo
from tests.fixtures.page_checks import accessibility_faults_once, html_faults, overflow_faults
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss import clock
from wss.domain.lifecycle import Action, Resolution

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")
TIMELINE = f"/requests/{NUMBER}"


@pytest.fixture
def complaint(live_site: LiveSite) -> Household:
    """Provide a household whose complaint is registered, and its office."""
    given(*bill_correction())
    own = a_household()
    staff_of_the_office()
    a_service_request(own, NUMBER)
    return own


@pytest.fixture
def open_consumer_page(open_as_consumer: OpenPage, complaint: Household) -> Any:
    """Return a function that opens pages as the household's consumer."""
    return partial(open_as_consumer, complaint.consumer)


def faults_of(page: Page) -> list[str]:
    return overflow_faults(page) + accessibility_faults_once(page) + html_faults(page.content())


def open_all(page: Page) -> None:
    """Open all collapsed elements."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


@pytest.mark.parametrize(("language", "screen"), [("hi", "keypad"), ("en", "phone"), ("hi", "desk")])
def test_every_state_fits_and_is_accessible(open_consumer_page: Any, language: str, screen: str):
    page = open_consumer_page(TIMELINE, screen=screen, language=language)
    faults = faults_of(page)
    ask()
    page.goto(TIMELINE)
    faults += faults_of(page)
    page.click("[value=answer]")
    expect(page.locator("#answer-remark-e")).to_be_visible()
    faults += faults_of(page)
    page.fill("#answer-remark", "मीटर बाहर है।")
    page.click("[value=answer]")
    expect(page.locator("#done")).to_be_visible()
    office_acts(CLERK, Action.PROPOSE, resolution=Resolution.REFUSED)
    office_acts(SDO, Action.APPROVE)
    page.goto(TIMELINE)
    open_all(page)
    faults += faults_of(page)
    page.click("[value=confirm]")
    expect(page.locator("#done")).to_be_visible()
    open_all(page)
    faults += faults_of(page)

    none_of(faults)


@pytest.mark.parametrize(("language", "screen"), [("hi", "keypad"), ("en", "phone"), ("hi", "desk")])
def test_tracking_fits_and_is_accessible(
    open_page: OpenPage, complaint: Household, language: str, screen: str
):
    resolve()
    page = open_page("/", screen=screen, language=language)
    faults = faults_of(page)
    page.fill("#complaint_no", NUMBER)
    page.fill("#mobile_last4", "0000")
    page.click("form[action='/track'] .btn")
    expect(page.locator("#error-summary")).to_be_visible()
    faults += faults_of(page)
    page.fill("#mobile_last4", MOBILE[-4:])
    page.click("form[action^='/track'] .btn")
    expect(page.locator("#found")).to_be_visible()
    faults += faults_of(page)
    page.goto(path_of("resolved"))
    open_all(page)
    faults += faults_of(page)
    page.click("[value=refuse]")
    expect(page.locator("#error-summary")).to_be_visible()
    faults += faults_of(page)
    page.fill("#remark", "अभी भी गलत है।")
    page.click("[value=refuse]")
    page.wait_for_url("**/confirmed?now=reopened")
    faults += faults_of(page)
    page.goto("/t/AAAAAAAAAA")
    faults += faults_of(page)

    none_of(faults)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", ["hi", "en"])
def test_an_answer_with_a_photo_goes_out_with_and_without_scripts(
    open_consumer_page: Any, language: str, scripts: bool
):
    ask()
    page = open_consumer_page(TIMELINE, language=language, scripts=scripts)
    picture, name = a_photo()

    page.fill("#answer-remark", "Here it is.")
    page.set_input_files(
        "#answer-documents", {"name": name, "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    page.click("[value=answer]")

    expect(page.locator("#done")).to_be_visible()
    expect(page.locator(".tl .me")).to_have_text("Here it is.")
    expect(page.locator(".tl a", has_text="meter.jpg")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_refusing_and_adding_documents_work_with_and_without_scripts(open_consumer_page: Any, scripts: bool):
    resolve()
    page = open_consumer_page(TIMELINE, language="en", scripts=scripts)
    page.click("summary")
    page.click("[value=refuse]")
    expect(page.locator("#refuse-remark-e")).to_be_visible()
    page.fill("#refuse-remark", "The reading is still wrong.")
    page.click("[value=refuse]")
    expect(page.locator("#done")).to_be_visible()

    page.set_input_files("#documents", {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    page.click(f"form[action='{TIMELINE}/documents'] .btn")

    expect(page.locator("#documents-e")).to_contain_text("x.svg could not be added")


def test_polled_news_do_not_clear_unsent_input(open_consumer_page: Any):
    ask()
    page = open_consumer_page(TIMELINE, language="en")
    page.fill("#answer-remark", "Half a sent")
    time_to_ask_for_news(page)

    expect(page.locator("#answer-remark")).to_have_value("Half a sent")


def time_to_ask_for_news(page: Page) -> None:
    """Advance by the minute after which the page polls for news."""
    page.evaluate("htmx.trigger(document.querySelector('[data-news]'), 'click')")
    page.wait_for_timeout(400)


def test_the_page_continues_after_a_step_without_being_reloaded(open_consumer_page: Any):
    resolve()
    page = open_consumer_page(TIMELINE, language="en")
    page.evaluate("window.stayed = true")

    page.click("[value=confirm]")

    expect(page.locator("#done")).to_be_focused()
    assert page.evaluate("window.stayed") is True


def test_a_kept_form_waits_behind_the_sign_in(
    open_consumer_page: Any, live_site: LiveSite, complaint: Household
):
    page = open_consumer_page(
        f"/account/{ACCOUNT_NO}/requests/new?request_type=Billing&request=BILL_CORRECTION"
    )
    page.check(f"[value='{complaint.bills[0].bill_no}']")
    page.fill("#remarks", "मीटर बाहर है।")
    # The automatic comparison with the bill may move the button before the tap.
    page.wait_for_load_state("networkidle")
    with clock.shifted_by(timedelta(minutes=31)):
        page.click("#request-fields > .btn")
        page.wait_for_url("**/login?next=**")
        log_in_browser(page, live_site, complaint.consumer)
        page.goto(unquote(page.url.split("next=")[1]))

        expect(page.locator("#remarks")).to_have_value("मीटर बाहर है।")
