"""Downloaded documents of consumers run nothing in a browser, even with the extension of a web page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.gateways.hostile_images import a_jpeg
from tests.gateways.hostile_texts import MADE_HARMLESS, SCRIPT
from tests.gateways.test_sanitiser_markup import a_pdf_whose_pixels_spell, a_png_whose_filtered_pixels_spell
from tests.project.tree import none_of
from wss.gateways.sanitiser import sanitise

pytestmark = pytest.mark.sqlite_only("what a browser runs does not depend on the database")
SENT: dict[str, Callable[[], bytes]] = {
    **MADE_HARMLESS,
    "script-as-pixels.pdf": a_pdf_whose_pixels_spell,
    "script-as-pixels.png": a_png_whose_filtered_pixels_spell,
}


def _runs(chromium: Browser, saved: Path) -> bool:
    """Return whether a file, opened from the disk, contains a script for the browser or has run one."""
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto(saved.as_uri())
        return bool(page.evaluate("document.title === 'SECRET' || document.scripts.length > 0"))
    finally:
        context.close()


def test_a_file_as_it_came_runs_under_the_ending_of_a_web_page(chromium: Browser, tmp_path: Path):
    """Without this control the other test would prove nothing."""
    (tmp_path / "sent.html").write_bytes(a_jpeg(comment=SCRIPT))

    assert _runs(chromium, tmp_path / "sent.html")


def test_what_is_kept_runs_nothing_even_under_the_ending_of_a_web_page(chromium: Browser, tmp_path: Path):
    ran = []
    for name, build in SENT.items():
        saved = tmp_path / f"{name}.html"
        saved.write_bytes(sanitise(build()).content)
        ran += [name] if _runs(chromium, saved) else []

    none_of(ran)
