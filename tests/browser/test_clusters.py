"""An EE works off a cluster: from the To-Do page to the circle, and a question to all of its consumers together."""

import pytest
from playwright.sync_api import expect

from tests.factories import given
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import rows, the_request
from tests.fixtures.many_complaints import three_complaints
from tests.fixtures.page_checks import faults_of
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss.db import transaction
from wss.models import CannedTextRow, Message
from wss.queries.reference import bump_reference_version

pytestmark = pytest.mark.sqlite_only("what the browser shows does not depend on the database")


@pytest.fixture
def numbers(live_site: LiveSite) -> list[str]:
    """Provide the complaint numbers of a cluster, and a canned question."""
    found = three_complaints()
    given(
        CannedTextRow(
            code="photo",
            purpose="question",
            name="Photo",
            name_hi="फ़ोटो",
            text="Send a photo.",
            text_hi="फ़ोटो भेजें।",
        )
    )
    with transaction():
        bump_reference_version()
    return found


@pytest.mark.parametrize(
    ("language", "screen", "words"),
    [
        (
            "en",
            "desk",
            ("3 open complaints this week", "Tell the circle", "All 3 requests", "Ask the consumer"),
        ),
        ("hi", "keypad", ("3 खुली शिकायतें", "मण्डल को बताएँ", "सभी 3 अनुरोध", "उपभोक्ता से पूछें")),
    ],
)
def test_an_ee_reports_a_cluster_and_asks_all_of_it_without_scripts(
    numbers: list[str], open_as_staff: OpenPage, language: str, screen: str, words: tuple[str, ...]
):
    line, tell, all_of_page, ask = words
    page = open_as_staff("E1", "/todo", language=language, screen=screen, scripts=False)
    page.get_by_role("link", name=line).click()
    page.locator("summary", has_text=tell).click()
    page.locator("#sentence").fill("मीटर रीडर अनुपस्थित थे।")
    page.get_by_role("button", name=tell).click()
    expect(page.locator("main")).to_contain_text("मीटर रीडर अनुपस्थित थे।")

    page.get_by_label(all_of_page).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=ask).click()
    page.locator("#canned").select_option("photo")
    page.get_by_role("button", name=ask).click()

    page.wait_for_url("**/todo/several/**")
    assert {the_request(number).status for number in numbers} == {"info_requested"}
    assert len(rows(Message)) == 3


@pytest.mark.parametrize(("language", "screen"), [("hi", "keypad"), ("en", "desk")])
def test_its_pages_fit_the_screen_and_are_accessible(
    numbers: list[str], open_as_staff: OpenPage, language: str, screen: str
):
    page, faults = open_as_staff("E1", "/todo", language=language, screen=screen), []
    faults += faults_of(page, f"clusters-todo-{language}-{screen}")
    page.locator("a[href*='/todo/cluster']").click()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    faults += faults_of(page, f"clusters-list-{language}-{screen}")
    page.locator("[name=all]").check()
    page.locator("#several [value=ask]").click()
    faults += faults_of(page, f"clusters-ask-{language}-{screen}")
    page.locator("#remark").fill("?")
    page.locator("[name=action]").click()
    faults += faults_of(page, f"clusters-done-{language}-{screen}")
    none_of(faults)
