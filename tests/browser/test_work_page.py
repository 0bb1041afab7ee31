"""A clerk's morning on the work page: twenty requests by keyboard; the page fits its screens and needs no script."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.factories import (
    ACCOUNT_NO,
    Household,
    a_bill,
    a_household,
    a_service_request,
    bill_correction,
    given,
)
from tests.fixtures.bill_revision import tariff_and_limits
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import rows, staff_of_the_office
from tests.fixtures.page_checks import faults_of
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss.db import transaction
from wss.domain.identifiers import complaint_no_from
from wss.models import Bill, CannedTextRow, Revision, ServiceRequest
from wss.queries.reference import bump_reference_version

pytestmark = pytest.mark.sqlite_only("what the browser does is the same on both databases")
REQUESTS, EVERY_FIFTH = 20, 5
NUMBERS = [complaint_no_from(1_000_000_900 + place) for place in range(REQUESTS)]
# Measured with the request and revision pages: opening, taking up, "use these figures", proposing, and the list again.
BEFORE = "before: 7 pages, 8 fields, 46 keys for each request"


def disputed(place: int) -> Household:
    """Insert a household with a bill of 9018 for 1098; every fifth one gave no reading, so that nothing is sure."""
    home = a_household(f"{int(ACCOUNT_NO) + place}")
    july = {"period_from": date(2026, 7, 1), "period_to": date(2026, 7, 31), "bill_month": "2026-07"}
    given(a_bill(f"2010000{place:05d}", home.account_no, previous_reading=700, current_reading=800, **july))
    with transaction() as session:
        bill = session.get_one(Bill, home.bill_no)
        bill.previous_reading, bill.current_reading, bill.units = 1000, 9018, 8018
    fields = {"reason": "wrong_reading", "bill_no": [home.bill_no]}
    reading = {} if place % EVERY_FIFTH == 0 else {"reading_kwh": 1177}
    promised_on = date(2026, 12, 2) + timedelta(days=place)
    a_service_request(home, NUMBERS[place], fields=fields | reading, promised_on=promised_on)
    return home


def prepare(how_many: int) -> None:
    given(*bill_correction())
    for place in range(how_many):
        disputed(place)
    staff_of_the_office()
    tariff_and_limits()
    given(a_question("q1", "Send a photo.", "फ़ोटो भेजें।"), a_question("q2", "Which day?", "कौन सी तारीख़ थी?"))
    with transaction():
        bump_reference_version()


def a_question(code: str, text: str, text_hi: str) -> CannedTextRow:
    return CannedTextRow(code=code, purpose="question", name=code, name_hi=code, text=text, text_hi=text_hi)


class CountedKeys:
    """Presses keys on a page, and counts them and the pages that they open."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.pages = page, 0, 0
        page.on("domcontentloaded", self._count)

    def _count(self, _page: Page) -> None:
        self.pages += 1

    def press(self, *names: str) -> None:
        """Press keys, the last of which opens a page."""
        for name in names[:-1]:
            self.page.keyboard.press(name)
        with self.page.expect_navigation():
            self.page.keyboard.press(names[-1])
        self.keys += len(names)


def test_a_clerk_settles_twenty_requests_with_a_page_and_two_keys_each_at_most(
    live_site: LiveSite, open_as_staff: OpenPage
):
    prepare(REQUESTS)
    page = open_as_staff("C1", "/todo", language="en", screen="desk")
    counted = CountedKeys(page)
    page.goto("/work")

    for place in range(REQUESTS):
        counted.press(*(("q", "Enter") if place % EVERY_FIFTH == 0 else ("Enter",)))

    expect(page.get_by_role("heading", name="No request is waiting for you")).to_be_visible()
    each = counted.pages / REQUESTS, counted.keys / REQUESTS
    print(f"{BEFORE}; now {each[0]:.2f} pages, {each[1]:.2f} keys, no field")
    assert (len(rows(Revision)), each[0] <= 1.1, each[1] <= 1.3) == (16, True, True)
    assert [one.status for one in rows(ServiceRequest)].count("info_requested") == REQUESTS - len(
        rows(Revision)
    )


def test_keys_choose_a_text_and_are_letters_in_a_field(live_site: LiveSite, open_as_staff: OpenPage):
    prepare(2)
    page = open_as_staff("C1", f"/todo/{NUMBERS[0]}/work", language="en", screen="desk")

    page.keyboard.press("q")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#ask-remark")).to_have_value("Which day?")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.type(" nreq?")

    expect(page.locator("#ask-remark")).to_have_value("Which day? nreq?")
    page.locator("#ask-remark").blur()
    with page.expect_navigation():
        page.keyboard.press("n")
    assert f"/todo/{NUMBERS[1]}/work" in page.url


@pytest.mark.parametrize(
    ("language", "screen", "scripts"),
    [("hi", "keypad", False), ("hi", "phone", True), ("en", "desk", True)],
)
def test_the_work_page_fits_and_is_accessible(
    live_site: LiveSite, open_as_staff: OpenPage, language: str, screen: str, scripts: bool
):
    prepare(2)
    page = open_as_staff("C1", f"/todo/{NUMBERS[1]}/work", language=language, screen=screen, scripts=scripts)
    for summary in page.locator("summary").all():
        summary.click()

    none_of(faults_of(page, f"work-{language}-{screen}", scripts=scripts))
    page.locator("button[data-key=Enter]").click()
    page.wait_for_url("**did=propose**")
    none_of(faults_of(page, f"worked-{language}-{screen}", scripts=scripts))
