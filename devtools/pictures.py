"""`python -m devtools.pictures`: start a site with demo data, and take the two pictures of README with Chromium.

Only the existence and the size of the pictures are tested: their bytes differ with each Chromium and each set of fonts,
and every change of a stylesheet would otherwise fail `make check` on a machine without a browser.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("WSS_CHROMIUM", "/usr/bin/chromium-headless-shell")
# The program needs a minute to load the demo data, and a busy machine several.
START_TIMEOUT_S = 600
PAGE_TIMEOUT_MS = 120_000


@contextmanager
def demo_site() -> Iterator[str]:
    """Run a separate site with demo data and yield its address; the site ends with the block."""
    with TemporaryDirectory(prefix="wss-pictures-") as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WSS_")}
        site = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env={**kept, "WSS_INSTANCE": folder, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(site, url)
            yield url
        finally:
            site.terminate()
            site.wait(30)


def _wait_for(site: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until:
        if site.poll() is not None:
            raise SystemExit("The demo site has ended: run `make run` to see why.")
        try:
            _read(f"{url}/livez")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("The demo site does not answer.")


def _read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310  loopback only
        text: str = answer.read().decode()
    return text


def phone_with_timeline(browser: Browser, url: str) -> bytes:
    """Take the complaint about swapped digits on a phone, in Hindi, as its consumer sees it."""
    page = _page(browser, url, "hi", 360, 780)
    _log_in(page, url, "seema")
    page.goto(url + str(page.locator("main a[href^='/requests/']").first.get_attribute("href")))
    return page.screenshot()


def todo_of_officer(browser: Browser, url: str) -> bytes:
    """Take the To-Do list of a billing clerk, in English."""
    page = _page(browser, url, "en", 1200, 800)
    _log_in(page, url, "billing_clerk")
    page.goto(f"{url}/todo?user=all")
    return page.screenshot()


def _log_in(page: Page, url: str, who: str) -> None:
    """Log in as a person of the demo tour."""
    page.goto(f"{url}/dev")
    page.click(f"form[action$='/tour/login/{who}'] button")
    page.wait_for_load_state()


def _page(browser: Browser, url: str, language: str, width: int, height: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PAGE_TIMEOUT_MS)
    page = context.new_page()
    page.goto(f"{url}/?lang={language}")
    return page


def small(png: bytes) -> bytes:
    """Reduce a picture to 64 colours, which halves its size without a visible difference."""
    written = BytesIO()
    with Image.open(BytesIO(png)) as picture:
        picture.convert("RGB").quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def main(url: str = "") -> None:
    """Write both pictures, from a running site if its address is given."""
    if not url:
        with demo_site() as own:
            return main(own)
    PICTURES.mkdir(exist_ok=True)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu", *sandbox])
        for name, take in (("timeline", phone_with_timeline), ("todo", todo_of_officer)):
            (PICTURES / f"{name}.png").write_bytes(small(take(browser, url)))
        browser.close()
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
