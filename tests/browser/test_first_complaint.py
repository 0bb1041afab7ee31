"""From an empty folder to a complaint number and its timeline, in a browser on a cheap phone."""

import csv
import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.fixtures.browsers import NEXT_PART, SCREENS
from tests.fixtures.site_process import command, environment, free_port, serving, start
from tests.project.tree import ROOT

EXTRACTS = ROOT / "tests" / "extracts"
TABLES = "offices staff catalogue reasons escalation holidays forums tariff connections bills"

IMPORT_TABLES = """
import sys
from app import app
for table in sys.argv[2:]:
    done = app.test_cli_runner().invoke(args=["import", table, f"{sys.argv[1]}/{table}.csv"])
    assert done.exit_code == 0, done.output
"""


@dataclass(frozen=True)
class Site:
    """A started site, and what its user has: a bill, and perhaps the mobile."""

    url: str
    account_no: str
    bill_no: str
    mobile: str = ""


StartSite = Callable[[str], Site]


@pytest.fixture
def start_site(empty_database_url: str, tmp_path: Path) -> Iterator[StartSite]:
    """Return a function that starts the one-command site, with demo data or with imported extracts."""
    running: list[subprocess.Popen[str]] = []

    def start_site(source: str) -> Site:
        port, instance = free_port(), tmp_path / "instance"
        settings = {"WSS_DATABASE_URL": empty_database_url}
        if source == "extracts":
            _import_everything(instance, settings)
        process = start(instance, PORT=str(port), WSS_DEMO=str(int(source == "demo")), **settings)
        running.append(process)
        url = f"http://127.0.0.1:{port}"
        assert serving(process, url)
        return Site(url, *(_imported_bill() if source == "extracts" else _printed_bill(process)))

    yield start_site
    for process in running:
        process.kill()
        process.communicate()


def _import_everything(instance: Path, settings: dict[str, str]) -> None:
    instance.mkdir()
    command(instance, "db", "upgrade", **settings)
    # One program for all tables: starting it takes longer than an import.
    subprocess.run(
        [sys.executable, "-c", IMPORT_TABLES, str(EXTRACTS), *TABLES.split()],
        cwd=ROOT,
        env=environment(instance, WSS_ENV="development", **settings),
        check=True,
    )


def _imported_bill() -> tuple[str, str, str]:
    """Return account, newest bill and mobile of the first connection that has a mobile."""
    with (EXTRACTS / "connections.csv").open(encoding="utf-8") as file:
        connection = next(row for row in csv.DictReader(file) if row["mobile"])
    with (EXTRACTS / "bills.csv").open(encoding="utf-8") as file:
        own = [row for row in csv.DictReader(file) if row["account_no"] == connection["account_no"]]
    newest = max(own, key=lambda row: row["bill_month"])
    return connection["account_no"], newest["bill_no"], connection["mobile"]


def _printed_bill(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Return account and bill of an unregistered connection, from what the program prints at its start."""
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    next(line for line in lines if line.startswith("Not registered yet"))
    found = re.search(r"account (\d+), bill (\w+)", next(lines))
    assert found is not None
    return found[1], found[2]


def _inbox(site: Site, notice: str) -> str:
    """Return the newest text of this notice in the development inbox."""
    with urllib.request.urlopen(f"{site.url}/dev/outbox?format=json", timeout=5) as response:  # noqa: S310
        messages = json.load(response)
    text: str = next(message["text"] for message in messages if message["notice"] == notice)
    return text


def _press(page: Page, what: str = "main form .btn") -> None:
    with page.expect_navigation():
        page.locator(what).first.click()


def _register(page: Page, site: Site) -> None:
    page.goto("/register")
    page.fill("#account_no", site.account_no)
    if site.mobile:
        page.fill("#bill_no", site.bill_no)
    _press(page)
    if site.mobile:
        page.fill("#mobile", site.mobile)
    page.check("#accept_terms")
    page.check("#accept_privacy")
    _press(page)
    code = re.search(r"\d{6}", _inbox(site, "registration_otp"))
    assert code is not None
    page.fill("#otp", code[0])
    _press(page)


def _a_photo() -> bytes:
    file = BytesIO()
    Image.radial_gradient("L").resize((1600, 1200)).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def _dispute(page: Page, site: Site) -> None:
    page.goto(f"/account/{site.account_no}/bills/{site.bill_no}")
    page.locator("a.btn[href*='requests/new']").click()
    page.locator(f"[name=bill_no][value='{site.bill_no}']").check()
    if page.locator(NEXT_PART).is_visible():
        page.click(NEXT_PART)
    page.select_option("[name=reason]", "wrong_reading")
    page.fill("[name=remarks]", "मीटर घर के बाहर लगा है।")
    page.set_input_files("#documents", {"name": "meter.jpg", "mimeType": "image/jpeg", "buffer": _a_photo()})
    page.locator("main form .btn").last.click()
    page.wait_for_url("**/requests/check")
    page.locator("main form .btn").last.click()
    page.wait_for_url("**/registered")


def test_a_stranger_gets_a_complaint_number_and_follows_it(
    chromium: Browser, start_site: StartSite, database_kind: str
):
    # As README starts the site on one computer, and as an office fills it on a server.
    source, language, scripts = (
        ("demo", "hi", True) if database_kind == "sqlite" else ("extracts", "en", False)
    )
    site = start_site(source)
    width, height = SCREENS["phone"]
    context = chromium.new_context(
        base_url=site.url, viewport={"width": width, "height": height}, java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(f"/?lang={language}")

    _register(page, site)
    _dispute(page, site)
    number = re.sub(r"\D", "", page.locator("#no").inner_text())
    page.goto(f"/requests/{number}")

    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("#no")).to_contain_text(number[:3])
    expect(page.locator("ol.tl > li").first).to_be_visible()
    expect(page.get_by_role("link", name="meter.jpg")).to_be_visible()
    assert f"{number[:3]} {number[3:7]} {number[7:]}" in _inbox(site, "request_registered")
    context.close()
