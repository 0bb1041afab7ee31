"""Ten approvals in a real browser, with pages, keys and taps counted: one after the other, and together."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.factories import update_rows
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import rows
from tests.fixtures.page_checks import accessibility_faults_once, html_faults, overflow_faults
from tests.fixtures.site import LiveSite
from tests.fixtures.staff_login import code
from tests.fixtures.waiting_proposals import a_waiting_proposal, an_office_that_approves
from tests.project.tree import none_of
from wss.models import Document, ServiceRequest
from wss.services.requests.draft_documents import storage_of

pytestmark = pytest.mark.sqlite_only("layout does not depend on the database")
QUEUE = "/approvals"


class CountedPage:
    """A page of the browser that counts what its reader does: documents loaded, keys pressed, taps."""

    def __init__(self, page: Page) -> None:
        self.page, self.pages, self.keys, self.taps = page, 1, 0, 0
        page.on("load", lambda _page: self._count_page())

    def _count_page(self) -> None:
        self.pages += 1

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def taps_on(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.taps += 1


def waiting(live_site: LiveSite, number: int) -> list[str]:
    """Insert proposals with a photo that can be shown."""
    an_office_that_approves()
    numbers = [a_waiting_proposal(each) for each in range(1, number + 1)]
    picture = BytesIO()
    Image.new("RGB", (640, 480), "gray").save(picture, "JPEG")
    store = storage_of(live_site.app.extensions["wss"].gateways).store
    update_rows(Document, storage_key=store.put(picture.getvalue(), "jpg"), size=len(picture.getvalue()))
    return numbers


def resolved() -> int:
    return len([one for one in rows(ServiceRequest) if one.status == "resolved"])


def clean(page: Page) -> None:
    none_of(accessibility_faults_once(page) + overflow_faults(page) + html_faults(page.content()))


def test_ten_approvals_take_two_pages_two_keys_each_and_one_code(
    open_as_staff: OpenPage, live_site: LiveSite
):
    numbers = waiting(live_site, 10)
    page = open_as_staff("S1", QUEUE, screen="desk", language="en", stepped_up=False)
    sdo = CountedPage(page)

    sdo.presses("j")
    for place, number in enumerate(numbers):
        sdo.presses("Enter")
        expect(page.locator(f"#d-{number} [data-open=ready]")).to_be_visible()
        sdo.presses("a")
        if place == 0:
            expect(page.locator("[name=code]")).to_be_focused()
            sdo.presses(*code(), "Enter")
            page.wait_for_url("**done=*")
        else:
            expect(page.locator(f"#d-{number}")).to_contain_text("Approved")
        if number != numbers[-1]:
            expect(page.locator(f"#r-{numbers[place + 1]}")).to_be_focused()

    print(f"10 approvals: {sdo.pages} pages, {sdo.keys} keys, {sdo.taps} taps")
    assert (resolved(), sdo.pages, sdo.keys, sdo.taps) == (10, 2, 28, 0)


@pytest.mark.parametrize(("language", "screen"), [("hi", "phone"), ("en", "desk")])
def test_opening_choosing_and_approving_together_is_accessible(
    open_as_staff: OpenPage, live_site: LiveSite, language: str, screen: str
):
    numbers = waiting(live_site, 2)
    page = open_as_staff("S1", QUEUE, screen=screen, language=language)
    sdo = CountedPage(page)
    clean(page)

    for number in numbers:
        sdo.taps_on(f"#r-{number}")
        expect(page.locator(f"#d-{number} [data-open=ready]")).to_be_visible()
        sdo.taps_on(f"#c-{number} input")
    clean(page)
    sdo.taps_on("#together button")
    page.locator("[name=code]").fill(code())
    clean(page)
    sdo.taps_on("main form button")
    expect(page.locator("h1")).to_contain_text("2")
    clean(page)

    assert (resolved(), sdo.pages, sdo.taps) == (2, 3, 6)


def test_without_scripts_the_queue_leads_from_one_to_the_next(open_as_staff: OpenPage, live_site: LiveSite):
    numbers = waiting(live_site, 2)
    page = open_as_staff("S1", QUEUE, screen="keypad", scripts=False, stepped_up=False)

    page.locator(f"#r-{numbers[0]}").click()
    page.locator("[data-approve]").click()
    page.locator("[name=code]").fill(code())
    page.locator("main form button").click()
    page.locator(f"#r-{numbers[1]}").click()
    page.locator("[data-approve]").click()

    assert resolved() == 2
