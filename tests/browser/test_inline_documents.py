"""Documents are seen in place in a real browser: the strict rules of its content let pictures through."""

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
    consumer_visitor = open_as_consumer(own.consumer, f"/requests/{NUMBER}", screen="keypad")
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": many(2)}
    consumer_visitor.set_input_files("#documents", letter)
    consumer_visitor.click("form:has(#documents) .btn")
    consumer_visitor.wait_for_selector("a[href*='/page/2']")
    staff_visitor = open_as_staff("C1", f"/todo/{NUMBER}/documents", screen="phone")

    for page, pictures in ((consumer_visitor, 1), (staff_visitor, 3)):
        for picture in page.locator("main img").all():
            picture.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        assert page.locator("main img").count() == pictures
        none_of(page.evaluate(NOT_SHOWN) + overflow_faults(page))
    consumer_visitor.click("a[href*='/page/2']")
    consumer_visitor.screenshot()
    assert consumer_visitor.evaluate(NOT_SHOWN) == []
