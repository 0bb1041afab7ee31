"""Asking for something, in both languages, with and without scripts: every kind, bills, drafts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, Household, a_household, a_service_request
from tests.fixtures.browser_user import Walker
from tests.fixtures.complaint_handling import NUMBER
from tests.fixtures.consumer_session import form_of
from tests.fixtures.packaged_tables import CATALOGUE, FOLDER, SUBDIVISION
from tests.fixtures.registration import solved_for_page, token_in
from wss.domain.extracts import EXTRACTS
from wss.services.reference.imports import ImportOrder, import_extract

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
def home(walker: Walker) -> Household:
    """A household of a packaged office; its consumer is signed in."""
    for table in EXTRACTS:
        if table in ("offices", "catalogue", "reasons", "tariff"):
            assert import_extract(ImportOrder(table, FOLDER / f"{table}.csv")).written
    own = a_household(subdivision_code=SUBDIVISION)
    walker.is_let_in(own.consumer)
    return own


def answers(walker: Walker, home: Household, kind: dict[str, str]) -> None:
    """Fill in every field that the form of this kind has."""
    asked = kind["fields"].split()
    walker.fills_in(**{name: TYPED[name] for name in asked if name in TYPED})
    if "bill_no" in asked:
        walker.page.check(f"[value='{home.bills[0].bill_no}']")
    if "reason" in asked:
        walker.page.select_option("#reason", kind["reasons"].split()[-1])
    if "new_category" in asked:
        walker.page.select_option("#new_category", index=1)
    if "documents" in asked:
        walker.chooses_a_photo()


def test_every_kind_of_the_catalogue_is_asked_for(walker: Walker, home: Household):
    # Half of them in each manner, so that each is seen in both languages, with scripts and without.
    for kind in CATALOGUE[(walker.language == "hi") ^ walker.scripts :: 2]:
        name = kind["name_hi"] if walker.language == "hi" else kind["name"]
        walker.goes_to(f"/account/{home.account_no}/requests/new")
        walker.presses(f"a[href*='request={kind['code']}']")
        walker.sees(name, "h1")
        answers(walker, home, kind)
        walker.presses(SEND)
        walker.sees(name, "dl")
        if "documents" in kind["fields"].split():
            walker.sees("meter.jpg", "dl")

        walker.presses("main form .btn")

        walker.reads("Complaint registered", "#done")
        expect(walker.page.locator("#no")).to_be_visible()


def test_what_is_missing_is_told_and_what_was_begun_waits_on_the_account_page(
    walker: Walker, home: Household
):
    walker.goes_to(form_of(home, "PAYMENT_NOT_POSTED"))

    walker.sends(SEND, "#error-summary", paid_amount="plenty", remarks="मीटर घर के बाहर है।")

    walker.reads("Choose the bill that is wrong, or type its number", "#bill_no")
    walker.reads("Enter the day on which you paid", "#paid_on-e")
    expect(walker.page.locator("#paid_amount")).to_have_value("plenty")
    walker.goes_to("/account")
    walker.reads("Go on with it", "main .note")
    walker.presses("main .note a")
    expect(walker.page.locator("#remarks")).to_have_value("मीटर घर के बाहर है।")


def test_kvah_is_asked_for_only_where_it_is_billed(walker: Walker, home: Household):
    mill = a_household("7950761939", registered=True, billing_unit="kVAh", subdivision_code=SUBDIVISION)
    walker.goes_to(form_of(home))
    expect(walker.page.locator("#reading_kwh")).to_be_visible()
    expect(walker.page.locator("#reading_kvah, #demand_kva")).to_have_count(0)
    walker.is_let_in(mill.consumer)
    walker.goes_to(form_of(mill))
    walker.page.check(f"[value='{mill.bill_no}']")
    walker.page.select_option("#reason", "other")

    walker.presses(SEND, reading_kwh="1000", reading_kvah="1200.7", demand_kva="12.5")

    walker.sees("1200", "dl")
    walker.sees("12.5", "dl")


def test_several_bills_chosen_and_typed_make_one_complaint(walker: Walker, home: Household):
    first, *others = home.bills
    walker.goes_to(form_of(home))
    for bill in others:
        walker.page.check(f"[value='{bill.bill_no}']")
    walker.page.select_option("#reason", "other")
    walker.sends(SEND, "#error-summary", bill_no_typed="NOSUCH")
    walker.reads("This bill is not among the bills of this connection", "#bill_no_typed-e")

    walker.presses(SEND, bill_no_typed=str(first.sbm_bill_no))

    for bill in home.bills:
        walker.sees(bill.bill_no, "dl")
    walker.presses("main form .btn")
    walker.reads("Complaint registered", "#done")


def test_a_bill_that_is_in_a_complaint_leads_there(walker: Walker, home: Household):
    walker.goes_to(form_of(home))
    a_service_request(home, NUMBER)
    walker.page.check(f"[value='{home.bill_no}']")
    walker.page.select_option("#reason", "other")
    walker.sends(SEND, f".note.care a[href='/requests/{NUMBER}']")
    walker.reads("Bill %(bill)s is in a complaint already", "#bill_no", bill=home.bill_no)
    walker.goes_to(f"/account/{home.account_no}/bills/{home.bill_no}")
    walker.reads("This bill is in complaint")

    walker.goes_to(f"{form_of(home)}&bill_no={home.bill_no}")

    assert walker.site.path(walker.page.url) == f"/requests/{NUMBER}"
    walker.reads("This bill is in this complaint already. A second one is not needed.", "#done")


def test_a_form_sent_after_the_session_ended_waits_behind_the_sign_in(walker: Walker, home: Household):
    walker.goes_to(form_of(home))
    walker.page.check(f"[value='{home.bill_no}']")
    walker.page.select_option("#reason", "other")
    _settled(walker)
    walker.waits(minutes=31)
    walker.presses(SEND, remarks="मीटर घर के बाहर है।")
    walker.reads("Sign in", "h1")
    typed: dict[str, Any] = {"captcha-answer": solved_for_page(walker.page)}

    walker.presses(login=home.account_no, password=PASSWORD, **typed)

    expect(walker.page.locator("#remarks")).to_have_value("मीटर घर के बाहर है।")
    walker.presses(SEND)
    walker.sees("मीटर घर के बाहर है।", "dl")


def test_the_number_is_shown_large_printed_and_followed_by_its_short_link(walker: Walker, home: Household):
    walker.goes_to(f"{form_of(home)}&bill_no={home.bill_no}")
    walker.page.select_option("#reason", "other")
    _settled(walker)
    walker.presses(SEND)
    walker.presses("main form .btn")
    walker.sees("100 0000 0016", "#no")
    with walker.page.expect_download() as download:
        walker.page.locator("main a[href$='slip.pdf']").click()

    walker.page.emulate_media(media="print")

    expect(walker.page.locator("#no")).to_be_visible()
    expect(walker.page.locator("footer")).to_be_hidden()
    assert download.value.suggested_filename.endswith(".pdf")
    walker.page.emulate_media(media="screen")
    walker.page.context.clear_cookies(name="wss")
    walker.goes_to(f"/t/{token_in('request_registered')}")
    walker.reads("How your complaint stands", "h1")
    walker.reads("Registered", "main .tag")
    walker.does_not_see("Pooja", "body")


def _settled(walker: Walker) -> None:
    """With scripts the comparison with the bill comes by itself and may push the button down: wait for it."""
    if walker.scripts:
        walker.page.wait_for_load_state("networkidle")
