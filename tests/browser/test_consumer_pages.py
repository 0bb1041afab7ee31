"""The consumer's pages in a real browser: they fit the screen, are accessible, and work without scripts."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.factories import (
    Household,
    a_household,
    a_service_request,
    address_correction,
    bill_correction,
    given,
)
from tests.fixtures.browsers import OpenPage
from tests.fixtures.consumer_session import check_of, form_of
from tests.fixtures.page_checks import (
    accessibility_faults,
    accessibility_faults_once,
    html_faults,
    overflow_faults,
)
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.models import ServiceRequest

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")
COMPLAINT_NO = complaint_no_from(1_000_000_900)


@pytest.fixture
def family(live_site: LiveSite) -> Household:
    """Provide a household of the live site, with a request and a second kind in the catalogue."""
    given(
        *bill_correction(),
        address_correction(),
    )
    own = a_household()
    a_service_request(own, COMPLAINT_NO)
    return own


@pytest.fixture
def open_consumer_page(open_as_consumer: OpenPage, family: Household) -> Any:
    """Return a function that opens pages as the household's consumer."""
    return partial(open_as_consumer, family.consumer)


def addresses(family: Household) -> list[str]:
    account = f"/account/{family.account_no}"
    return [
        "/account",
        account,
        f"{account}/bills",
        f"{account}/bills/{family.bill_no}",
        f"{account}/tips",
        f"{account}/requests",
        f"{account}/requests/new",
        form_of(family),
        form_of(family, "ADDRESS_CORRECTION", "Name or address"),
        f"/requests/{COMPLAINT_NO}/registered",
        f"/requests/{COMPLAINT_NO}",
        "/account/call-back",
        "/finish",
    ]


@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_page_fits_and_is_accessible(open_consumer_page: Any, family: Household, language: str):
    page = open_consumer_page("/account", screen="keypad", language=language)
    faults = []

    for address in addresses(family):
        page.goto(address)
        faults += overflow_faults(page) + accessibility_faults_once(page) + html_faults(page.content())

    none_of(faults)


@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_form_with_errors_fits_and_is_accessible(open_consumer_page: Any, family: Household, language: str):
    page = open_consumer_page(form_of(family), screen="keypad", language=language)

    page.locator("#request-fields > .btn").click()

    expect(page.locator(".bad")).to_be_focused()
    none_of(overflow_faults(page) + accessibility_faults(page))


def test_the_way_to_another_kind_offers_what_was_typed(open_consumer_page: Any, family: Household):
    page = open_consumer_page(form_of(family))
    with page.expect_response("**/requests/new"):
        page.fill("#remarks", "मीटर बाहर है")

    page.click("a[href$='/requests/new']")
    page.click(".note a")

    expect(page.locator("#remarks")).to_have_value("मीटर बाहर है")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_complaint_is_registered(open_consumer_page: Any, family: Household, scripts: bool):
    page = open_consumer_page(form_of(family), scripts=scripts)
    page.locator(f"[name=bill_no][value='{family.bills[0].bill_no}']").check()
    page.select_option("#reason", "wrong_reading")
    page.locator("#request-fields > .btn").click()
    page.wait_for_url(f"**{check_of(family)}")

    page.locator("main form .btn").dblclick(no_wait_after=True)

    page.wait_for_url("**/registered")
    expect(page.locator("#no")).to_have_text("100 0000 0016")


def test_the_wrong_picture_is_reported_and_the_right_one_kept(open_consumer_page: Any, family: Household):
    page = open_consumer_page(form_of(family))

    page.set_input_files("#documents", [{"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}])
    page.locator("#request-fields > .btn").click()

    expect(page.locator("#documents-e")).to_contain_text("x.svg")


def test_pressing_while_a_photo_is_made_small_sends_it_afterwards(
    open_consumer_page: Any, family: Household, tmp_path: Path
):
    photo = tmp_path / "meter.png"
    Image.effect_noise((2600, 1400), 60).convert("RGB").save(photo)
    page = open_consumer_page(f"{form_of(family)}&bill_no={family.bills[0].bill_no}")
    page.select_option("#reason", "other")

    page.set_input_files("#documents", photo)
    page.locator("#request-fields > .btn").click()

    page.wait_for_url(f"**{check_of(family)}")
    expect(page.locator("main")).to_contain_text("meter.jpg")


def test_an_open_timeline_takes_up_news(open_consumer_page: Any, family: Household):
    page = open_consumer_page(f"/requests/{COMPLAINT_NO}", language="en")
    with transaction() as session:
        row = session.query(ServiceRequest).one()
        row.status, row.news = "in_review", 2

    page.locator("[hx-get]").click()

    expect(page.locator("#request .tag").first).to_have_text("In review")


def test_a_hidden_timeline_does_not_poll(open_consumer_page: Any, family: Household):
    page = open_consumer_page(f"/requests/{COMPLAINT_NO}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "?v=" in request.url else None)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")

    page.evaluate("htmx.trigger('[data-news]', 'click')")

    page.wait_for_timeout(300)
    assert asked == []


@pytest.mark.parametrize("scripts", [True, False])
def test_after_finishing_on_a_shared_phone_going_back_shows_nothing(open_consumer_page: Any, scripts: bool):
    page = open_consumer_page(f"/requests/{COMPLAINT_NO}/registered", scripts=scripts)
    page.locator("form[action='/finish'] button").click()
    page.wait_for_url("**/finish")
    kept = {cookie["name"] for cookie in page.context.cookies()}

    page.go_back()

    expect(page.locator("#login")).to_be_visible()
    assert kept == {"wss_language", "wss_seen"}


def test_after_signing_out_going_back_shows_nothing(open_consumer_page: Any, family: Household):
    page = open_consumer_page(f"/account/{family.account_no}")
    page.locator("form[action='/logout'] button").click()
    page.wait_for_url("**/")

    page.go_back()

    expect(page.locator("body")).not_to_contain_text("Pooja Sharma")
