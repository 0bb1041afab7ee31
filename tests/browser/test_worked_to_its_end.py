"""A complaint from its form to its confirmed end: consumer, clerk, SDO and EE, each in a real browser of their own."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.factories import Household, a_household, bill_correction, given
from tests.fixtures.at_home import form_of
from tests.fixtures.browsers import OpenPage, let_in_staff
from tests.fixtures.officers import path_of, rows, staff_of_the_office
from tests.fixtures.revising import tariff_and_limits
from tests.fixtures.site import LiveSite
from tests.fixtures.staff_at_the_door import code
from tests.fixtures.walker import Walker
from wss.db import transaction
from wss.models import Bill, Message, ServiceRequest

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
# What the meter really showed; the bill said 26880. The change of Rs 66,782 is over the SDO's limit of Rs 25,000.
RIGHT, REVISED = "17088", "1,462.65"
At = Callable[[str], Walker]


@pytest.fixture
def home(live_site: LiveSite) -> Household:
    """A household with a bill of ten thousand units, and the offices above it."""
    given(*bill_correction())
    own = a_household()
    staff_of_the_office()
    tariff_and_limits()
    with transaction() as session:
        bill = session.get_one(Bill, own.bill_no)
        bill.previous_reading, bill.current_reading, bill.units = 16880, 26880, 10_000
        bill.fixed_charge_paise, bill.energy_charge_paise = 220_00, 64775_00
        bill.electricity_duty_paise, bill.amount_paise = 3249_75, 68244_75
    return own


@pytest.fixture
def at_desk(open_page: OpenPage, live_site: LiveSite, home: Household, walker: Walker) -> At:
    """An employee of the chain at a desk, in the consumer's manner: language, scripts or none."""

    def of(employee_id: str) -> Walker:
        page = open_page("/staff/login", screen="desk", scripts=walker.scripts, language=walker.language)
        let_in_staff(page, live_site, employee_id, stepped_up=False)
        return Walker(page, live_site, walker.language, walker.scripts)

    return of


def register(consumer: Walker, home: Household) -> str:
    """Dispute the newest bill; the complaint number on the screen."""
    consumer.is_let_in(home.consumer)
    consumer.goes_to(form_of(home))
    consumer.page.check(f"[value='{home.bill_no}']")
    consumer.page.select_option("#reason", "wrong_reading")
    consumer.presses("#request-fields > .btn", reading_kwh="17246")
    consumer.presses("main form .btn")
    found = re.search(r"/requests/([0-9]{11})/registered", consumer.page.url)
    assert found is not None
    return found[1]


def take_step(officer: Walker, number: str, action: str, **remark: str) -> None:
    """Open the request, the step, and take it."""
    officer.goes_to(f"/todo/{number}")
    form = f"form:has(input[name=action][value={action}])"
    if officer.page.locator(f"details:has({form})").count():
        officer.page.locator(f"details:has({form}) > summary").click()
    officer.presses(f"{form} .btn", **remark)


def propose_revision(officer: Walker, number: str) -> None:
    """Put in the right reading, have it worked out, propose."""
    officer.goes_to(f"/todo/{number}/revision")
    officer.page.fill("#current_reading-0", RIGHT)
    officer.page.select_option("#reason", "wrong_reading")
    officer.page.fill("#note", "The photo shows 17246.")
    officer.sends("button[name=preview]", f"button[name=propose]:has-text('{REVISED}')")
    officer.presses("button[name=propose]")


def approve(officer: Walker, number: str, *, with_code: bool) -> None:
    """Look at the figures, approve them; the authenticator's code on the way when it is asked for."""
    officer.goes_to(f"/todo/{number}/revision")
    officer.presses("form:has([name=figures_hash]) .btn")
    if with_code:
        officer.presses("main form .btn", code=code())
        officer.goes_to(f"/todo/{number}/revision")
        officer.presses("form:has([name=figures_hash]) .btn")


def the_request() -> ServiceRequest:
    [found] = rows(ServiceRequest)
    return found


def propose_nothing(officer: Walker, number: str) -> None:
    """Propose that the bill stays."""
    officer.goes_to(f"/todo/{number}")
    officer.page.locator("details:has(#propose-remark) > summary").click()
    officer.page.check("[name=resolution][value=not_needed]")
    officer.presses("form:has(#propose-remark) .btn", **{"propose-remark": "The load is right as it is."})


def answer_with_a_photo(consumer: Walker, number: str) -> None:
    """Read the question on the timeline and answer it there."""
    consumer.goes_to(f"/requests/{number}")
    consumer.sees("Send a photo of the meter.")
    consumer.chooses_a_photo("form:has(#answer-remark) [type=file]")
    consumer.sends("form:has(#answer-remark) .btn", "#request, main", **{"answer-remark": "Here it is."})
    expect(consumer.page.locator("#answer-remark")).to_have_count(0)


def cannot_approve(officer: Walker, number: str, why: str, **values: str) -> None:
    """See the figures, no button, and the reason."""
    officer.goes_to(f"/todo/{number}/revision")
    officer.reads(why, **values)
    expect(officer.page.locator("[name=figures_hash]")).to_have_count(0)


def refuse(consumer: Walker, number: str) -> None:
    """See both bills on the timeline, and say that it is not settled."""
    consumer.goes_to(f"/requests/{number}")
    consumer.sees("68,244.75")
    consumer.sees(REVISED)
    consumer.page.locator("details:has(#refuse-remark) > summary").click()
    consumer.sends("button[value=refuse]", "main", **{"refuse-remark": "The load is wrong too."})
    consumer.reads("Reopened")


def test_a_complaint_is_worked_to_its_confirmed_end(walker: Walker, home: Household, at_desk: At):
    clerk, sdo, ee = at_desk("C1"), at_desk("S1"), at_desk("E1")
    number = register(walker, home)
    take_step(clerk, number, "take_up")
    take_step(clerk, number, "ask", **{"ask-remark": "Send a photo of the meter."})
    answer_with_a_photo(walker, number)
    clerk.goes_to(f"/todo/{number}/documents")
    clerk.sees("meter.jpg")

    propose_revision(clerk, number)
    cannot_approve(clerk, number, "You proposed this: another officer decides.")
    post = sdo.says("Executive engineer")
    cannot_approve(sdo, number, "This is over your limit: %(post)s approves.", post=post)
    approve(ee, number, with_code=True)
    assert (the_request().status, the_request().approved_by) == ("resolved", "E1")

    refuse(walker, number)
    assert (the_request().status, the_request().holder_role) == ("reopened", "se")
    take_step(sdo, number, "take_up")
    propose_nothing(sdo, number)
    take_step(ee, number, "approve")

    walker.goes_to(path_of("resolved"))
    walker.presses("button[value=confirm]")
    assert (the_request().status, the_request().closing) == ("closed", "confirmed")
    told = sorted((one.notice, one.language) for one in rows(Message) if one.channel == "sms")
    notices = [
        "closed",
        "question",
        "reopened",
        "request_registered",
        "resolved_not_needed",
        "resolved_revised",
    ]
    assert told == [(notice, home.consumer.language if home.consumer else "") for notice in notices]
