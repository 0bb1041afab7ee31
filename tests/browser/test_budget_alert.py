"""From the budget to the SMS that it will be passed: choice, reminder, reading and alert, with a moved clock."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.factories import a_household
from tests.fixtures.bill_revision import change
from tests.fixtures.browser_visitor import BrowserVisitor
from tests.fixtures.browsers import OpenPage
from tests.fixtures.page_checks import faults_of
from tests.fixtures.registration import token_in
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss import clock
from wss.models import Bill
from wss.services.alerts.due_alerts import send_due_batch

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")


@pytest.fixture(params=[("keypad", False), ("phone", True)], ids=["keypad-plain", "phone"])
def reader(
    request: pytest.FixtureRequest, open_page: OpenPage, live_site: LiveSite
) -> Iterator[BrowserVisitor]:
    """Provide a person who reads Hindi, on a keypad phone without scripts and on a phone with them."""
    screen, scripts = request.param
    person = BrowserVisitor(
        open_page("/", screen=screen, scripts=scripts, language="hi"), live_site, "hi", scripts
    )
    yield person
    person.leaves()


def test_a_reading_by_the_reminders_link_brings_the_alert_about_the_budget(reader: BrowserVisitor):
    home, today = a_household(), clock.local_date(clock.now())
    period = {"period_from": today - timedelta(days=29), "period_to": today}
    change(Bill, home.bill_no, **period, issue_date=today, due_date=today + timedelta(days=40))
    reader.is_logged_in(home.consumer)
    found: list[str] = []

    def looks(name: str) -> None:
        found.extend(faults_of(reader.page, f"budget-{name}-{reader.scripts}", scripts=reader.scripts))

    reader.goes_to(f"/account/{home.account_no}/alerts")
    looks("choice")
    # The hour of the test must not decide: no quiet hours.
    reader.page.check("#bill_issued")
    reader.presses(budget_units="150", quiet_from="00:00", quiet_to="00:00")
    reader.reads("Saved.")
    reader.waits(days=16)
    send_due_batch()
    reader.goes_to(f"/reading/{token_in('reading_reminder')}")
    looks("reading")
    reader.presses(reading="1200")
    reader.reads("This will probably be more than your budget of %(limit)s.", limit="150 यूनिट")
    looks("result")
    send_due_batch()
    reader.goes_to("/dev/outbox")

    # 100 units in 16 of 30 days, 100 in a usual month: 100 + 14 * (100 / 16 + 100 / 30) / 2.
    reader.sees("इस माह करीब 167 यूनिट", "body")
    # The session has expired after so many days.
    reader.is_logged_in(home.consumer)
    reader.goes_to(f"/account/{home.account_no}/alerts")
    looks("next")
    none_of(found)
