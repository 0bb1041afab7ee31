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


A_VOICE = """
window.spoken = [];
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => [{localService: %s, lang: "en-IN"}],
  speak: (utterance) => spoken.push(utterance.text),
  cancel: () => spoken.push("stop"),
}});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


def _page_to_hear(open_page: OpenPage, *, is_own_voice: bool) -> Page:
    page = open_page("/track", language="en")
    page.context.add_init_script(A_VOICE % str(is_own_voice).lower())
    page.reload()
    page.evaluate("""() => {
      const place = document.createElement("div");
      place.innerHTML = '<p data-speech>No. 100 0000 0016 by 04-12-2026: ₹ 1,49,000.50</p><p hidden>'
        + '<button type="button" data-listening="Stop" data-money="rupees,paise,minus">Listen</button></p>';
      document.querySelector("main").append(place);
      place.firstChild.dispatchEvent(new CustomEvent("htmx:load", {bubbles: true}));
    }""")
    return page


def test_a_page_is_read_with_digits_dates_and_money_as_people_say_them(open_page: OpenPage):
    page = _page_to_hear(open_page, is_own_voice=True)

    page.get_by_role("button", name="Listen").click()

    said = page.evaluate("spoken.filter((text) => text !== 'stop')")
    assert said == ["No. 1 0 0 0 0 0 0 0 0 1 6 by 4 December 2026: 149000 rupees 50 paise"]


def test_a_second_press_stops_reading(open_page: OpenPage):
    page = _page_to_hear(open_page, is_own_voice=True)
    page.get_by_role("button", name="Listen").click()

    page.get_by_role("button", name="Stop").click()

    assert page.evaluate("spoken.at(-1)") == "stop"
    expect(page.get_by_role("button", name="Listen")).to_be_visible()


def test_no_page_is_read_by_a_voice_of_the_network(open_page: OpenPage):
    page = _page_to_hear(open_page, is_own_voice=False)

    expect(page.locator("[data-listening]")).to_be_hidden()


def test_a_status_is_shared_by_the_phones_own_list(open_page: OpenPage):
    page = open_page("/track")  # loads js/phone.js
    page.evaluate("""() => {
      navigator.share = (data) => { window.shared = data.text; return Promise.resolve(); };
      const place = document.createElement("div");
      place.innerHTML = '<p><a href="https://wa.me/?text=No.%201%20%E0%A4%B9" data-share="Share">WhatsApp</a></p>';
      document.querySelector("main").append(place);
      place.firstChild.dispatchEvent(new CustomEvent("htmx:load", {bubbles: true}));
    }""")

    page.get_by_role("link", name="Share").click()

    assert page.evaluate("shared") == "No. 1 ह"
