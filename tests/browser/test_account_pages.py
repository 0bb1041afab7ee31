"""In one's account, in both languages, with and without scripts: connections, sessions, use, one's own data."""

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
from tests.fixtures.browser_user import BrowserUser
from tests.fixtures.my_data import agree
from tests.fixtures.registration import ANOTHER_MOBILE, otp_sent_to
from tests.fixtures.site import Visitor
from wss import clock
from wss.db import transaction
from wss.models import Consumer, Ownership, SignedIn
from wss.services.registration.activation import say_not_me
from wss.services.shared import links

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
SECOND = "7950761939"


def open_consumer_page(browser_user: BrowserUser, path: str = "/account") -> Household:
    home = a_household()
    browser_user.is_logged_in(home.consumer)
    browser_user.goes_to(path)
    return home


def test_a_second_connection_is_added_and_somebody_elses_leads_to_the_claim(browser_user: BrowserUser):
    third = a_household("7950761947")
    second = a_household(SECOND, registered=False, address="12, Ward Ansaripur")
    home = open_consumer_page(browser_user)
    browser_user.presses("a[href='/account/connections/add']")
    browser_user.presses(account_no=SECOND, bill_no=home.bill_no)
    browser_user.reads("Confirm that it is you", "h1")
    browser_user.presses(password=PASSWORD)
    browser_user.reads(
        "These numbers do not fit together. Take both from one of the last three bills of the connection.",
        "#error-summary",
    )
    browser_user.presses(account_no=third.account_no, bill_no=third.bill_no)
    browser_user.reads("This is my connection", "main a.b2[href='/register/claim']")
    browser_user.presses(account_no=SECOND, bill_no=second.bill_no)
    browser_user.presses(otp="123")
    browser_user.reads("Enter the 6 digits of the OTP", "#error-summary")

    browser_user.presses(otp=otp_sent_to(MOBILE, "join_otp"))

    browser_user.sees("7950 761 939")
    browser_user.goes_to("/account")
    expect(browser_user.page.locator("a.tile")).to_have_count(2)
    browser_user.sees("12, Ward Ansaripur")


def test_sessions_are_listed_and_ended(browser_user: BrowserUser):
    home = open_consumer_page(browser_user)
    sign_in(Visitor(browser_user.site.app.test_client()), home.consumer)
    browser_user.presses("main a[href='/account/settings']")
    expect(browser_user.page.locator("[name=session]")).to_have_count(1)
    browser_user.reads("(here)")

    browser_user.presses("[name=session]")

    expect(browser_user.page.locator("[name=session]")).to_have_count(0)
    browser_user.presses("[name=all]")
    assert browser_user.site.path(browser_user.page.url) == "/login"
    with transaction() as session:
        assert session.query(SignedIn).count() == 0


def test_use_is_shown_as_a_chart_and_as_a_table(browser_user: BrowserUser):
    given(*bill_correction())
    home = open_consumer_page(browser_user)
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
    browser_user.presses("a.tile")

    browser_user.presses(f"a[href$='{home.account_no}/consumption']")

    expect(browser_user.page.locator("svg[role=img] rect")).to_have_count(7)
    expect(browser_user.page.locator("main table tr")).to_have_count(8)
    browser_user.sees("1204", "main table")
    browser_user.presses("main .note.care a")
    expect(browser_user.page.locator("[value='201000000007']")).to_be_checked()


def test_what_is_held_is_shown_downloaded_and_consent_taken_back(browser_user: BrowserUser):
    home = open_consumer_page(browser_user)
    agree(home)
    browser_user.presses("main a[href='/account/data']")
    browser_user.sees("UP32550680")
    browser_user.reads("Privacy notice", "#consents ~ dl")

    browser_user.page.locator("[action='/account/data/export'] button").click()
    browser_user.presses(password=PASSWORD)
    browser_user.reads("Confirmed. Download it now.")
    with browser_user.page.expect_download() as download:
        browser_user.page.locator("[action='/account/data/export'] button").click()
    browser_user.presses("[action='/account/data/alerts'] [name=wanted]")

    assert download.value.suggested_filename.startswith("wss-")
    browser_user.reads("not wanted", "#consents ~ dl")
    browser_user.presses("main a[href='/account/access']")
    browser_user.reads("Copy of all data taken")
    browser_user.reads("Alerts stopped")


def test_erasure_is_refused_with_the_reason_and_done_when_the_law_allows_it(browser_user: BrowserUser):
    home = open_consumer_page(browser_user, "/account/data")
    browser_user.presses("#forget ~ p a")
    browser_user.reads("It cannot be done today")
    browser_user.presses("[action='/account/data/erase'] .btn")
    browser_user.presses(password=PASSWORD)
    browser_user.reads("Keep my account after all")
    browser_user.presses("[action='/account/data/keep'] .btn")
    _long_ago(home)
    browser_user.goes_to("/account/data/erase")
    browser_user.does_not_see(browser_user.says("It cannot be done today"))

    browser_user.presses("[action='/account/data/erase'] .btn")

    browser_user.reads("The account is closed")
    browser_user.goes_to("/account")
    browser_user.reads("Sign in", "h1")


def _long_ago(home: Household) -> None:
    with transaction() as session:
        assert home.consumer is not None
        session.get_one(Consumer, home.consumer.id).created_at = clock.now() - timedelta(days=400)
        session.query(Ownership).one().created_at = clock.now() - timedelta(days=400)


def test_who_waits_reaches_their_data_and_nothing_of_the_connection(browser_user: BrowserUser):
    home = a_household(registered=False)
    newcomer = given(a_consumer(mobile=ANOTHER_MOBILE, user_name="new.comer"))
    owned = given(an_ownership(newcomer, home.account_no, held_until=clock.now() + timedelta(hours=20)))
    browser_user.is_logged_in(newcomer)
    browser_user.goes_to("/account")
    browser_user.presses("main a[href='/account/data']")
    browser_user.sees(ANOTHER_MOBILE)
    browser_user.reads("Nothing of the connection is shown until the waiting time is over.")
    browser_user.does_not_see("Pooja", "body")
    browser_user.presses("main a[href='/account/settings']")
    browser_user.reads("Where you are signed in")

    with transaction():
        token = links.new_link("not_me", f"ownership:{owned.id}", timedelta(hours=1))
    say_not_me(token)

    browser_user.goes_to("/account")
    browser_user.reads("Sign in", "h1")
    browser_user.is_logged_in(newcomer)
    browser_user.goes_to("/account")
    browser_user.reads("No connection belongs to this account")
    browser_user.presses("main a[href='/account/data']")
    browser_user.sees("new.comer")
