"""Every page that can be opened by its address alone fits a keypad phone and is accessible."""

import pytest
from playwright.sync_api import Browser

from tests.fixtures.browsers import OpenPage
from tests.fixtures.page_checks import accessibility_faults, overflow_faults
from tests.fixtures.site import LiveSite
from tests.project.test_pages import addresses
from tests.project.tree import none_of


@pytest.fixture
def page_addresses(live_site: LiveSite) -> list[str]:
    """Return the addresses that answer with a page to an anonymous visitor."""
    client = live_site.app.test_client()
    answers = {address: client.get(address) for address in addresses(live_site.app)}
    return [
        a for a, answer in answers.items() if answer.status_code == 200 and answer.mimetype == "text/html"
    ]


@pytest.mark.sqlite_only("layout does not depend on the database")
@pytest.mark.parametrize(("language", "scripts"), [("hi", False), ("en", True)])
def test_no_page_has_to_be_pushed_sideways(
    open_page: OpenPage, page_addresses: list[str], language: str, scripts: bool
):
    page = open_page("/", screen="keypad", language=language, scripts=scripts)
    faults = []

    for address in page_addresses:
        page.goto(address)
        faults += overflow_faults(page)

    none_of(faults)


@pytest.mark.sqlite_only("markup does not depend on the database")
def test_every_page_is_accessible(open_page: OpenPage, page_addresses: list[str]):
    # In one language: the rules are about the markup, and test_pages.py looks at labels and titles in both.
    page = open_page("/")
    faults = []

    for address in page_addresses:
        page.goto(address)
        faults += accessibility_faults(page)

    none_of(faults)


def test_a_page_that_is_too_wide_is_seen(chromium: Browser):
    page = chromium.new_page(viewport={"width": 240, "height": 320})
    page.set_content("<p style='width:300px'>अ</p>")

    faults = overflow_faults(page)

    page.close()
    assert len(faults) == 1


def test_a_page_that_shuts_people_out_is_seen(chromium: Browser):
    page = chromium.new_page()
    page.set_content("<html lang=hi><title>x</title><main><h1>x</h1><input name=bill_no><img src=x>")

    faults = accessibility_faults(page)

    page.close()
    assert any("label" in fault for fault in faults)
    assert any("image-alt" in fault for fault in faults)
