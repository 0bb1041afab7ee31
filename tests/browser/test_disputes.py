"""The dispute of a request registered on a call: by its consumer and for the help desk's supervisor.

On a phone without scripts and on a desktop with them.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import ACCOUNT_NO_RURAL, Household, a_household, bill_correction, given
from tests.fixtures.browsers import OpenPage
from tests.fixtures.consumer_session import a_photo
from tests.fixtures.helpdesk_calls import COLLEAGUE, HELPDESK, agreed, drafted, helpdesk_staff, opened
from tests.fixtures.page_checks import faults_of
from tests.fixtures.registration import messages, rows, values_of
from tests.project.tree import none_of
from wss.db import transaction
from wss.models import Document, ServiceRequest
from wss.services.calls.caller_links import send_documents_link, send_link
from wss.services.calls.submission import register_for_caller
from wss.services.requests.disputes import dispute
from wss.services.shared.audit import record

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")


@pytest.fixture
def home(live_site: object) -> Household:
    """Provide a household for which a request was registered on a call, on a busy day of the help desk."""
    given(*bill_correction())
    household = a_household()
    given(*helpdesk_staff())
    call_id = agreed(household)
    number = register_for_caller(HELPDESK, call_id, drafted(household, call_id))
    send_documents_link(HELPDESK, call_id, number)
    send_link(COLLEAGUE, opened(a_household(ACCOUNT_NO_RURAL, registered=False), COLLEAGUE))
    with transaction():
        record(HELPDESK, "alarm", "employee:H1", about="records", count=51)
    return household


def sent(notice: str, value: str = "path") -> str:
    return values_of(messages(notice)[-1])[value]


def press(page: Page, what: str) -> None:
    with page.expect_navigation():
        page.locator(what).first.click()


EVERYWHERE = pytest.mark.parametrize(
    "wishes",
    [
        {"screen": "desk", "scripts": True, "language": "en"},
        {"screen": "phone", "scripts": False, "language": "hi"},
    ],
    ids=lambda wishes: f"{wishes['screen']}-{wishes['language']}",
)


def seen(page: Page, name: str, wishes: dict[str, Any]) -> None:
    """Assert that the page has no faults; its screenshot is kept if screenshots are requested."""
    name = f"dispute-{name}-{wishes['screen']}-{wishes['language']}"
    none_of(faults_of(page, name, scripts=wishes["scripts"]))


@EVERYWHERE
def test_a_request_is_stopped_and_documents_are_sent_by_the_links(
    home: Household, open_page: OpenPage, wishes: dict[str, Any]
):
    page = open_page(sent("documents_link"), **wishes)
    seen(page, "1-documents", wishes)
    press(page, "main form .btn")
    seen(page, "2-no-document", wishes)
    photo = {"name": "meter.jpg", "mimeType": "image/jpeg", "buffer": a_photo(size=(320, 240))[0].getvalue()}
    page.set_input_files("#documents", photo)
    press(page, "main form .btn")
    seen(page, "3-arrived", wishes)
    page.goto(sent("request_registered_1912", "dispute_path"))
    seen(page, "4-asked", wishes)
    page.fill("#remark", "मैंने कोई कॉल नहीं की।")

    press(page, "main form .btn")

    seen(page, "5-stopped", wishes)
    assert [(one.frozen, len(rows(Document))) for one in rows(ServiceRequest)] == [(True, 1)]


@EVERYWHERE
def test_the_supervisor_ends_it_and_the_consumer_reads_who_looked(
    home: Household, open_as_staff: OpenPage, open_as_consumer: OpenPage, wishes: dict[str, Any]
):
    assert dispute(sent("request_registered_1912", "dispute_path").rpartition("/")[2], "मैंने कॉल नहीं की।")
    page = open_as_staff("V1", "/helpdesk/supervisor", **wishes)
    seen(page, "6-supervisor", wishes)
    press(page, "[value=cancel]")
    seen(page, "7-no-reason", wishes)
    page.fill("main textarea", "घर पर किसी ने कॉल नहीं की थी।")
    press(page, "[value=cancel]")
    expect(page.locator("#done")).to_be_visible()
    seen(page, "8-decided", wishes)

    page = open_as_consumer(home.consumer, "/account/access", **wishes)

    seen(page, "9-who-looked", wishes)
    [request] = rows(ServiceRequest)
    page.goto(f"/requests/{request.complaint_no}")
    seen(page, "10-timeline", wishes)
    expect(page.locator(".tl")).to_contain_text("घर पर किसी ने कॉल नहीं की थी।")
