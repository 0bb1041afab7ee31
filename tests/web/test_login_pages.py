"""Login and logout of consumers: redirects, cookies, and the end of sessions."""

import base64
import re
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import (
    ACCOUNT_NO,
    MOBILE,
    Household,
    a_consumer,
    a_household,
    an_ownership,
    given,
    sign_in,
)
from tests.fixtures.registration import ANOTHER_MOBILE, messages, otp_sent_to, rows, wrong
from tests.fixtures.registration_pages import captcha_answer, error_at, log_in_by_form
from tests.fixtures.site import Visitor
from wss.clock import now
from wss.domain.captcha import CaptchaSum
from wss.gateways.captcha_audio import sound
from wss.gateways.captcha_image import picture
from wss.models import Captcha, SignedIn

OURS = ["/account", "/account?tab=bills"]
# test_next_page has all that is refused.
NOT_OURS = ["//evil.example", "https://evil.example/account", "/login", ""]


@pytest.fixture
def home(visitor: Visitor, frozen_clock: Any) -> Household:
    """Return a registered household."""
    return a_household()


@pytest.mark.parametrize("language", ["hi", "en"])
def test_an_empty_form_is_reported_field_by_field(visitor: Visitor, home: Household, language: str):
    page = visitor.fill(f"/login?lang={language}", form="/login", login="", password="", captcha="")

    assert page.status == 422
    assert all(error_at(page, field) for field in ("login", "password", "captcha"))


@pytest.mark.parametrize("typed", ["7950 7619 21", "७९५०७६१९२१", " 7950761921"])
def test_the_account_number_is_taken_as_people_type_it(visitor: Visitor, home: Household, typed: str):
    assert log_in_by_form(visitor, typed).location == "/account"


@pytest.mark.parametrize("typed", ["pooja", "Pooja", " POOJA "])
def test_the_user_name_is_taken_in_any_case(visitor: Visitor, database: Any, typed: str):
    a_household(registered=False)
    given(an_ownership(given(a_consumer(user_name="pooja"))))

    assert log_in_by_form(visitor, typed).status == 303


def test_a_refused_sign_in_keeps_the_login_and_neither_password_nor_sum(visitor: Visitor, home: Household):
    page = log_in_by_form(visitor, ACCOUNT_NO, "not the password")

    fields = page.form(having="login").fields
    assert (fields["login"], fields["password"], fields["captcha"]) == ([ACCOUNT_NO], [""], [""])
    assert "not the password" not in page.html


def test_the_answer_of_the_captcha_is_nowhere_but_in_the_picture(visitor: Visitor, home: Household):
    page = visitor.get("/login")
    [captcha_id] = page.form(having="captcha_id").fields["captcha_id"]
    picture = visitor.client.get(f"/captcha/{captcha_id}.png")

    answer = captcha_answer(visitor, page)
    assert len(captcha_id) == 32 and picture.mimetype == "image/png"
    assert not [key for key, value in visitor.cookies().items() if value == answer]
    # The button for another picture has its own value.
    shown = page.html.split('id="captcha"')[1].split("</div>")[0].replace('value="1" formnovalidate', "")
    assert f'"{answer}"' not in shown


def test_reloading_the_picture_keeps_what_was_typed_and_checks_nothing(visitor: Visitor, home: Household):
    page = visitor.get("/login")
    [first] = page.form(having="captcha_id").fields["captcha_id"]

    again = visitor.send(page, "/login", login="7950", password="", captcha="", reload_captcha="1")

    fields = again.form(having="login").fields
    assert again.status == 200 and fields["login"] == ["7950"] and fields["captcha_id"] != [first]


