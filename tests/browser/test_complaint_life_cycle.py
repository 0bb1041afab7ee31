"""A complaint from its form to its confirmed end in real browsers: consumer, clerk, SDO, EE, SE and 1912."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.factories import Household, a_household, bill_correction, given
from tests.fixtures.bill_revision import tariff_and_limits
from tests.fixtures.browser_visitor import BrowserVisitor, UsageCount
from tests.fixtures.browsers import OpenPage, log_in_staff_browser
from tests.fixtures.complaint_handling import path_of, rows, staff_of_the_office
from tests.fixtures.consumer_session import form_of
from tests.fixtures.helpdesk_calls import helpdesk_staff, otp_of
from tests.fixtures.site import LiveSite
from tests.fixtures.staff_login import code
from wss.db import transaction
from wss.models import Bill, Message, ServiceRequest

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
# The true reading of the meter; the bill said 26880. The change of Rs 66,782 exceeds the SDO's limit of Rs 25,000.
RIGHT, REVISED = "17088", "1,462.65"
TOLD = "call_confirm_otp call_otp closed question reopened request_registered resolved_not_needed resolved_revised"
At = Callable[[str], BrowserVisitor]


@pytest.fixture
def home(live_site: LiveSite) -> Household:
    """Provide a household with a bill of ten thousand units, and the offices above it."""
    given(*bill_correction())
    own = a_household()
    staff_of_the_office()
    given(*helpdesk_staff())
    tariff_and_limits()
    with transaction() as session:
        bill = session.get_one(Bill, own.bill_no)
        bill.previous_reading, bill.current_reading, bill.units = 16880, 26880, 10_000
        bill.fixed_charge_paise, bill.energy_charge_paise = 220_00, 64775_00
        bill.electricity_duty_paise, bill.amount_paise = 3249_75, 68244_75
    return own


@pytest.fixture
def open_staff_page(
    open_page: OpenPage, live_site: LiveSite, home: Household, browser_visitor: BrowserVisitor
) -> At:
    """Return a function that opens pages as an employee, with the consumer's language and with or without scripts."""

    def of(employee_id: str) -> BrowserVisitor:
        page = open_page(
            "/staff/login", screen="desk", scripts=browser_visitor.scripts, language=browser_visitor.language
        )
        log_in_staff_browser(page, live_site, employee_id, stepped_up=False)
        return BrowserVisitor(page, live_site, browser_visitor.language, browser_visitor.scripts)

    return of


def register(consumer: BrowserVisitor, home: Household) -> str:
    """Dispute the newest bill and return the complaint number on the screen."""
    consumer.is_logged_in(home.consumer)
    consumer.goes_to(form_of(home))
    consumer.page.check(f"[value='{home.bill_no}']")
    consumer.page.select_option("#reason", "wrong_reading")
    consumer.presses("#request-fields > .btn", reading_kwh="17246")
    consumer.presses("main form .btn")
    found = re.search(r"/requests/([0-9]{11})/registered", consumer.page.url)
    assert found is not None
    return found[1]


def take_step(officer: BrowserVisitor, number: str, action: str, **remark: str) -> None:
    """Open the request and the form of the step, and take the step."""
    officer.goes_to(f"/todo/{number}")
    form = f"form:has(input[name=action][value={action}])"
    if officer.page.locator(f"details:has({form})").count():
        officer.page.locator(f"details:has({form}) > summary").click()
    officer.presses(f"{form} .btn", **remark)


def propose_revision(officer: BrowserVisitor, number: str) -> None:
    """Enter the right reading, compute the revision and propose it."""
    officer.goes_to(f"/todo/{number}/revision")
    officer.page.fill("#current_reading-0", RIGHT)
    officer.page.select_option("#reason", "wrong_reading")
    officer.page.fill("#note", "The photo shows 17246.")
    officer.sends("button[name=preview]", f"button[name=propose]:has-text('{REVISED}')")
    officer.presses("button[name=propose]")


def approve(officer: BrowserVisitor, number: str, *, with_code: bool) -> None:
    """Look at the figures and approve them, with the authenticator's code if it is requested."""
    officer.goes_to(f"/todo/{number}/revision")
    officer.presses("form:has([name=figures_hash]) .btn")
    if with_code:
        officer.presses("main form .btn", code=code())


def the_request() -> ServiceRequest:
    [found] = rows(ServiceRequest)
    return found


