"""The purpose of a visit is kept through registration and login, with what was typed."""

from datetime import date
from typing import Any

import pytest

from tests.factories import MOBILE, PASSWORD, Household, a_bill, a_household, bill_correction, given
from tests.fixtures.pages import Page
from tests.fixtures.registration import a_visitor, otp_sent_to, rows, try_sign_in
from tests.fixtures.registration_pages import (
    captcha_answer,
    error_at,
    give_details,
    log_in_by_form,
    name_connection,
    walk_to_the_end,
)
from tests.fixtures.site import Visitor
from wss.models import Consumer
from wss.services.login.consumer_login import LoginOutcome

WANTED = "/account?request=BILL_CORRECTION"
# As the link of a tile has it, and as the forms of the pages pass it on.
AFTER = "?next=/account?request%3DBILL_CORRECTION"


@pytest.fixture
def home(visitor: Visitor, frozen_clock: Any) -> Household:
    """Return an unregistered connection."""
    given(*bill_correction())
    return a_household(registered=False)


def follow(visitor: Visitor, page: Page, form: str = "", **fields: Any) -> Page:
    """Fill in the form of the page that a response leads to."""
    opened = visitor.get(page.location)
    return visitor.send(opened, page.location, form=form or None, **fields)


def link_of(visitor: Visitor, page: str, to: str) -> str:
    """Return the address of a page's link."""
    return next(link for link in visitor.get(page).links if link.startswith(to))


def test_registering_ends_on_the_form_that_was_wanted(visitor: Visitor, home: Household):
    start = link_of(visitor, link_of(visitor, "/urban", "/login"), "/register")
    named = visitor.fill(start, account_no=home.account_no, bill_no=home.bill_no)
    given_ = follow(visitor, named, mobile=MOBILE, accept_terms="1", accept_privacy="1")

    ended = follow(visitor, given_, "/register/verify", otp=otp_sent_to(MOBILE))

    assert ended.location.startswith(f"/account/{home.account_no}/requests/new?")
    assert "You are registered and logged in." in visitor.get(f"{ended.location}&lang=en").text


@pytest.mark.parametrize("page", ["/", "/urban", "/rural", f"/login{AFTER}"])
def test_the_first_and_a_later_time_are_offered_alike(visitor: Visitor, home: Household, page: str):
    wanted = "dispute%3D1" if page == "/" else "request%3DBILL_CORRECTION"
    new, known = f"/register?next=/account?{wanted}", f"/login?next=/account?{wanted}"

    doors = [link for link in visitor.get(page).links if link in (new, known, "#login")]

    assert doors[:2] == [new, "#login" if page.startswith("/login") else known]


def test_the_purpose_survives_every_error_of_a_registration(visitor: Visitor, home: Household):
    wrong = visitor.fill(f"/register{AFTER}", account_no=home.account_no, bill_no="NOSUCH")
    named = visitor.send(wrong, "/register", account_no=home.account_no, bill_no=home.bill_no)
    unticked = follow(visitor, named, mobile=MOBILE)
    sent = visitor.send(unticked, "/register/details", mobile=MOBILE, accept_terms="1", accept_privacy="1")
    missed = follow(visitor, sent, "/register/verify", otp="12")

    code = otp_sent_to(MOBILE)
    ended = visitor.send(missed, "/register/verify", form="/register/verify", otp=code)

    assert (wrong.status, unticked.status, missed.status) == (422, 422, 422)
    assert ended.location.startswith(f"/account/{home.account_no}/requests/new?")


def test_a_bill_is_disputed_by_the_kind_of_the_network(visitor: Visitor, home: Household):
    ended = walk_to_the_end(visitor, home)
    assert ended.status == 303

    form = visitor.get("/account?dispute=1")

    assert f"/account/{home.account_no}/requests/new?" in form.location
    assert "request=BILL_CORRECTION" in form.location


def test_registering_ends_on_the_most_unusual_bill(visitor: Visitor, home: Household):
    for number, units in enumerate((100, 110, 1790, 105, 400)):
        day = date(2026, 1 + number, 1)
        given(a_bill(f"2010000000{number}", bill_month=f"2026-0{1 + number}", period_from=day, units=units))

    ended = walk_to_the_end(visitor, home)

    assert ended.location == f"/account/{home.account_no}/bills/20100000002?registered=1"


@pytest.mark.parametrize("way", ["password", "otp", "recovery", "claim"])
def test_every_way_of_signing_in_ends_on_the_form(
    visitor: Visitor, home: Household, frozen_clock: Any, way: str
):
    walk_to_the_end(Visitor(visitor.client.application.test_client()), home)
    frozen_clock.advance(minutes=2)
    facts = {"account_no": home.account_no, "bill_no": home.bill_no}
    chosen = {"password": PASSWORD, "password_again": PASSWORD}
    at = f"/login{AFTER}"
    if way == "otp":
        asked = visitor.fill(link_of(visitor, at, "/login/otp"), **facts)
        ended = follow(visitor, asked, "/login/otp/verify", otp=otp_sent_to(MOBILE, "sign_in_otp"))
    else:
        if way == "recovery":
            asked = visitor.fill(link_of(visitor, at, "/forgot-password"), **facts)
            code = otp_sent_to(MOBILE, "password_otp")
            at = follow(visitor, asked, "/forgot-password/verify", otp=code, **chosen).location
        elif way == "claim":
            known = visitor.fill(link_of(visitor, at, "/register"), **facts)
            claim = next(link for link in known.links if link.startswith("/register/claim"))
            asked = visitor.fill(claim, **facts)
            code = otp_sent_to(MOBILE, "claim_otp")
            ticks = {"accept_terms": "1", "accept_privacy": "1"}
            at = follow(visitor, asked, "/register/claim/verify", otp=code, **chosen, **ticks).location
        ended = log_in_by_form(visitor, home.account_no, at=at)

    assert ended.location == WANTED