def test_a_network_that_asks_for_too_many_pictures_gets_a_retry_time(
    visitor: Visitor, home: Household, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("wss.web.captchas.create_captcha", lambda _visitor: None)

    page = visitor.get("/login")

    assert (page.status, page.headers["Retry-After"]) == (429, "900")


@pytest.mark.parametrize("next_page", OURS)
def test_after_signing_in_one_is_where_one_wanted_to_go(visitor: Visitor, home: Household, next_page: str):
    page = log_in_by_form(visitor, ACCOUNT_NO, next=next_page)

    assert (page.status, page.location) == (303, next_page)


@pytest.mark.parametrize("next_page", NOT_OURS)
def test_no_next_page_leads_away_from_the_site(visitor: Visitor, home: Household, next_page: str):
    page = log_in_by_form(visitor, ACCOUNT_NO, next=next_page)

    assert (page.status, page.location) == (303, "/account")


@pytest.mark.parametrize("next_page", NOT_OURS)
def test_the_login_page_does_not_pass_on_such_a_next_page(visitor: Visitor, home: Household, next_page: str):
    page = Visitor(visitor.client).get("/login", query_string={"next": next_page})

    assert page.form(having="login").fields["next"] == [""]


def test_htmx_is_led_on_by_its_own_header(visitor: Visitor, home: Household):
    page = visitor.get("/login")

    answer = visitor.send(
        page,
        "/login",
        htmx=True,
        login=ACCOUNT_NO,
        password="seven blue lamps",
        captcha=captcha_answer(visitor, page),
    )

    assert (answer.status, answer.headers["HX-Redirect"], answer.response.data) == (200, "/account", b"")


def test_the_cookie_is_new_at_sign_in_and_the_planted_one_is_worth_nothing(
    visitor: Visitor, another_visitor: Visitor, home: Household
):
    visitor.client.set_cookie("wss", "A" * 43)
    log_in_by_form(visitor, ACCOUNT_NO)
    another_visitor.client.set_cookie("wss", "A" * 43)

    assert visitor.cookies()["wss"] != "A" * 43
    assert visitor.get("/account").status == 200
    assert another_visitor.get("/account").status == 303


def test_the_cookie_is_new_after_signing_out_too(visitor: Visitor, another_visitor: Visitor, home: Household):
    log_in_by_form(visitor, ACCOUNT_NO)
    signed_in = visitor.cookies()["wss"]
    visitor.fill("/account", form="/logout")
    another_visitor.client.set_cookie("wss", signed_in)

    assert visitor.cookies()["wss"] != signed_in
    assert [v.get("/account").status for v in (visitor, another_visitor)] == [303, 303]
    assert rows(SignedIn) == []


@pytest.mark.parametrize("value", ["", "x", "A" * 42, "A" * 44, "A" * 42 + "!", "é" * 43, "A" * 4000])
def test_a_cookie_of_another_shape_is_replaced(visitor: Visitor, database: Any, value: str):
    page = visitor.get("/login", headers={"Cookie": f"wss={value}"})

    assert page.status == 200
    assert any(line.startswith("wss=") for line in page.headers.getlist("Set-Cookie"))


def test_the_session_cookie_is_out_of_reach_of_scripts_and_ends_with_the_browser(
    visitor: Visitor, home: Household
):
    lines = log_in_by_form(visitor, ACCOUNT_NO).headers.getlist("Set-Cookie")
    [cookie] = [line for line in lines if line.startswith("wss=")]

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Domain" not in cookie and "Max-Age" not in cookie and "Expires" not in cookie


def test_a_phone_that_signed_in_once_is_known_and_a_forged_one_is_not(
    visitor: Visitor, another_visitor: Visitor, home: Household
):
    log_in_by_form(visitor, ACCOUNT_NO)
    visitor.fill("/account", form="/logout")
    known = visitor.cookies()["wss_phone"]
    # Not the last character: some of its bits mean nothing.
    forged = known[:10] + ("A" if known[10] != "A" else "B") + known[11:]
    another_visitor.client.set_cookie("wss_phone", forged)
    for _ in range(6):
        stopped = log_in_by_form(another_visitor, ACCOUNT_NO, "not the password")

    assert stopped.status == 429
    assert log_in_by_form(visitor, ACCOUNT_NO).status == 303


def test_a_login_as_another_consumer_gives_a_known_browser_no_new_tries(
    visitor: Visitor, another_visitor: Visitor, home: Household
):
    a_household("7950761922")
    log_in_by_form(visitor, ACCOUNT_NO)
    another_visitor.client.set_cookie("wss_phone", visitor.cookies()["wss_phone"])
    for _ in range(5):
        log_in_by_form(visitor, ACCOUNT_NO, "not the password")
    log_in_by_form(another_visitor, "7950761922")
    another_visitor.fill("/account", form="/logout")

    stopped = [log_in_by_form(another_visitor, ACCOUNT_NO, "not the password").status for _ in range(6)]

    assert stopped == [422] * 5 + [429]


def test_the_cookie_of_a_known_phone_discloses_nothing_and_does_not_grow_with_a_second_consumer(
    visitor: Visitor, home: Household
):
    log_in_by_form(visitor, ACCOUNT_NO)
    one = visitor.cookies()["wss_phone"]
    a_household("7950761922")
    log_in_by_form(visitor, "7950761922")
    two = visitor.cookies()["wss_phone"]

    readable = [base64.urlsafe_b64decode(f"{part}===") for part in one.split(".")]
    assert not any(b"[" in text and b"]" in text and len(text) < 20 for text in readable)
    assert (len(one), one != two) == (len(two), True)


@pytest.mark.parametrize(
    ("ending", "made"),
    [("png", picture), ("wav", lambda asked, seed: sound(asked, "hi", seed))],
    ids=["look", "sound"],
)
def test_the_picture_of_a_captcha_cannot_be_drawn_from_its_id(
    visitor: Visitor, home: Household, ending: str, made: Callable[[CaptchaSum, int], bytes]
):
    visitor.get("/login")
    [asked] = rows(Captcha)

    shown, again = (visitor.client.get(f"/captcha/{asked.id}.{ending}") for _each in range(2))

    from_the_id = made(CaptchaSum(asked.left, asked.sign, asked.right), zlib.crc32(asked.id.encode()))
    assert shown.status_code == 200
    assert shown.data == again.data != from_the_id


@pytest.fixture
def held(visitor: Visitor, home: Household) -> Visitor:
    """Log in a consumer whose registration is on hold."""
    second = a_household("7950761922", registered=False)
    consumer = given(a_consumer(mobile=ANOTHER_MOBILE))
    given(an_ownership(consumer, second.account_no, held_until=now() + timedelta(hours=24)))
    sign_in(visitor, consumer)
    return visitor


def test_the_waiting_page_names_the_old_number_masked_and_opens_with_its_code(held: Visitor):
    page = held.get("/held")
    held.fill("/held", form="/held/resend")
    refused = held.fill("/held", form="/held", otp=wrong(otp_sent_to(MOBILE, "hold_otp")))
    opened = held.fill("/held", form="/held", otp=otp_sent_to(MOBILE, "hold_otp"))

    assert f"••••••••{MOBILE[-2:]}" in page.text and MOBILE not in page.html
    assert (refused.status, opened.location, held.get("/account").status) == (422, "/account", 200)
    assert [m.recipient for m in messages("hold_otp")] == [MOBILE]


def test_the_waiting_page_stops_after_five_wrong_codes(held: Visitor):
    held.fill("/held", form="/held/resend")
    otp = wrong(otp_sent_to(MOBILE, "hold_otp"))

    pages = [held.fill("/held", form="/held", otp=otp) for _ in range(6)]

    assert [page.status for page in pages] == [422] * 5 + [429]
    assert pages[-1].headers["Retry-After"] == "60"


def test_the_phone_in_hand_stays_known_when_another_is_signed_out(
    visitor: Visitor, another_visitor: Visitor, home: Household
):
    log_in_by_form(another_visitor, ACCOUNT_NO)
    log_in_by_form(visitor, ACCOUNT_NO)
    [elsewhere] = re.findall('name="session" value="([^"]+)"', visitor.get("/account/settings").html)
    visitor.fill("/account/settings", form="/account/sessions/end", session=elsewhere)
    visitor.fill("/account", form="/logout")
    for _ in range(6):
        log_in_by_form(another_visitor, ACCOUNT_NO, "not the password")

    assert log_in_by_form(visitor, ACCOUNT_NO).status == 303
