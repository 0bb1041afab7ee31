"""The administrator's pages on a desktop and a phone: a table is changed by a file, with and without scripts."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.factories import bill_correction, given, offices
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import rows
from tests.fixtures.page_checks import faults_of
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss.models import Holiday, Staff

HOLIDAYS = "date,name,name_hi\n2026-12-25,Big day,बड़ा दिन\n2027-01-26,Republic Day,गणतंत्र दिवस\n"


@pytest.fixture
def administrator(live_site: LiveSite, open_as_staff: OpenPage) -> OpenPage:
    """Return a function that opens pages as an administrator."""
    given(*offices(), Staff(employee_id="A1", name="Ajay Pal", role="admin", office_code="PVVNL"))
    given(*bill_correction(), Holiday(day=date(2026, 12, 25), name="Christmas", name_hi="क्रिसमस"))
    return partial(open_as_staff, "A1")


PROMOTED = "employee_id,name,role,office_code,mobile,email\nC1,Chetan Das,ee,PVVNL-Z06-C1-D1,,\n"


def upload(page: Page, folder: Path, text: str, table: str = "holidays") -> None:
    path = folder / f"{table}.csv"
    path.write_text(text, encoding="utf-8")
    page.set_input_files("#file", str(path))
    with page.expect_navigation():
        page.locator("form:has(#file) button").click()


@pytest.mark.sqlite_only("what the browser shows does not depend on the database")
@pytest.mark.parametrize(
    ("language", "screen", "scripts"), [("hi", "phone", True), ("en", "desk", True), ("hi", "keypad", False)]
)
def test_a_table_is_changed_by_a_file(administrator, tmp_path, language, screen, scripts):
    page = administrator("/admin", language=language, screen=screen, scripts=scripts)
    manner = f"{language}-{screen}-{'scripts' if scripts else 'plain'}"
    faults = faults_of(page, f"admin-tables-{manner}", scripts=scripts)
    page.goto("/admin/holidays")
    upload(page, tmp_path, HOLIDAYS + "not a date,x,y\n")
    faults += faults_of(page, f"admin-refused-{manner}", scripts=scripts)
    page.goto("/admin/holidays")
    upload(page, tmp_path, HOLIDAYS)
    faults += faults_of(page, f"admin-preview-{manner}", scripts=scripts)

    with page.expect_navigation():
        page.locator("button[name=confirm]").click()

    faults += faults_of(page, f"admin-changed-{manner}", scripts=scripts)
    none_of(faults)
    assert {one.name for one in rows(Holiday)} == {"Big day", "Republic Day"}


@pytest.mark.sqlite_only("what the browser shows does not depend on the database")
@pytest.mark.parametrize("table", ["offices", "staff", "texts", "catalogue"])
def test_wide_tables_fit_every_screen(administrator, table):
    page = administrator(f"/admin/{table}", screen="phone", language="hi")

    none_of(faults_of(page, f"admin-{table}-hi-phone"))


@pytest.mark.sqlite_only("what the browser shows does not depend on the database")
@pytest.mark.parametrize(("language", "screen"), [("en", "desk"), ("hi", "keypad")])
def test_a_promotion_waits_for_a_second_administrator(
    administrator, open_as_staff, tmp_path, language, screen
):
    given(Staff(employee_id="A2", name="Asha Rao", role="admin", office_code="PVVNL"))
    given(Staff(employee_id="C1", name="Chetan Das", role="billing_clerk", office_code="PVVNL"))
    look = {"language": language, "screen": screen, "scripts": False}
    page = administrator("/admin/staff", **look)
    upload(page, tmp_path, PROMOTED, "staff")
    faults = faults_of(page, f"admin-waits-{language}-{screen}", scripts=False)
    with page.expect_navigation():
        page.locator("button[name=confirm]").click()
    faults += faults_of(page, f"admin-proposed-{language}-{screen}", scripts=False)
    second = open_as_staff("A2", "/admin", **look)
    faults += faults_of(second, f"admin-list-{language}-{screen}", scripts=False)
    with second.expect_navigation():
        second.locator("main table a").first.click()
    faults += faults_of(second, f"admin-change-{language}-{screen}", scripts=False)

    with second.expect_navigation():
        second.locator("button[value=confirm]").click()

    none_of(faults)
    assert next(one.role for one in rows(Staff) if one.employee_id == "C1") == "ee"
