"""Bill revision in a real browser: computed in place, accessible, on a desktop and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import (
    Household,
    a_household,
    a_service_request,
    bill_correction,
    given,
)
from tests.fixtures.bill_revision import approve, make_ready, proposed, the_proposal
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import NUMBER, rows, staff_of_the_office, the_request
from tests.fixtures.page_checks import accessibility_faults_once, html_faults, overflow_faults
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss.db import transaction
from wss.models import Bill

pytestmark = pytest.mark.sqlite_only("layout does not depend on the database")
PAGE = f"/todo/{NUMBER}/revision"


@pytest.fixture
def home(live_site: LiveSite) -> Household:
    """Provide a household whose complaint the clerk works on."""
    given(*bill_correction())
    own = a_household()
    staff_of_the_office()
    a_service_request(own, NUMBER)
    make_ready(own)
    return own


@pytest.fixture
def open_as(open_as_consumer: OpenPage, open_as_staff: OpenPage, home: Household) -> OpenPage:
    """Return a function that opens pages as an employee, or as the consumer."""

    def open_as_visitor(path: str, who: str = "C1", **wishes: str | bool) -> Page:
        if who == "consumer":
            return open_as_consumer(home.consumer, path, **wishes)
        return open_as_staff(who, path, **wishes)

    return open_as_visitor


def clean(page: Page) -> None:
    assert page.locator("h1").count() == 1
    none_of(accessibility_faults_once(page) + overflow_faults(page) + html_faults(page.content()))


@pytest.mark.parametrize(("language", "screen"), [("hi", "phone"), ("en", "desk")])
def test_computing_a_revision_is_accessible(open_as: OpenPage, screen: str, language: str):
    page = open_as(PAGE, screen=screen, language=language)
    clean(page)

    page.locator("[name=current_reading-0]").fill("nonsense")
    page.locator("[name=preview]").click()
    expect(page.locator("#error-summary")).to_be_visible()
    clean(page)


@pytest.mark.parametrize(("language", "screen"), [("hi", "phone"), ("en", "desk")])
def test_deciding_a_revision_is_accessible(open_as: OpenPage, home: Household, screen: str, language: str):
    proposed(home)

    clean(open_as(PAGE, "S1", screen=screen, language=language))


@pytest.mark.parametrize(("language", "screen"), [("hi", "phone"), ("en", "desk")])
def test_comparing_both_bills_is_accessible(open_as: OpenPage, home: Household, screen: str, language: str):
    proposed(home)
    approve()
    wishes = {"screen": screen, "language": language}

    clean(open_as(f"/account/{home.account_no}/bills/{home.bill_no}", "consumer", **wishes))
    clean(open_as(f"/requests/{NUMBER}", "consumer", **wishes))


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_beginning_a_revision_without_a_complaint_is_accessible(open_as: OpenPage, screen: str):
    page = open_as("/revisions/new", screen=screen, language="en")
    clean(page)

    page.get_by_label("Account number").fill("12")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#error-summary")).to_be_visible()
    clean(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_figures_are_worked_out_proposed_and_approved(open_as: OpenPage, scripts: bool):
    page = open_as(PAGE, scripts=scripts, language="en", screen="desk")
    page.get_by_label("Current reading, as revised").fill("17088")
    page.get_by_role("button", name="Recalculate").click()
    expect(page.get_by_text("reduced by Rs four thousand forty-six and seventy paise").first).to_be_visible()
    expect(page.get_by_label("Current reading, as revised")).to_have_value("17088")

    page.get_by_label("Note to the consumer").fill("The photo shows 17088.")
    page.get_by_role("button", name="Propose ₹ 1,462.65").click()
    page.wait_for_url("**?done=propose")
    sdo = open_as(PAGE, "S1", scripts=scripts, language="en", screen="desk")
    sdo.get_by_role("button", name="Approve ₹ 1,462.65").click()
    sdo.wait_for_url("**?done=approve")

    assert the_request().status == "resolved"
    assert [bill.amount_paise for bill in rows(Bill) if bill.revises] == [1462_65]


def test_computing_in_place_reloads_no_page(open_as: OpenPage):
    page = open_as(PAGE, language="en", screen="desk")
    page.evaluate("window.isStillHere = true")

    page.get_by_label("Current reading, as revised").fill("17088")
    page.get_by_role("button", name="Recalculate").click()

    expect(page.get_by_text("−₹ 4,046.70").first).to_be_visible()
    assert page.evaluate("window.isStillHere") is True


def test_what_is_pressed_is_what_was_shown_while_typing(open_as: OpenPage):
    page = open_as(PAGE, language="en", screen="desk")
    page.get_by_label("Note to the consumer").fill("The photo shows 17088.")
    reading = page.get_by_label("Current reading, as revised")
    reading.fill("")
    reading.press_sequentially("17088", delay=40)

    expect(page.get_by_role("button", name="Propose ₹ 1,462.65")).to_be_visible()
    expect(reading).to_be_focused()
    expect(reading).to_have_value("17088")
    page.get_by_role("button", name="Propose").click()
    page.wait_for_url("**?done=propose")

    assert the_proposal().revised_paise == 1462_65


def test_a_typed_reading_is_seen_to_decide_the_basis(open_as: OpenPage, home: Household):
    with transaction() as session:
        session.get(Bill, home.bill_no).bill_basis = "PROV"  # type: ignore[union-attr]
    page = open_as(PAGE, language="en", screen="desk")

    page.get_by_label("Current reading, as revised").fill("176880")

    expect(page.get_by_text("You typed a reading")).to_be_visible()
    expect(page.get_by_label("Basis, as revised")).to_have_value("MU")
    expect(page.get_by_label("I have checked that this is right")).to_be_visible()
    clean(page)


def test_an_approval_of_what_has_changed_shows_both_versions(open_as: OpenPage, home: Household):
    proposed(home)
    page = open_as(PAGE, "S1", language="en", screen="desk")
    assert the_proposal()

    with transaction() as session:
        session.get(Bill, home.bill_no).arrears_paise = 77_00  # type: ignore[union-attr]

    page.get_by_role("button", name="Approve ₹ 1,462.65").click()

    expect(page.get_by_role("heading", name="What you saw")).to_be_visible()
    clean(page)