def test_a_password_may_be_left_for_later(visitor: Visitor, home: Household):
    ended = walk_to_the_end(visitor, home, password="", password_again="")

    assert ended.status == 303 and len(rows(Consumer)) == 1
    for typed in ("", "the password of nobody"):
        assert try_sign_in(a_visitor(), home.account_no, typed).outcome is LoginOutcome.WRONG


def test_where_there_is_no_mobile_a_password_is_needed(visitor: Visitor, frozen_clock: Any):
    home = a_household(registered=False, mobile_on_record=None)
    name_connection(visitor, home.account_no, home.bill_no)

    page = give_details(visitor, mobile="", email="pooja@example.in", password="", password_again="")

    assert page.status == 422 and error_at(page, "password")


def test_a_password_is_not_typed_again_because_a_tick_was_missing(visitor: Visitor, home: Household):
    name_connection(visitor, home.account_no, home.bill_no)
    missing = give_details(visitor, accept_terms=None)
    assert PASSWORD not in missing.html

    give_details(visitor, password="", password_again="")
    visitor.fill("/register/verify", form="/register/verify", otp=otp_sent_to(MOBILE))

    assert try_sign_in(a_visitor(), home.account_no, PASSWORD).outcome is LoginOutcome.IN


def test_a_kept_password_that_turns_out_to_be_the_user_name_is_not_used(visitor: Visitor, home: Household):
    name_connection(visitor, home.account_no, home.bill_no)
    name = "pooja.sharma.of.kumarpur"
    give_details(visitor, password=name, password_again=name, accept_terms=None)

    give_details(visitor, user_name=name, password="", password_again="")
    visitor.fill("/register/verify", form="/register/verify", otp=otp_sent_to(MOBILE))

    assert try_sign_in(a_visitor(), name, name).outcome is LoginOutcome.WRONG


def test_a_sign_in_page_of_another_time_says_why_and_works_at_the_second_press(
    visitor: Visitor, home: Household
):
    walk_to_the_end(Visitor(visitor.client.application.test_client()), home)
    old_tab = visitor.get("/login?lang=en")
    log_in_by_form(visitor, home.account_no)

    again = visitor.send(old_tab, "/login", login=home.account_no, password=PASSWORD, captcha="1")

    fields = again.form(having="login").fields
    assert (again.status, fields["login"]) == (400, [home.account_no])
    assert "in another tab" in again.text and PASSWORD not in again.html
    answer = captcha_answer(visitor, again)
    signed_in = visitor.send(again, "/login", login=home.account_no, password=PASSWORD, captcha=answer)
    assert (signed_in.status, signed_in.location) == (303, "/account")


@pytest.mark.parametrize(("path", "name"), [("/login", "login"), ("/staff/login", "employee_id")])
def test_a_browser_that_keeps_no_cookie_is_informed_of_it(
    visitor: Visitor, another_visitor: Visitor, path: str, name: str
):
    page = visitor.get(f"{path}?lang=en")

    answer = another_visitor.send(page, path, **{name: "A1234"}, password=PASSWORD)

    assert answer.status == 400
    another_visitor.client.set_cookie("wss_language", "en")
    assert "कुकी" in answer.text or "did not send our cookie back" in answer.text
    assert answer.form(having=name).fields[name] == ["A1234"]


def test_a_new_password_is_not_typed_again_because_the_code_was_wrong(
    visitor: Visitor, home: Household, frozen_clock: Any
):
    walk_to_the_end(Visitor(visitor.client.application.test_client()), home)
    frozen_clock.advance(minutes=2)
    asked = visitor.fill("/forgot-password", account_no=home.account_no, bill_no=home.bill_no)
    code, chosen = otp_sent_to(MOBILE, "password_otp"), "eleven green doors"
    for typed in ("12", "000000"):
        missed = follow(visitor, asked, asked.location, otp=typed, password=chosen, password_again=chosen)
        assert missed.status == 422 and chosen not in missed.html

    follow(visitor, asked, asked.location, otp=code, password="", password_again="")

    assert try_sign_in(a_visitor(), home.account_no, chosen).outcome is LoginOutcome.IN


def test_a_claim_keeps_the_password_while_a_tick_is_missing(
    visitor: Visitor, home: Household, frozen_clock: Any
):
    walk_to_the_end(Visitor(visitor.client.application.test_client()), home)
    frozen_clock.advance(minutes=2)
    asked = visitor.fill("/register/claim", account_no=home.account_no, bill_no=home.bill_no)
    code, chosen = otp_sent_to(MOBILE, "claim_otp"), "eleven green doors"
    follow(visitor, asked, asked.location, otp=code, password=chosen, password_again=chosen)

    ticks = {"accept_terms": "1", "accept_privacy": "1"}
    follow(visitor, asked, asked.location, otp=code, password="", password_again="", **ticks)

    assert try_sign_in(a_visitor(), home.account_no, chosen).outcome is LoginOutcome.IN
