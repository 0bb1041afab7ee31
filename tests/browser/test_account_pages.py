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
from tests.fixtures.browser_user import Walker
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


def at_home(walker: Walker, path: str = "/account") -> Household:
    home = a_household()
    walker.is_let_in(home.consumer)
    walker.goes_to(path)
    return home


def test_a_second_connection_is_added_and_somebody_elses_leads_to_the_claim(walker: Walker):
    third = a_household("7950761947")
    second = a_household(SECOND, registered=False, address="12, Ward Ansaripur")
    home = at_home(walker)
    walker.presses("a[href='/account/connections/add']")
    walker.presses(account_no=SECOND, bill_no=home.bill_no)
    walker.reads("Confirm that it is you", "h1")
    walker.presses(password=PASSWORD)
    walker.reads(
        "These numbers do not fit together. Take both from one of the last three bills of the connection.",
        "#error-summary",
    )
    walker.presses(account_no=third.account_no, bill_no=third.bill_no)
    walker.reads("This is my connection", "main a.b2[href='/register/claim']")
    walker.presses(account_no=SECOND, bill_no=second.bill_no)
    walker.presses(otp="123")
    walker.reads("Enter the 6 digits of the OTP", "#error-summary")

    walker.presses(otp=otp_sent_to(MOBILE, "join_otp"))

    walker.sees("7950 761 939")
    walker.goes_to("/account")
    expect(walker.page.locator("a.tile")).to_have_count(2)
    walker.sees("12, Ward Ansaripur")


def test_sessions_are_listed_and_ended(walker: Walker):
    home = at_home(walker)
    sign_in(Visitor(walker.site.app.test_client()), home.consumer)
    walker.presses("main a[href='/account/settings']")
    expect(walker.page.locator("[name=session]")).to_have_count(1)
    walker.reads("(here)")

    walker.presses("[name=session]")

    expect(walker.page.locator("[name=session]")).to_have_count(0)
    walker.presses("[name=all]")
    assert walker.site.path(walker.page.url) == "/login"
    with transaction() as session:
        assert session.query(SignedIn).count() == 0


def test_use_is_shown_as_a_chart_and_as_a_table(walker: Walker):
    given(*bill_correction())
    home = at_home(walker)
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
    walker.presses("a.tile")

    walker.presses(f"a[href$='{home.account_no}/consumption']")

    expect(walker.page.locator("svg[role=img] rect")).to_have_count(7)
    expect(walker.page.locator("main table tr")).to_have_count(8)
    walker.sees("1204", "main table")
    walker.presses("main .note.care a")
    expect(walker.page.locator("[value='201000000007']")).to_be_checked()


def test_what_is_held_is_shown_downloaded_and_consent_taken_back(walker: Walker):
    home = at_home(walker)
    agree(home)
    walker.presses("main a[href='/account/data']")
    walker.sees("UP32550680")
    walker.reads("Privacy notice", "#consents ~ dl")

    walker.page.locator("[action='/account/data/export'] button").click()
    walker.presses(password=PASSWORD)
    walker.reads("Confirmed. Download it now.")
    with walker.page.expect_download() as download:
        walker.page.locator("[action='/account/data/export'] button").click()
    walker.presses("[action='/account/data/alerts'] [name=wanted]")

    assert download.value.suggested_filename.startswith("wss-")
    walker.reads("not wanted", "#consents ~ dl")
    walker.presses("main a[href='/account/access']")
    walker.reads("Copy of all data taken")
    walker.reads("Alerts stopped")


def test_erasure_is_refused_with_the_reason_and_done_when_the_law_allows_it(walker: Walker):
    home = at_home(walker, "/account/data")
    walker.presses("#forget ~ p a")
    walker.reads("It cannot be done today")
    walker.presses("[action='/account/data/erase'] .btn")
    walker.presses(password=PASSWORD)
    walker.reads("Keep my account after all")
    walker.presses("[action='/account/data/keep'] .btn")
    _long_ago(home)
    walker.goes_to("/account/data/erase")
    walker.does_not_see(walker.says("It cannot be done today"))

    walker.presses("[action='/account/data/erase'] .btn")

    walker.reads("The account is closed")
    walker.goes_to("/account")
    walker.reads("Sign in", "h1")


def _long_ago(home: Household) -> None:
    with transaction() as session:
        assert home.consumer is not None
        session.get_one(Consumer, home.consumer.id).created_at = clock.now() - timedelta(days=400)
        session.query(Ownership).one().created_at = clock.now() - timedelta(days=400)


def test_who_waits_reaches_their_data_and_nothing_of_the_connection(walker: Walker):
    home = a_household(registered=False)
    newcomer = given(a_consumer(mobile=ANOTHER_MOBILE, user_name="new.comer"))
    owned = given(an_ownership(newcomer, home.account_no, held_until=clock.now() + timedelta(hours=20)))
    walker.is_let_in(newcomer)
    walker.goes_to("/account")
    walker.presses("main a[href='/account/data']")
    walker.sees(ANOTHER_MOBILE)
    walker.reads("Nothing of the connection is shown until the waiting time is over.")
    walker.does_not_see("Pooja", "body")
    walker.presses("main a[href='/account/settings']")
    walker.reads("Where you are signed in")

    with transaction():
        token = links.new_link("not_me", f"ownership:{owned.id}", timedelta(hours=1))
    say_not_me(token)

    walker.goes_to("/account")
    walker.reads("Sign in", "h1")
    walker.is_let_in(newcomer)
    walker.goes_to("/account")
    walker.reads("No connection belongs to this account")
    walker.presses("main a[href='/account/data']")
    walker.sees("new.comer")
