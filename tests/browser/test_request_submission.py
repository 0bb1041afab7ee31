"""Lodging requests, in both languages, with and without scripts: every kind, bills, drafts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, Household, a_household, a_service_request
from tests.fixtures.browser_visitor import BrowserVisitor
from tests.fixtures.complaint_handling import NUMBER
from tests.fixtures.consumer_session import form_of
from tests.fixtures.packaged_tables import CATALOGUE, FOLDER, SUBDIVISION
from tests.fixtures.registration import solved_for_page, token_in
from wss.domain.extracts import EXTRACTS
from wss.services.reference.imports import ImportOrder, import_extract
from wss.web.filters import complaint_no

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
TYPED = {
    "bill_no_typed": "S{account}1",
    "reading_kwh": "१,०५०",
    "paid_amount": "₹ 750",
    "paid_on": "18-11-2026",
    "new_name": "मीना शर्मा",
    "new_address": "734, Ansaripur",
    "pincode": "289947",
    "new_load_kw": "7.5",
    "remarks": "मीटर घर के बाहर है।",
}
SEND = "#request-fields > .btn"


@pytest.fixture
def home(browser_visitor: BrowserVisitor) -> Household:
    """Provide a household of a packaged office, whose consumer is logged in."""
    for table in EXTRACTS:
        if table in ("offices", "catalogue", "reasons", "tariff"):
            assert import_extract(ImportOrder(table, FOLDER / f"{table}.csv")).written
    own = a_household(subdivision_code=SUBDIVISION)
    browser_visitor.is_logged_in(own.consumer)
    return own


def answers(browser_visitor: BrowserVisitor, home: Household, kind: dict[str, str]) -> None:
    """Fill in every field that the form of this kind has."""
    asked = kind["fields"].split()
    browser_visitor.fills_in(**{name: TYPED[name] for name in asked if name in TYPED})
    if "bill_no" in asked:
        browser_visitor.page.check(f"[value='{home.bills[0].bill_no}']")
    if "reason" in asked:
        browser_visitor.page.select_option("#reason", kind["reasons"].split()[-1])
    if "new_category" in asked:
        browser_visitor.page.select_option("#new_category", index=1)
    if "documents" in asked:
        browser_visitor.chooses_a_photo()


def test_every_kind_of_the_catalogue_is_asked_for(browser_visitor: BrowserVisitor, home: Household):
    # Half of them in each mode, so that each is tested in both languages, with scripts and without.
    for kind in CATALOGUE[(browser_visitor.language == "hi") ^ browser_visitor.scripts :: 2]:
        name = kind["name_hi"] if browser_visitor.language == "hi" else kind["name"]
        browser_visitor.goes_to(f"/account/{home.account_no}/requests/new")
        browser_visitor.presses(f"a[href*='request={kind['code']}']")
        browser_visitor.sees(name, "h1")
        answers(browser_visitor, home, kind)
        browser_visitor.presses(SEND)
        browser_visitor.sees(name, "dl")
        if "documents" in kind["fields"].split():
            browser_visitor.sees("meter.jpg", "dl")

        browser_visitor.presses("main form .btn")

        expect(browser_visitor.page.locator("#done")).to_be_visible()
        expect(browser_visitor.page.locator("#no")).to_be_visible()


def test_missing_input_is_reported_and_the_draft_is_on_the_account_page(
    browser_visitor: BrowserVisitor, home: Household
):
    browser_visitor.goes_to(form_of(home, "PAYMENT_NOT_POSTED"))

    browser_visitor.sends(SEND, "#error-summary", paid_amount="plenty", remarks="मीटर घर के बाहर है।")

    browser_visitor.reads("Choose the bill that is wrong, or type its number", "#bill_no")
    browser_visitor.reads("Enter the payment date", "#paid_on-e")
    expect(browser_visitor.page.locator("#paid_amount")).to_have_value("plenty")
    browser_visitor.goes_to("/account")
    browser_visitor.reads("Continue", "main .note")
    browser_visitor.presses("main .note a")
    expect(browser_visitor.page.locator("#remarks")).to_have_value("मीटर घर के बाहर है।")


def test_kvah_is_asked_for_only_where_it_is_billed(browser_visitor: BrowserVisitor, home: Household):
    mill = a_household("7950761939", registered=True, billing_unit="kVAh", subdivision_code=SUBDIVISION)
    browser_visitor.goes_to(form_of(home))
    expect(browser_visitor.page.locator("#reading_kwh")).to_be_visible()
    expect(browser_visitor.page.locator("#reading_kvah, #demand_kva")).to_have_count(0)
    browser_visitor.is_logged_in(mill.consumer)
    browser_visitor.goes_to(form_of(mill))
    browser_visitor.page.check(f"[value='{mill.bill_no}']")
    browser_visitor.page.select_option("#reason", "other")

    browser_visitor.presses(SEND, reading_kwh="1000", reading_kvah="1200.7", demand_kva="12.5")

    browser_visitor.sees("1200", "dl")
    browser_visitor.sees("12.5", "dl")


def test_several_bills_chosen_and_typed_make_one_complaint(browser_visitor: BrowserVisitor, home: Household):
    first, *others = home.bills
    browser_visitor.goes_to(form_of(home))
    for bill in others:
        browser_visitor.page.check(f"[value='{bill.bill_no}']")
    browser_visitor.page.select_option("#reason", "other")
    browser_visitor.sends(SEND, "#error-summary", bill_no_typed="NOSUCH")
    browser_visitor.reads(
        "We cannot find this bill for this connection. Check the number on the bill.", "#bill_no_typed-e"
    )

    browser_visitor.presses(SEND, bill_no_typed=str(first.sbm_bill_no))

    for bill in home.bills:
        browser_visitor.sees(bill.bill_no, "dl")
    browser_visitor.presses("main form .btn")
    browser_visitor.reads("Complaint registered", "#done")


def test_a_bill_that_is_in_a_complaint_leads_there(browser_visitor: BrowserVisitor, home: Household):
    browser_visitor.goes_to(form_of(home))
    a_service_request(home, NUMBER)
    browser_visitor.page.check(f"[value='{home.bill_no}']")
    browser_visitor.page.select_option("#reason", "other")
    browser_visitor.sends(SEND, f".note.care a[href='/requests/{NUMBER}']")
    browser_visitor.reads(
        "The bill of %(month)s is already in a complaint. Open that complaint, or untick this bill.",
        "#bill_no",
        month=f"{browser_visitor.says('October')} 2026",
    )
    browser_visitor.goes_to(f"/account/{home.account_no}/bills/{home.bill_no}")
    browser_visitor.reads("This bill is in complaint %(number)s.", number=complaint_no(NUMBER))

    browser_visitor.goes_to(f"{form_of(home)}&bill_no={home.bill_no}")

    assert browser_visitor.site.path(browser_visitor.page.url) == f"/requests/{NUMBER}"
    browser_visitor.reads(
        "This bill is already in this complaint. You do not need another one for it. "
        "Another bill can have a complaint of its own.",
        "#done",
    )


def test_a_form_sent_after_the_session_ended_waits_behind_the_sign_in(
    browser_visitor: BrowserVisitor, home: Household
):
    browser_visitor.goes_to(form_of(home))
    browser_visitor.page.check(f"[value='{home.bill_no}']")
    browser_visitor.page.select_option("#reason", "other")
    _settled(browser_visitor)
    browser_visitor.waits(minutes=31)
    browser_visitor.presses(SEND, remarks="मीटर घर के बाहर है।")
    browser_visitor.reads("Log in", "h1")
    typed: dict[str, Any] = {"captcha-answer": solved_for_page(browser_visitor.page)}

    browser_visitor.presses(login=home.account_no, password=PASSWORD, **typed)

    expect(browser_visitor.page.locator("#remarks")).to_have_value("मीटर घर के बाहर है।")
    browser_visitor.presses(SEND)
    browser_visitor.sees("मीटर घर के बाहर है।", "dl")


def test_the_number_is_shown_large_printed_and_followed_by_its_short_link(
    browser_visitor: BrowserVisitor, home: Household
):
    browser_visitor.goes_to(f"{form_of(home)}&bill_no={home.bill_no}")
    browser_visitor.page.select_option("#reason", "other")
    _settled(browser_visitor)
    browser_visitor.presses(SEND)
    browser_visitor.presses("main form .btn")
    browser_visitor.sees("100 0000 0016", "#no")
    with browser_visitor.page.expect_download() as download:
        browser_visitor.page.locator("main a[href$='slip.pdf']").click()

    browser_visitor.page.emulate_media(media="print")

    expect(browser_visitor.page.locator("#no")).to_be_visible()
    expect(browser_visitor.page.locator("footer")).to_be_hidden()
    assert download.value.suggested_filename.endswith(".pdf")
    browser_visitor.page.emulate_media(media="screen")
    browser_visitor.page.context.clear_cookies(name="wss")
    browser_visitor.goes_to(f"/t/{token_in('request_registered')}")
    browser_visitor.reads("Status of your complaint", "h1")
    browser_visitor.reads("Registered", "main .tag")
    browser_visitor.does_not_see("Pooja", "body")


def _settled(browser_visitor: BrowserVisitor) -> None:
    """Wait for the automatic comparison with the bill, which may move the button down."""
    if browser_visitor.scripts:
        browser_visitor.page.wait_for_load_state("networkidle")
