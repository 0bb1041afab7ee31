"""Account pages in both languages, with and without scripts: connections, sessions, consumption, My data."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.factories import (
    MOBILE,
    PASSWORD,
    Household,
    a_bill,
    a_consumer,
    a_household,
    an_ownership,
    bill_correction,
    given,
    sign_in,
)
from tests.fixtures.browser_visitor import BrowserVisitor
from tests.fixtures.my_data import agree
from tests.fixtures.registration import ANOTHER_MOBILE, otp_sent_to
from tests.fixtures.site import Visitor
from wss import clock
from wss.db import transaction
from wss.models import Consumer, Ownership, SignedIn
from wss.services.registration.activation import reject_registration
from wss.services.shared import links

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
SECOND = "7950761939"


def open_consumer_page(browser_visitor: BrowserVisitor, path: str = "/account") -> Household:
    home = a_household()
    browser_visitor.is_logged_in(home.consumer)
    browser_visitor.goes_to(path)
    return home


def test_a_second_connection_is_added_and_a_foreign_one_leads_to_the_claim(browser_visitor: BrowserVisitor):
    third = a_household("7950761947")
    second = a_household(SECOND, registered=False, address="12, Ward Ansaripur")
    home = open_consumer_page(browser_visitor)
    browser_visitor.presses("a[href='/account/connections/add']")
    browser_visitor.presses(account_no=SECOND, bill_no=home.bill_no)
    browser_visitor.reads("Confirm that it is you", "h1")
    browser_visitor.presses(password=PASSWORD)
    browser_visitor.reads(
        "These numbers do not match. Use both from the same bill, one of the last three.",
        "#error-summary",
    )
    browser_visitor.presses(account_no=third.account_no, bill_no=third.bill_no)
    browser_visitor.reads("This is my connection", "main a.b2[href='/register/claim']")
    browser_visitor.presses(account_no=SECOND, bill_no=second.bill_no)
    browser_visitor.presses(otp="123")
    browser_visitor.reads("Enter the 6 digits of the OTP", "#error-summary")

    browser_visitor.presses(otp=otp_sent_to(MOBILE, "join_otp"))

    browser_visitor.sees("7950 761 939")
    browser_visitor.goes_to("/account")
    expect(browser_visitor.page.locator("a.tile")).to_have_count(2)
    browser_visitor.sees("12, Ward Ansaripur")


def test_sessions_are_listed_and_ended(browser_visitor: BrowserVisitor):
    home = open_consumer_page(browser_visitor)
    sign_in(Visitor(browser_visitor.site.app.test_client()), home.consumer)
    browser_visitor.presses("main a[href='/account/settings']")
    expect(browser_visitor.page.locator("[name=session]")).to_have_count(1)
    browser_visitor.reads("(here)")

    browser_visitor.presses("[name=session]")

    expect(browser_visitor.page.locator("[name=session]")).to_have_count(0)
    browser_visitor.presses("[name=all]")
    assert browser_visitor.site.path(browser_visitor.page.url) == "/login"
    with transaction() as session:
        assert session.query(SignedIn).count() == 0


def test_use_is_shown_as_a_chart_and_as_a_table(browser_visitor: BrowserVisitor):
    given(*bill_correction())
    home = open_consumer_page(browser_visitor)
    given(
        *(
            a_bill(
                f"20100000000{month}",
                home.account_no,
                bill_month=f"2026-0{month}",
                period_from=date(2026, month, 1),
                period_to=date(2026, month, 28),
                units=units,
            )
            for month, units in ((4, 90), (5, 110), (6, 95), (7, 1204))
        )
    )
    browser_visitor.presses("a.tile")

    browser_visitor.presses(f"a[href$='{home.account_no}/consumption']")

    expect(browser_visitor.page.locator("svg[role=img] rect")).to_have_count(7)
    expect(browser_visitor.page.locator("main table tr")).to_have_count(8)
    browser_visitor.sees("1204", "main table")
    browser_visitor.presses("main .note.care a")
    expect(browser_visitor.page.locator("[value='201000000007']")).to_be_checked()


def test_stored_data_are_shown_and_downloaded_and_consent_is_withdrawn(browser_visitor: BrowserVisitor):
    home = open_consumer_page(browser_visitor)
    agree(home)
    browser_visitor.presses("main a[href='/account/data']")
    browser_visitor.sees("UP32550680")
    browser_visitor.reads("Privacy notice", "#consents ~ dl")

    browser_visitor.page.locator("[action='/account/data/export'] button").click()
    browser_visitor.presses(password=PASSWORD)
    browser_visitor.reads("Confirmed. Download it now.")
    with browser_visitor.page.expect_download() as download:
        browser_visitor.page.locator("[action='/account/data/export'] button").click()
    browser_visitor.presses("[action='/account/data/alerts'] [name=wanted]")

    assert download.value.suggested_filename.startswith("wss-")
    browser_visitor.reads("off", "#consents ~ dl")
    browser_visitor.presses("main a[href='/account/access']")
    browser_visitor.reads("Downloaded a copy of all data")
    browser_visitor.reads("Alerts stopped")


def test_erasure_is_refused_with_the_reason_and_done_when_the_law_allows_it(browser_visitor: BrowserVisitor):
    home = open_consumer_page(browser_visitor, "/account/data")
    browser_visitor.presses("#forget ~ p a")
    browser_visitor.reads("We cannot erase your data today")
    browser_visitor.presses("[action='/account/data/erase'] .btn")
    browser_visitor.presses(password=PASSWORD)
    browser_visitor.reads("Keep my online registration")
    browser_visitor.presses("[action='/account/data/keep'] .btn")
    _long_ago(home)
    browser_visitor.goes_to("/account/data/erase")
    browser_visitor.does_not_see(browser_visitor.says("We cannot erase your data today"))

    browser_visitor.presses("[action='/account/data/erase'] .btn")

    browser_visitor.reads("Your online registration has ended")
    browser_visitor.goes_to("/account")
    browser_visitor.reads("Log in", "h1")


def _long_ago(home: Household) -> None:
    with transaction() as session:
        assert home.consumer is not None
        session.get_one(Consumer, home.consumer.id).created_at = clock.now() - timedelta(days=400)
        session.query(Ownership).one().created_at = clock.now() - timedelta(days=400)


def test_who_waits_reaches_their_data_and_nothing_of_the_connection(browser_visitor: BrowserVisitor):
    home = a_household(registered=False)
    newcomer = given(a_consumer(mobile=ANOTHER_MOBILE, user_name="new.comer"))
    owned = given(an_ownership(newcomer, home.account_no, held_until=clock.now() + timedelta(hours=20)))
    browser_visitor.is_logged_in(newcomer)
    browser_visitor.goes_to("/account")
    browser_visitor.presses("main a[href='/account/data']")
    browser_visitor.sees(ANOTHER_MOBILE)
    browser_visitor.reads("You cannot see connection details until the waiting period ends.")
    browser_visitor.does_not_see("Pooja", "body")
    browser_visitor.presses("main a[href='/account/settings']")
    browser_visitor.reads("Where you are logged in")

    with transaction():
        token = links.new_link("not_me", f"ownership:{owned.id}", timedelta(hours=1))
    reject_registration(token)

    browser_visitor.goes_to("/account")
    browser_visitor.reads("Log in", "h1")
    browser_visitor.is_logged_in(newcomer)
    browser_visitor.goes_to("/account")
    browser_visitor.reads("Your login has no connection")
    browser_visitor.presses("main a[href='/account/data']")
    browser_visitor.sees("new.comer")