def propose_nothing(officer: BrowserVisitor, number: str) -> None:
    """Propose that the bill stays unchanged."""
    officer.goes_to(f"/todo/{number}")
    officer.page.locator("details:has(#propose-remark) > summary").click()
    officer.page.check("[name=resolution][value=not_needed]")
    officer.presses("form:has(#propose-remark) .btn", **{"propose-remark": "The load is right as it is."})


def answer_by_link(consumer: BrowserVisitor) -> None:
    """Open the link in the SMS, read the question and answer it in words and with a photo."""
    consumer.goes_to(path_of("question"))
    consumer.sees("Send a photo of the meter.")
    consumer.chooses_a_photo()
    consumer.presses("main form .btn", remark="Here it is.")
    consumer.reads("Your answer has been sent to the office.")


def cannot_approve(officer: BrowserVisitor, number: str, why: str, **values: str) -> None:
    """Assert that the figures and the reason are shown, and no button."""
    officer.goes_to(f"/todo/{number}/revision")
    officer.reads(why, **values)
    expect(officer.page.locator("[name=figures_hash]")).to_have_count(0)


def refuse_by_link(consumer: BrowserVisitor) -> None:
    """Assert that the decision is shown above the question, and answer that the complaint is not settled."""
    consumer.goes_to(path_of("resolved"))
    for words in ("68,244.75", REVISED, "The photo shows 17246."):
        consumer.sees(words)
    consumer.page.locator("details:has(#remark) > summary").click()
    consumer.presses("button[value=refuse]", remark="The load is wrong too.")


def confirm_at_1912(helpdesk: BrowserVisitor, number: str) -> None:
    """Open a call, verify the caller, read out the decision, and record the caller's answer with a separate code."""
    helpdesk.goes_to("/helpdesk")
    helpdesk.page.check("[name=call_reason][value=status]")
    helpdesk.presses("main form .btn", q=number)
    helpdesk.presses("form:has([value=send_otp]) .btn")
    helpdesk.presses("form:has([value=verify]) .btn", otp=otp_of("call_otp"))
    helpdesk.sees("The load is right as it is.")
    form = "form:has([value=confirm_resolution])"
    details = helpdesk.page.locator(f"details:has({form})")
    if details.get_attribute("open") is None:
        details.locator("summary").first.click()
    helpdesk.page.check(f"{form} [name=answer][value=confirm]")
    # Only one code a minute is sent to a number.
    helpdesk.waits(minutes=2)
    helpdesk.presses(f"{form} .btn")
    helpdesk.presses(f"{form} .btn", **{f"otp-{number}": otp_of("call_confirm_otp")})


def test_a_complaint_is_worked_to_its_confirmed_end(
    browser_visitor: BrowserVisitor, home: Household, open_staff_page: At
):
    clerk, sdo, ee, se = (
        open_staff_page("C1"),
        open_staff_page("S1"),
        open_staff_page("E1"),
        open_staff_page("X1"),
    )
    tally = UsageCount(browser_visitor.page)
    number = register(browser_visitor, home)
    take_step(clerk, number, "take_up")
    take_step(clerk, number, "ask", **{"ask-remark": "Send a photo of the meter."})
    answer_by_link(browser_visitor)
    clerk.goes_to(f"/todo/{number}/documents")
    clerk.sees("meter.jpg")

    propose_revision(clerk, number)
    cannot_approve(clerk, number, "You proposed this. Another officer must decide.")
    post = sdo.says("Executive engineer")
    cannot_approve(sdo, number, "This is above your limit. The %(post)s must approve it.", post=post)
    approve(ee, number, with_code=True)
    assert (the_request().status, the_request().approved_by) == ("resolved", "E1")

    refuse_by_link(browser_visitor)
    assert (the_request().status, the_request().holder_role) == ("reopened", "se")
    take_step(se, number, "take_up")
    propose_nothing(sdo, number)
    take_step(ee, number, "approve")

    helpdesk = open_staff_page("H1")
    confirm_at_1912(helpdesk, number)
    helpdesk.leaves()
    assert (the_request().status, the_request().closing) == ("closed", "confirmed")
    if browser_visitor.scripts:
        print(f"\nthe consumer's part of the loop: {tally}")
    reported = sorted((one.notice, one.language) for one in rows(Message) if one.channel == "sms")
    assert reported == [(notice, home.consumer.language if home.consumer else "") for notice in TOLD.split()]
