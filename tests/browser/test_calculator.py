"""From the home page to what one more appliance costs: on a keypad phone without scripts, on a phone with them."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.bill_revision import tariff_and_limits
from tests.fixtures.browsers import OpenPage
from tests.fixtures.page_checks import faults_of
from tests.project.tree import none_of

pytestmark = pytest.mark.sqlite_only("layout and scripts do not depend on the database")


@pytest.mark.parametrize(("screen", "scripts"), [("keypad", False), ("phone", True)])
def test_one_more_appliance_is_added_corrected_and_counted(open_page: OpenPage, screen: str, scripts: bool):
    tariff_and_limits()
    page = open_page("/", screen=screen, scripts=scripts)
    found: list[str] = []

    def looks(name: str) -> None:
        found.extend(faults_of(page, f"calculator-{name}-{screen}", scripts=scripts))

    page.locator("main a[href='/calculator']").click()
    page.locator("#add").click()
    page.select_option("#appliance-4", "geyser")
    page.locator("#calculator .btn:not(.b2)").click()
    expect(page.locator("#error-summary")).to_be_visible()
    looks("errors")
    page.fill("#hours-4", "०.५")
    page.locator("#calculator .btn:not(.b2)").click()

    # The example has 106.08 units, a geyser of 2000 W for half an hour 30: 136 at 5.50 and 2 kW, with 5 % duty.
    expect(page.locator("main .big")).to_have_text("महीने में 136 यूनिट, ₹ 1,016.40")
    looks("result")
    none_of(found)
