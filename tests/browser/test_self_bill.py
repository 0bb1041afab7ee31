"""From the connection to a generated bill with its photo, in Hindi, on small screens with and without scripts."""

from datetime import timedelta

import pytest

from tests.factories import a_household
from tests.fixtures.bill_revision import change
from tests.fixtures.browser_visitor import BrowserVisitor
from tests.fixtures.page_checks import faults_of
from tests.fixtures.self_bills import may_generate, the_bill
from tests.project.tree import none_of
from wss import clock
from wss.models import Bill

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
_MODES = {"phone": ("hi", True, "phone"), "keypad-plain": ("hi", False, "keypad")}


@pytest.mark.parametrize("browser_visitor", _MODES.values(), ids=_MODES, indirect=True)
def test_a_reading_becomes_a_provisional_bill_in_the_list(browser_visitor: BrowserVisitor):
    home = a_household()
    may_generate(home)
    today = clock.local_date(clock.now())
    change(
        Bill,
        home.bill_no,
        bill_month=f"{today - timedelta(days=31):%Y-%m}",
        period_from=today - timedelta(days=60),
        period_to=today - timedelta(days=30),
    )
    browser_visitor.is_logged_in(home.consumer)
    found: list[str] = []

    def looks(name: str) -> None:
        found.extend(faults_of(browser_visitor.page, name, scripts=browser_visitor.scripts))

    browser_visitor.goes_to(f"/account/{home.account_no}")
    browser_visitor.presses("main a.btn.b2")
    browser_visitor.presses(reading_kwh="1090")
    looks("refused reading")
    browser_visitor.presses(reading_kwh="1400")
    browser_visitor.reads("Is the reading right?")
    looks("check")
    browser_visitor.page.check("#sure")
    browser_visitor.chooses_a_photo()
    browser_visitor.presses()
    browser_visitor.reads("Your bill is generated.")
    looks("generated")
    browser_visitor.goes_to(f"/account/{home.account_no}/bills")
    browser_visitor.sees(the_bill().number)
    looks("bills")

    none_of(found)
