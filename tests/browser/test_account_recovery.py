"""The ways back in, in both languages, with and without scripts: OTP, password, user name, mobile, claim."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.factories import MOBILE, PASSWORD, Household, a_household
from tests.fixtures.browser_user import Walker
from tests.fixtures.registration import ANOTHER_MOBILE, otp_sent_to, solved_for_page, token_in, wrong
from wss import clock
from wss.db import transaction
from wss.models import Consumer

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
NEW_PASSWORD = "nine green boats"


def facts(home: Household) -> dict[str, str]:
    return {"account_no": home.account_no, "bill_no": home.bill_no}


def sign_in(walker: Walker, home: Household, password: str) -> None:
    walker.presses(
        login=home.account_no, password=password, **{"captcha-answer": solved_for_page(walker.page)}
    )


def change(home: Household, **columns: object) -> None:
    with transaction() as session:
        assert home.consumer is not None
        row = session.get_one(Consumer, home.consumer.id)
        for name, value in columns.items():
            setattr(row, name, value)


def test_a_forgotten_user_name_and_signing_in_by_otp(walker: Walker):
    home = a_household()
    change(home, user_name="pooja.sharma")
    walker.goes_to("/login")
    walker.presses("a[href='/forgot-username']")
    walker.presses(**facts(home))
    walker.reads(
        "If the numbers are right, the user name is on its way by SMS to the mobile number of the account."
    )
    walker.does_not_see("pooja.sharma", "body")
    walker.waits(minutes=2)
    walker.presses("main a[href='/login']:not(.back)")
    walker.presses("a[href='/login/otp']")
    walker.presses()
    walker.reads("Enter a bill number", "#error-summary")
    walker.presses(**facts(home))
    walker.reads("Reference number")
    otp = otp_sent_to(MOBILE, "sign_in_otp")
    walker.presses(otp=wrong(otp))
    walker.reads("This OTP is not right, or its 10 minutes are over", "#error-summary")

    walker.presses(otp=otp)

    walker.reads("My connections")
    walker.sees("Pooja Sharma")


def test_a_forgotten_password_by_otp(walker: Walker):
    home = a_household()
    walker.goes_to("/login")
    walker.presses("a[href='/forgot-password']")
    walker.presses(**facts(home))
    otp = otp_sent_to(MOBILE, "password_otp")
    walker.presses(otp=otp, password=NEW_PASSWORD, password_again="another")
    walker.reads("The two passwords differ", "#error-summary")

    walker.presses(otp=otp, password=NEW_PASSWORD, password_again=NEW_PASSWORD)

    walker.reads("Your new password is saved. Sign in with it.")
    sign_in(walker, home, NEW_PASSWORD)
    walker.reads("My connections")


def test_a_forgotten_password_by_an_emailed_link(walker: Walker):
    home = a_household()
    change(home, email="pooja@example.in", email_verified_at=clock.now() - timedelta(days=1))
    walker.goes_to("/forgot-password")
    walker.presses(**facts(home))
    address = f"/reset/{token_in('reset_link')}"
    walker.goes_to(address)
    walker.presses(bill_no="NOSUCH", password=NEW_PASSWORD, password_again=NEW_PASSWORD)
    walker.reads("This is not one of the last three bills of your connection", "#error-summary")

    walker.presses(bill_no=home.bill_no, password=NEW_PASSWORD, password_again=NEW_PASSWORD)

    walker.reads("Your new password is saved. Sign in with it.")
    walker.goes_to(address)
    walker.reads("This link is over")


def test_a_new_mobile_at_once_with_the_old_one_s_otp(walker: Walker):
    home = a_household()
    walker.goes_to("/login")
    walker.presses("a[href='/update-mobile']")
    walker.presses(**facts(home), mobile="12345")
    walker.reads("A mobile number has 10 digits and begins with 6, 7, 8 or 9", "#error-summary")
    walker.presses(mobile=ANOTHER_MOBILE)

    walker.presses(
        otp=otp_sent_to(ANOTHER_MOBILE, "new_mobile_otp"), old_otp=otp_sent_to(MOBILE, "old_mobile_otp")
    )

    walker.reads("Your mobile number is changed")
    walker.is_let_in(home.consumer)
    walker.goes_to("/account/data")
    walker.sees(ANOTHER_MOBILE)


def test_a_new_mobile_after_a_day_unless_the_old_one_objects(walker: Walker):
    home = a_household()
    walker.goes_to("/update-mobile")
    walker.presses(**facts(home), mobile=ANOTHER_MOBILE)
    walker.presses(otp=otp_sent_to(ANOTHER_MOBILE, "new_mobile_otp"))
    walker.reads("Your mobile number changes in 24 hours")
    walker.goes_to(f"/not-me/{token_in('mobile_coming')}")
    walker.reads("Somebody wants another mobile number for your account", "h1")

    walker.presses()

    walker.reads("Your mobile number stays as it was", "h1")
    walker.waits(hours=25)
    walker.is_let_in(home.consumer)
    walker.goes_to("/account/data")
    walker.does_not_see(ANOTHER_MOBILE)


def test_my_connection_comes_to_me_with_an_otp_to_the_number_on_record(walker: Walker):
    home = a_household()
    walker.goes_to("/register")
    walker.presses(**facts(home))
    # Of the two buttons the first is the main one: white on green, not in the red of an error.
    expect(walker.page.locator("#error-summary .btn").first).to_have_css("color", "rgb(255, 255, 255)")
    walker.presses("a[href='/register/claim']")
    walker.presses(**facts(home))

    walker.page.check("#accept_terms")
    walker.page.check("#accept_privacy")
    walker.presses(otp=otp_sent_to(MOBILE, "claim_otp"), password=NEW_PASSWORD, password_again=NEW_PASSWORD)

    walker.reads("The connection is yours. Sign in with the account number and your new password.")
    sign_in(walker, home, PASSWORD)
    walker.reads("The account number or user name, the password or the sum is not right", "#error-summary")
    sign_in(walker, home, NEW_PASSWORD)
    walker.reads("My connections")


def test_without_a_number_on_record_the_officer_decides(walker: Walker):
    home = a_household(mobile_on_record=None)
    walker.goes_to("/register/claim")
    walker.presses(**facts(home))
    walker.presses(mobile=ANOTHER_MOBILE)
    walker.presses(otp="12")
    walker.reads("Accept the terms to go on", "#error-summary")

    walker.page.check("#accept_terms")
    walker.page.check("#accept_privacy")
    walker.presses(
        otp=otp_sent_to(ANOTHER_MOBILE, "claim_otp"), password=NEW_PASSWORD, password_again=NEW_PASSWORD
    )

    walker.reads("Your claim is lodged")
    walker.sees("100 0000 0016", "#no")
    walker.presses("main a[href='/track']")
    walker.reads("Track a complaint", "h1")
