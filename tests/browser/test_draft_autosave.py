"""Autosave of a form in a real browser: the draft is kept, and no text says that it is submitted."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.factories import Household, a_household, bill_correction, given
from tests.fixtures.browsers import OpenPage
from tests.fixtures.consumer_session import form_of
from tests.fixtures.registration import rows
from tests.fixtures.site import LiveSite
from wss.models import Draft

pytestmark = pytest.mark.sqlite_only("scripts do not depend on the database")


@pytest.fixture
def family(live_site: LiveSite) -> Household:
    """Provide a registered household."""
    given(*bill_correction())
    return a_household()


@pytest.fixture
def form(open_as_consumer: OpenPage, family: Household) -> Page:
    """Provide the form of a bill correction, open on a phone."""
    return open_as_consumer(family.consumer, form_of(family), language="en")


def test_a_page_that_is_left_in_the_middle_offers_what_was_typed(form: Page, family: Household):
    form.locator("#remarks").press_sequentially("The meter is outs")

    form.goto("/account")
    _wait_for_a_draft(form)
    form.goto(form_of(family))

    expect(form.locator("#remarks")).to_have_value("The meter is outs")


def test_a_restored_connection_sends_what_was_typed_while_it_was_lost(form: Page):
    form.route("**/requests/new", lambda route: route.abort())
    with form.expect_event("requestfailed"):
        form.locator("#remarks").press_sequentially("No signal")
    form.unroute("**/requests/new")

    with form.expect_response(lambda answer: answer.request.method == "POST", timeout=15_000):
        pass

    assert rows(Draft)[0].fields["typed"]["remarks"] == ["No signal"]


def test_a_tick_and_a_comparison_show_nothing_being_sent(form: Page, family: Household):
    form.check(f"[value='{family.bill_no}']")
    expect(form.locator("#self-check")).not_to_be_empty()

    form.locator("[name=show][value=compare]").click()

    expect(form.locator("[data-upload]")).to_be_hidden()


def test_a_form_that_is_sent_shows_so_and_can_be_stopped(form: Page, family: Household):
    form.evaluate("console.error = function () {}")  # where the library logs what was stopped
    waiting: list[Route] = []
    form.route(re.compile("/requests/new"), lambda route: waiting.append(route))
    form.set_input_files(
        "#documents", [{"name": "x.png", "mimeType": "image/png", "buffer": b"\x89PNG" * 9000}]
    )

    form.locator("#request-fields > .btn").click()
    expect(form.locator("[data-sending]")).to_be_visible()
    form.locator("[data-cancel]").click()

    expect(form.locator("[data-sending]")).to_be_hidden()
    expect(form.locator("[data-broken]")).to_be_visible()


def test_an_answer_takes_the_bar_away(form: Page):
    form.set_input_files(
        "#documents", [{"name": "x.png", "mimeType": "image/png", "buffer": b"\x89PNG" * 9000}]
    )

    form.locator("#request-fields > .btn").click()

    expect(form.locator("#error-summary")).to_be_visible()
    expect(form.locator("[data-upload]")).to_be_hidden()


def test_a_missing_tick_is_reported_before_a_password_is_sent(open_page: OpenPage, live_site: LiveSite):
    home = a_household(registered=False)
    page = open_page("/register", language="en")
    page.fill("#account_no", home.account_no)
    page.fill("#bill_no", home.bill_no)
    page.locator("main form .btn").click()
    page.click("main form summary")
    page.fill("#password", "seven green lamps")
    page.fill("#password_again", "seven green lamps")

    page.locator("main form .btn").last.click()

    expect(page.locator("#password")).to_have_value("seven green lamps")
    assert page.evaluate("document.activeElement.id") == "accept_terms"


def test_what_was_typed_just_before_it_is_sent_does_not_undo_the_sending(form: Page, family: Household):
    form.check(f"[value='{family.bill_no}']")
    form.select_option("#reason", "wrong_reading")
    form.locator("#remarks").press_sequentially("Far too high")

    form.locator("#request-fields > .btn").click()
    form.wait_for_url("**/requests/check")
    form.wait_for_timeout(300)

    assert rows(Draft)[0].fields["answers"] is not None


def _wait_for_a_draft(page: Page) -> None:
    """Wait for a draft: what a page sends while the user leaves it arrives a moment later."""
    for _ in range(50):
        if rows(Draft):
            return
        page.wait_for_timeout(100)
