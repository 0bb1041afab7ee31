"""Staff login in a real browser: from the first password to the recovery codes, on every screen."""

import pytest
from playwright.sync_api import Page

from tests.factories import given, offices
from tests.fixtures.browsers import OpenPage
from tests.fixtures.page_checks import faults_of
from tests.fixtures.staff_login import EMPLOYEE, OWN_PASSWORD, an_employee, code
from tests.project.tree import none_of
from wss.services.login.staff_credentials import enrol

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")


def fill(page: Page, **fields: str) -> None:
    """Fill in the form with these fields and send it."""
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    with page.expect_navigation():
        page.locator(f"form:has([name={next(iter(fields))}]) button.btn").click()


@pytest.mark.parametrize(
    ("language", "screen", "scripts"), [("hi", "desk", True), ("en", "phone", True), ("hi", "keypad", False)]
)
def test_a_new_employee_gets_in_on_every_screen(
    open_page: OpenPage, language: str, screen: str, scripts: bool
):
    given(*offices())
    an_employee(name="Kamalakanthan Subramaniam-Rao", role="sdo")
    handed = enrol(EMPLOYEE)
    page = open_page("/staff/login", screen=screen, scripts=scripts, language=language)
    faults = []

    def seen(name: str) -> None:
        faults.extend(faults_of(page, f"staff-{name}-{screen}-{language}", scripts=scripts))

    seen("1-login")
    fill(page, employee_id=EMPLOYEE, password="three green lamps at noon")
    seen("2-login-wrong")
    fill(page, employee_id=EMPLOYEE, password=handed.password)
    seen("3-first-password")
    fill(page, password=OWN_PASSWORD, password_again=OWN_PASSWORD)
    seen("4-authenticator")
    fill(page, code=code(handed.totp_secret))
    seen("5-codes")
    with page.expect_navigation():
        page.click("main form button.btn")
    seen("6-ten-codes")
    page.goto("/staff/security")
    seen("7-security")
    page.goto("/staff/step-up?next=/staff/security")
    fill(page, code=code(handed.totp_secret, ahead=9))
    seen("8-code-once-more")
    fill(page, code=code(handed.totp_secret, ahead=1))

    none_of(faults)
    assert page.url.endswith("/staff/security")
