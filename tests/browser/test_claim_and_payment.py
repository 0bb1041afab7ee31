"""From a late complaint to its claim, and from the connection to the ways to pay, in a real browser in Hindi."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.factories import a_household, a_service_request, bill_correction, given
from tests.fixtures.browser_visitor import BrowserVisitor
from tests.fixtures.browsers import OpenPage
from tests.fixtures.complaint_handling import NUMBER, rows
from tests.fixtures.late_decisions import switch_on_compensation
from tests.fixtures.page_checks import faults_of
from tests.fixtures.site import LiveSite
from tests.project.tree import none_of
from wss.models import ServiceRequest

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")


@pytest.fixture(params=[("keypad", False), ("phone", True)], ids=["keypad", "phone"])
def hindi_reader(request: Any, open_page: OpenPage, live_site: LiveSite) -> Iterator[BrowserVisitor]:
    """Provide a person who reads Hindi, on a keypad phone without scripts and on a phone with them."""
    screen, scripts = request.param
    page = open_page("/", screen=screen, scripts=scripts, language="hi")
    person = BrowserVisitor(page, live_site, "hi", scripts)
    yield person
    person.leaves()


def test_what_is_owed_is_claimed_with_a_form_that_is_filled_in(hindi_reader: BrowserVisitor):
    given(*bill_correction())
    home = a_household()
    a_service_request(home, NUMBER)
    switch_on_compensation()
    hindi_reader.waits(days=30)
    hindi_reader.is_logged_in(home.consumer)
    found: list[str] = []

    def looks(name: str) -> None:
        found.extend(faults_of(hindi_reader.page, name, scripts=hindi_reader.scripts))

    hindi_reader.goes_to(f"/requests/{NUMBER}")
    hindi_reader.reads("Compensation for the delay")
    looks("late")
    hindi_reader.presses("main .note .btn")
    assert hindi_reader.page.input_value("#late_complaint") == NUMBER
    looks("claim")
    hindi_reader.presses("#request-fields > .btn")
    looks("check")
    hindi_reader.presses("main form .btn")
    [_late, claim] = rows(ServiceRequest)
    hindi_reader.goes_to(f"/requests/{NUMBER}")
    hindi_reader.reads("You have claimed it:")
    assert claim.complaint_no in hindi_reader.page.inner_html("main .note")
    hindi_reader.goes_to(f"/requests/{NUMBER}/petition")
    looks("petition")

    none_of(found)


def test_the_way_from_the_connection_leads_to_payee_and_code(
    hindi_reader: BrowserVisitor, live_site: LiveSite, monkeypatch: pytest.MonkeyPatch
):
    site = live_site.app.extensions["wss"]
    components = replace(site, config=replace(site.config, upi_payee="uppcl.bills@sbi"))
    monkeypatch.setitem(live_site.app.extensions, "wss", components)
    home = a_household()
    hindi_reader.is_logged_in(home.consumer)

    hindi_reader.goes_to(f"/account/{home.account_no}")
    hindi_reader.presses("main .btn[href$='/pay']")

    hindi_reader.reads("Or scan this code with a UPI app on another phone:")
    hindi_reader.sees("uppcl.bills@sbi")
    none_of(faults_of(hindi_reader.page, "pay", scripts=hindi_reader.scripts))
