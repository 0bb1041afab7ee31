"""Inline documents in a real browser: the strict content policy still allows pictures."""

import pytest

from tests.factories import a_household, a_service_request, bill_correction, given
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import NUMBER, staff_of_the_office
from tests.fixtures.page_checks import overflow_faults
from tests.fixtures.site import LiveSite
from tests.gateways.everyday_pdfs import many
from tests.project.tree import none_of

pytestmark = pytest.mark.sqlite_only("what a browser shows does not depend on the database")
NOT_SHOWN = "[...document.images].filter(each => !each.complete || !each.naturalWidth).map(each => each.src)"


def test_the_pages_of_a_pdf_are_shown_to_consumer_and_clerk(
    open_as_consumer: OpenPage, open_as_staff: OpenPage, live_site: LiveSite
):
    given(*bill_correction())
    own = a_household()
    staff_of_the_office()
    a_service_request(own, NUMBER)
    open_consumer_page = open_as_consumer(own.consumer, f"/requests/{NUMBER}", screen="keypad")
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": many(2)}
    open_consumer_page.set_input_files("#documents", letter)
    open_consumer_page.click("form:has(#documents) .btn")
    open_consumer_page.wait_for_selector("a[href*='/page/2']")
    open_staff_page = open_as_staff("C1", f"/todo/{NUMBER}/documents", screen="phone")

    for page, pictures in ((open_consumer_page, 1), (open_staff_page, 3)):
        for picture in page.locator("main img").all():
            picture.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        assert page.locator("main img").count() == pictures
        none_of(page.evaluate(NOT_SHOWN) + overflow_faults(page))
    open_consumer_page.click("a[href*='/page/2']")
    open_consumer_page.screenshot()
    assert open_consumer_page.evaluate(NOT_SHOWN) == []
