"""The administrator at a desk and with a phone: a table is changed by a file, with and without scripts."""

import os
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.factories import bill_correction, given, offices, sign_in_staff
from tests.fixtures.browsers import OpenPage
from tests.fixtures.looks import accessibility_faults, overflow_faults
from tests.fixtures.officers import rows
from tests.fixtures.site import LiveSite, Visitor
from tests.house.tree import none_of
from wss.models import Holiday, Staff

HOLIDAYS = "date,name,name_hi\n2026-12-25,Big day,बड़ा दिन\n2027-01-26,Republic Day,गणतंत्र दिवस\n"


@pytest.fixture
def administrator(live_site: LiveSite, open_page: OpenPage):
    """Opens pages for an administrator who has just given a code."""
    given(*offices(), Staff(employee_id="A1", name="Ajay Pal", role="admin", office_code="PVVNL"))
    given(*bill_correction(), Holiday(day=date(2026, 12, 25), name="Christmas", name_hi="क्रिसमस"))
    visitor = Visitor(live_site.app.test_client())
    sign_in_staff(visitor, "A1", stepped_up=True)
    session_id = visitor.cookies()["wss"]

    def opened(path: str, **wishes: object) -> Page:
        page = open_page("/staff/login", **wishes)
        page.context.add_cookies([{"name": "wss", "value": session_id, "url": live_site.url}])
        page.goto(path)
        return page

    return opened


def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with how the page looks; with WSS_SHOTS its picture is kept for people."""
    folder = os.environ.get("WSS_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"admin-{name}.png"), full_page=True)
    return overflow_faults(page) + accessibility_faults(page)


def hand_in(page: Page, folder: Path, text: str) -> None:
    path = folder / "holidays.csv"
    path.write_text(text, encoding="utf-8")
    page.set_input_files("#file", str(path))
    with page.expect_navigation():
        page.locator("form:has(#file) button").click()


@pytest.mark.sqlite_only("what the browser shows does not depend on the database")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(("language", "screen"), [("hi", "phone"), ("en", "desk"), ("hi", "keypad")])
def test_a_table_is_changed_by_a_file(administrator, tmp_path, language, screen, scripts):
    page = administrator("/admin", language=language, screen=screen, scripts=scripts)
    faults = looked_at(page, f"tables-{language}-{screen}") if scripts else []
    page.goto("/admin/holidays")
    hand_in(page, tmp_path, HOLIDAYS + "not a date,x,y\n")
    faults += looked_at(page, f"refused-{language}-{screen}") if scripts else []
    page.goto("/admin/holidays")
    hand_in(page, tmp_path, HOLIDAYS)
    faults += looked_at(page, f"preview-{language}-{screen}") if scripts else []

    with page.expect_navigation():
        page.locator("button[name=confirm]").click()

    faults += looked_at(page, f"changed-{language}-{screen}") if scripts else []
    none_of(faults)
    assert {one.name for one in rows(Holiday)} == {"Big day", "Republic Day"}


@pytest.mark.sqlite_only("what the browser shows does not depend on the database")
@pytest.mark.parametrize("table", ["offices", "staff", "texts", "catalogue"])
def test_wide_tables_fit_every_screen(administrator, table):
    page = administrator(f"/admin/{table}", screen="phone", language="hi")

    none_of(looked_at(page, f"{table}-hi-phone"))
