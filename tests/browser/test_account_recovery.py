"""Account recovery, in both languages, with and without scripts: OTP, password, user name, mobile, claim."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.factories import MOBILE, PASSWORD, Household, a_household
from tests.fixtures.browser_visitor import BrowserVisitor
from tests.fixtures.registration import ANOTHER_MOBILE, otp_sent_to, solved_for_page, token_in, wrong
from wss import clock
from wss.db import transaction
from wss.models import Consumer

pytestmark = pytest.mark.sqlite_only("pages and scripts do not depend on the database")
NEW_PASSWORD = "nine green boats"


def facts(home: Household) -> dict[str, str]:
    return {"account_no": home.account_no, "bill_no": home.bill_no}


def sign_in(browser_visitor: BrowserVisitor, home: Household, password: str) -> None:
    browser_visitor.presses(
        login=home.account_no, password=password, **{"captcha-answer": solved_for_page(browser_visitor.page)}
    )


def change(home: Household, **columns: object) -> None:
    with transaction() as session:
        assert home.consumer is not None
        row = session.get_one(Consumer, home.consumer.id)
        for name, value in columns.items():
            setattr(row, name, value)


def test_a_forgotten_user_name_and_signing_in_by_otp(browser_visitor: BrowserVisitor):
    home = a_household()
    change(home, user_name="pooja.sharma")
    browser_visitor.goes_to("/login")
    browser_visitor.presses("a[href='/forgot-username']")
    browser_visitor.presses(**facts(home))
    browser_visitor.reads(
        "If the numbers you entered are correct, the user name will come by SMS to the registered mobile number."
    )
    browser_visitor.does_not_see("pooja.sharma", "body")
    browser_visitor.waits(minutes=2)
    browser_visitor.presses("main a[href='/login']:not(.back)")
    browser_visitor.presses("a[href='/login/otp']")
    browser_visitor.presses()
    browser_visitor.reads("Enter a bill number", "#error-summary")
    browser_visitor.presses(**facts(home))
    browser_visitor.reads("The SMS must show this reference number:")
    otp = otp_sent_to(MOBILE, "sign_in_otp")
    browser_visitor.presses(otp=wrong(otp))
    browser_visitor.reads("This OTP is incorrect or has expired. Request a new one.", "#error-summary")

    browser_visitor.presses(otp=otp)

    browser_visitor.reads("My connections")
    browser_visitor.sees("Pooja Sharma")


def test_a_forgotten_password_by_otp(browser_visitor: BrowserVisitor):
    home = a_household()
    browser_visitor.goes_to("/login")
    browser_visitor.presses("a[href='/forgot-password']")
    browser_visitor.presses(**facts(home))
    otp = otp_sent_to(MOBILE, "password_otp")
    browser_visitor.presses(otp=otp, password=NEW_PASSWORD, password_again="another")
    browser_visitor.reads("Passwords do not match. Enter the same password in both fields.", "#error-summary")

    browser_visitor.presses(otp=otp, password=NEW_PASSWORD, password_again=NEW_PASSWORD)

    browser_visitor.reads("Your new password is saved. Log in with it.")
    sign_in(browser_visitor, home, NEW_PASSWORD)
    browser_visitor.reads("My connections")


def test_a_forgotten_password_by_an_emailed_link(browser_visitor: BrowserVisitor):
    home = a_household()
    change(home, email="pooja@example.in", email_verified_at=clock.now() - timedelta(days=1))
    browser_visitor.goes_to("/forgot-password")
    browser_visitor.presses(**facts(home))
    address = f"/reset/{token_in('reset_link')}"
    browser_visitor.goes_to(address)
    browser_visitor.presses(bill_no="NOSUCH", password=NEW_PASSWORD, password_again=NEW_PASSWORD)
    browser_visitor.reads(
        "This is not one of the last three bills of your connection. Enter the number of one of those.",
        "#error-summary",
    )

    browser_visitor.presses(bill_no=home.bill_no, password=NEW_PASSWORD, password_again=NEW_PASSWORD)

    browser_visitor.reads("Your new password is saved. Log in with it.")
    browser_visitor.goes_to(address)
    browser_visitor.reads("This link has expired")


def test_a_new_mobile_at_once_with_the_old_one_s_otp(browser_visitor: BrowserVisitor):
    home = a_household()
    browser_visitor.goes_to("/login")
    browser_visitor.presses("a[href='/update-mobile']")
    browser_visitor.presses(**facts(home), mobile="12345")
    browser_visitor.reads("Enter a 10-digit mobile number that begins with 6, 7, 8 or 9", "#error-summary")
    browser_visitor.presses(mobile=ANOTHER_MOBILE)

    browser_visitor.presses(
        otp=otp_sent_to(ANOTHER_MOBILE, "new_mobile_otp"), old_otp=otp_sent_to(MOBILE, "old_mobile_otp")
    )

    browser_visitor.reads("Your mobile number has been changed")
    browser_visitor.is_logged_in(home.consumer)
    browser_visitor.goes_to("/account/data")
    browser_visitor.sees(ANOTHER_MOBILE)


def test_a_new_mobile_after_a_day_unless_the_old_one_objects(browser_visitor: BrowserVisitor):
    home = a_household()
    browser_visitor.goes_to("/update-mobile")
    browser_visitor.presses(**facts(home), mobile=ANOTHER_MOBILE)
    browser_visitor.presses(otp=otp_sent_to(ANOTHER_MOBILE, "new_mobile_otp"))
    browser_visitor.reads("Your mobile number has not changed yet")
    browser_visitor.goes_to(f"/not-me/{token_in('mobile_coming')}")
    browser_visitor.reads("Someone has asked to change your registered mobile number", "h1")

    browser_visitor.presses()

    browser_visitor.reads("Your mobile number is the same as before", "h1")
    browser_visitor.waits(hours=25)
    browser_visitor.is_logged_in(home.consumer)
    browser_visitor.goes_to("/account/data")
    browser_visitor.does_not_see(ANOTHER_MOBILE)


def test_my_connection_comes_to_me_with_an_otp_to_the_number_on_record(browser_visitor: BrowserVisitor):
    home = a_household()
    browser_visitor.goes_to("/register")
    browser_visitor.presses(**facts(home))
    # The first of the two buttons is the main one: white on green, not in the red of an error.
    expect(browser_visitor.page.locator("#error-summary .btn").first).to_have_css(
        "color", "rgb(255, 255, 255)"
    )
    browser_visitor.presses("a[href='/register/claim']")
    browser_visitor.presses(**facts(home))

    browser_visitor.page.check("#accept_terms")
    browser_visitor.page.check("#accept_privacy")
    browser_visitor.presses(
        otp=otp_sent_to(MOBILE, "claim_otp"), password=NEW_PASSWORD, password_again=NEW_PASSWORD
    )

    browser_visitor.reads(
        "The connection is now in your login. Log in with the account number and your new password."
    )
    sign_in(browser_visitor, home, PASSWORD)
    browser_visitor.reads(
        "Check your account number or user name, password and the answer to the sum", "#error-summary"
    )
    sign_in(browser_visitor, home, NEW_PASSWORD)
    browser_visitor.reads("My connections")


def test_without_a_number_on_record_the_officer_decides(browser_visitor: BrowserVisitor):
    home = a_household(mobile_on_record=None)
    browser_visitor.goes_to("/register/claim")
    browser_visitor.presses(**facts(home))
    browser_visitor.presses(mobile=ANOTHER_MOBILE)
    browser_visitor.presses(otp="12")
    browser_visitor.reads("You must accept the terms to continue", "#error-summary")

    browser_visitor.page.check("#accept_terms")
    browser_visitor.page.check("#accept_privacy")
    browser_visitor.presses(
        otp=otp_sent_to(ANOTHER_MOBILE, "claim_otp"), password=NEW_PASSWORD, password_again=NEW_PASSWORD
    )

    browser_visitor.reads("Your claim has been submitted")
    browser_visitor.sees("100 0000 0016", "#no")
    browser_visitor.presses("main a[href='/track']")
    browser_visitor.reads("Track a complaint", "h1")
