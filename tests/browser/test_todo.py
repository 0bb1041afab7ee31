"""A clerk works through the To-Do list by keyboard, and officers' pages fit their screens, in Hindi and English."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.factories import (
    ACCOUNT_NO,
    OFFICE,
    a_household,
    a_service_request,
    bill_correction,
    given,
)
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import CLERK, SDO, office_acts, staff_of_the_office, the_request
from tests.fixtures.page_checks import faults_of
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss import clock
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.domain.lifecycle import Action
from wss.models import Office, Staff
from wss.services.requests.saved_filters import save_filter

pytestmark = pytest.mark.sqlite_only("what the browser shows does not depend on the database")
NUMBERS = [complaint_no_from(1_000_000_900 + number) for number in range(7)]
PEOPLE = (("Pooja Sharma", 0), ("Meena Chauhan", 1), ("शकुन्तला देवी", 2), ("Rajesh Agarwal", 3))
Desk = Callable[..., Page]


@pytest.fixture
def open_staff_page(live_site: LiveSite, open_as_staff: OpenPage) -> Desk:
    """Return a function that opens pages as an employee.

    There are seven requests: late, escalated, with an open question, proposed.
    """
    given(*bill_correction())
    for number, complaint in enumerate(NUMBERS):
        name = PEOPLE[number % len(PEOPLE)][0]
        household = a_household(f"{int(ACCOUNT_NO) + number}", consumer_name=name)
        today = clock.local_date(clock.now())
        a_service_request(household, complaint, promised_on=today + timedelta(days=2 * number - 3))
    staff_of_the_office()
    given(Staff(employee_id="C2", name="Suresh Verma", role="billing_clerk", office_code=OFFICE))
    with transaction() as session:
        session.get_one(Staff, "C1").name = "Anil Kumar Verma"
        session.merge(the_request(NUMBERS[0])).escalation_level = 2
    for number in NUMBERS[1:5]:
        office_acts(CLERK, Action.TAKE_UP, number)
    office_acts(CLERK, Action.ASK, NUMBERS[2])
    office_acts(CLERK, Action.PROPOSE, NUMBERS[3])

    def opened(path: str, employee_id: str = "S1", **wishes: object) -> Page:
        return open_as_staff(employee_id, path, **wishes)

    return opened


@pytest.mark.parametrize(("language", "screen"), [("hi", "phone"), ("en", "desk")])
def test_officers_pages_fit_the_screen_and_are_accessible(open_staff_page: Desk, language: str, screen: str):
    page, faults = open_staff_page("/todo", language=language, screen=screen), []
    save_filter(SDO, "अंक आगे-पीछे", {"user": "all", "sort": "verdict", "photo": "no"})
    places = {
        "list": "/todo?user=all",
        "wrong": "/todo?user=all&start=yesterday&account_no=1",
        "sorted": "/todo?user=all&sort=verdict&photo=no",
        "filters": "/todo/filters",
        "pending": "/pending",
        "open": f"/todo/{NUMBERS[1]}",
        "proposed": f"/todo/{NUMBERS[3]}",
        "asked": f"/todo/{NUMBERS[2]}",
        "keys": f"/todo/{NUMBERS[1]}/keys",
        "documents": f"/todo/{NUMBERS[1]}/documents",
        "timeline": f"/todo/{NUMBERS[3]}/timeline",
        "reveal": f"/todo/{NUMBERS[1]}/reveal",
    }

    for name, path in places.items():
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        faults += faults_of(page, f"todo-{name}-{language}-{screen}")

    none_of(faults)


def test_a_clerk_goes_through_the_list_by_keyboard_and_back_to_the_same_line(open_staff_page: Desk):
    page = open_staff_page("/todo?user=all", "C1", language="en", screen="desk")
    lines = page.locator("a[id^=r-]")

    page.keyboard.press("j")
    expect(lines.nth(0)).to_be_focused()
    for key in "jjk":
        page.keyboard.press(key)
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("o")
    page.wait_for_url(re.compile(rf"/todo/{NUMBERS[1]}\?list="))
    page.go_back()

    page.wait_for_url(f"**/todo?user=all#r-{NUMBERS[1]}")
    expect(lines.nth(1)).to_be_focused()


def test_the_link_back_leads_to_the_same_line(open_staff_page: Desk):
    page = open_staff_page("/todo?user=all", "C1", language="en", screen="desk")
    page.locator("a[id^=r-]").nth(4).click()
    page.wait_for_url(re.compile(rf"/todo/{NUMBERS[4]}\?list="))
    page.get_by_role("link", name="Timeline").click()
    page.wait_for_url(re.compile(r"/timeline\?list="))

    page.locator("a.back").click()

    page.wait_for_url(f"**/todo?user=all#r-{NUMBERS[4]}")
    expect(page.locator("a[id^=r-]").nth(4)).to_be_focused()


def test_slash_leads_to_the_account_number_and_letters_stay_letters_there(open_staff_page: Desk):
    page = open_staff_page("/todo?user=all", "C1", language="en", screen="desk")

    page.keyboard.press("/")
    page.keyboard.type("jk/o1")

    expect(page.locator("#f-account_no")).to_be_focused()
    expect(page.locator("#f-account_no")).to_have_value("jk/o1")


def test_the_keys_can_be_switched_off(open_staff_page: Desk):
    page = open_staff_page("/todo?user=all", "C1", language="en", screen="desk")

    page.get_by_role("button", name="Turn off keyboard shortcuts").click()
    page.keyboard.press("j")

    expect(page.get_by_role("button", name="Turn on keyboard shortcuts")).to_be_focused()


def test_a_filter_changes_the_list_and_the_address_without_a_new_page(open_staff_page: Desk):
    page = open_staff_page("/todo?user=all", language="en", screen="desk")
    page.evaluate("window.same = true")

    page.select_option("#f-status", "proposed")
    page.get_by_role("button", name="Show").click()

    expect(page.locator("a[id^=r-]")).to_have_count(1)
    page.wait_for_url("**status=proposed**")
    assert page.evaluate("window.same")
    page.keyboard.press("j")
    expect(page.locator("a[id^=r-]").first).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_request_is_worked_by_two_with_and_without_scripts(open_staff_page: Desk, scripts: bool):
    clerk = open_staff_page(
        "/todo?user=all&status=registered", "C1", language="en", screen="desk", scripts=scripts
    )
    clerk.locator(f"#r-{NUMBERS[5]}").click()
    clerk.get_by_role("button", name="Take up").click()
    clerk.locator("summary", has_text="Propose a decision").click()
    clerk.get_by_label("No revision is needed").check()
    clerk.locator("#propose-remark").fill("The reading on the photo is the reading on the bill.")
    clerk.get_by_role("button", name="Propose a decision").click()
    expect(clerk.locator("#done")).to_contain_text("The proposal was sent to the Sub-divisional officer")

    sdo = open_staff_page(f"/todo/{NUMBERS[5]}", "S1", language="en", screen="desk", scripts=scripts)
    sdo.get_by_role("button", name="Approve").click()

    expect(sdo.locator("#done")).to_contain_text("Decided: no revision is needed")
    assert the_request(NUMBERS[5]).approved_by == SDO.id


def test_after_a_step_the_next_request_is_one_key_away(open_staff_page: Desk):
    page = open_staff_page(f"/todo/{NUMBERS[1]}?list=/todo?user%3Dall", "C1", language="en", screen="desk")
    page.locator("summary", has_text="Ask the consumer").click()
    page.locator("#ask-remark").fill("Which meter?")
    page.get_by_role("button", name="Ask the consumer").click()
    expect(page.locator("#done")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(rf"/todo/{NUMBERS[3]}\?list=/todo\?user%3Dall"))


def test_a_pooled_queue_assigns_the_next_request(open_staff_page: Desk):
    with transaction() as session:
        session.get_one(Office, OFFICE).pooled = True
    page = open_staff_page("/todo", "C2", language="hi", screen="desk")

    with page.expect_navigation():
        page.get_by_role("button", name="अगला अनुरोध लें").click()

    assert page.url.endswith(f"/todo/{NUMBERS[0]}?done=take_up")
