"""Enhancements by scripts on phones; the same pages work without them."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.fixtures.browsers import OpenPage
from tests.fixtures.site import LiveSite

pytestmark = pytest.mark.sqlite_only("scripts do not depend on the database")

A_FILE_FIELD = """() => {
  const place = document.createElement("div");
  place.innerHTML = '<p><input type="file" id="documents" multiple data-shrink="Compressed:"></p>';
  document.querySelector("main").append(place);
  place.firstChild.dispatchEvent(new CustomEvent("htmx:load", {bubbles: true}));
}"""
CHOSEN = "() => Array.from(document.getElementById('documents').files, (file) => [file.name, file.type, file.size])"


def add_file_field(page: Page, site: LiveSite) -> None:
    """Add a field for photos to the page, with the script of forms that have one."""
    page.evaluate(A_FILE_FIELD)
    with site.app.test_request_context():
        page.add_script_tag(url=site.app.jinja_env.globals["static_url"]("js/form.js"))


def _sent(page: Page) -> list[str]:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url) if request.method == "POST" else None)
    return addresses


def test_the_list_of_errors_has_the_focus(open_page: OpenPage):
    page = open_page("/login")

    page.locator("main form .btn").first.click()

    expect(page.locator("#error-summary")).to_be_focused()


def test_an_error_leads_to_its_field(open_page: OpenPage):
    page = open_page("/login")
    page.locator("main form .btn").first.click()

    page.locator("#error-summary a[href='#captcha-answer']").click()

    expect(page.locator("#captcha-answer")).to_be_focused()


def test_a_password_can_be_shown(open_page: OpenPage):
    page = open_page("/login")

    page.locator("button[aria-controls=password]").click()

    expect(page.locator("#password")).to_have_attribute("type", "text")


@pytest.mark.parametrize("scripts", [True, False])
def test_another_picture_keeps_what_was_typed(open_page: OpenPage, scripts: bool):
    page = open_page("/login", scripts=scripts)
    page.fill("#login", "1234567890")
    before = page.locator("[name=captcha_id]").get_attribute("value")

    page.locator("#captcha-reload").click()

    expect(page.locator("[name=captcha_id]")).not_to_have_attribute("value", before or "")
    expect(page.locator("#login")).to_have_value("1234567890")


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_sends_the_form_and_fetches_no_other_picture(open_page: OpenPage, scripts: bool):
    page = open_page("/login", scripts=scripts)
    page.fill("#captcha-answer", "12")

    page.press("#captcha-answer", "Enter")

    expect(page.locator("#error-summary")).to_be_visible()


def test_another_picture_leaves_the_focus_where_it_was(open_page: OpenPage):
    page = open_page("/login")
    before = page.locator("[name=captcha_id]").get_attribute("value")

    page.locator("#captcha-reload").click()

    expect(page.locator("[name=captcha_id]")).not_to_have_attribute("value", before or "")
    expect(page.locator("#captcha-reload")).to_be_focused()


def test_pressing_twice_sends_once(open_page: OpenPage):
    page = open_page("/login")
    sent = _sent(page)

    page.locator("main form .btn").first.dblclick(no_wait_after=True)

    expect(page.locator("#error-summary")).to_be_visible()
    assert len(sent) == 1


def test_a_photo_is_made_small_on_the_phone(open_page: OpenPage, live_site: LiveSite, tmp_path: Path):
    photo = tmp_path / "meter.png"
    Image.effect_noise((2600, 1400), 60).convert("RGB").save(photo)
    page = open_page("/login")
    add_file_field(page, live_site)

    page.set_input_files("#documents", photo)

    expect(page.locator(".up li")).to_contain_text("Compressed:")
    ((name, kind, size),) = page.evaluate(CHOSEN)
    assert (name, kind) == ("meter.jpg", "image/jpeg")
    assert size < photo.stat().st_size / 4


def test_what_is_no_photo_goes_as_it_is(open_page: OpenPage, live_site: LiveSite, tmp_path: Path):
    broken = tmp_path / "meter.jpg"
    broken.write_bytes(b"\xff\xd8 not a photo" + b"\x00" * 400_000)
    page = open_page("/login")
    add_file_field(page, live_site)

    page.set_input_files("#documents", broken)

    expect(page.locator(".up li")).to_be_visible()
    assert page.evaluate(CHOSEN) == [["meter.jpg", "image/jpeg", broken.stat().st_size]]


def test_nothing_is_kept_in_the_phones_stores(open_page: OpenPage):
    page = open_page("/login")
    page.fill("#login", "1234567890")
    page.locator("#captcha-reload").click()

    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
