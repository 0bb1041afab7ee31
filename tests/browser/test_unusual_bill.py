"""From an unusual bill on My page to what it should be, and what to pay until the decision, in a real browser."""

from datetime import timedelta

import pytest

from tests.factories import a_household, bill_correction, given
from tests.fixtures.bill_revision import change
from tests.fixtures.browser_visitor import BrowserVisitor
from tests.fixtures.high_bill import READING, make_high, switch_interim_rule
from tests.fixtures.page_checks import faults_of
from tests.project.tree import none_of
from wss import clock
from wss.models import Bill

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
# 210 units in 61 days, 31 of them on the bill: 107 units at 5.50 and 220.00 are 808.50; with 5 % duty 848.93.
COMPUTED = "848.93 (107"


def test_my_page_leads_to_what_the_bill_should_be_before_anything_is_sent(browser_visitor: BrowserVisitor):
    given(*bill_correction())
    home = a_household()
    make_high(home)
    switch_interim_rule()
    today = clock.local_date(clock.now())
    period = {"period_from": today - timedelta(days=60), "period_to": today - timedelta(days=30)}
    change(Bill, home.bill_no, **period)
    browser_visitor.is_logged_in(home.consumer)
    found: list[str] = []

    def looks(name: str) -> None:
        found.extend(faults_of(browser_visitor.page, name, scripts=browser_visitor.scripts))

    browser_visitor.goes_to(f"/account/{home.account_no}/bills/{home.bill_no}/explained")
    looks("explained")
    browser_visitor.goes_to("/account")
    looks("account")
    browser_visitor.presses("main .note .btn")
    browser_visitor.sends("[value=compare]", "#self-check dl", reading_kwh=READING)
    browser_visitor.sees(COMPUTED, "#self-check")
    looks("form")
    browser_visitor.page.select_option("#reason", "wrong_reading")
    browser_visitor.presses("#request-fields > .btn")
    browser_visitor.sees(COMPUTED)
    browser_visitor.sees("750.00")
    looks("check")

    none_of(found)
