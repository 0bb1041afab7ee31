"""Pages while passwords are guessed: one more step after the right password, and captchas that lose no input."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.factories import (
    ACCOUNT_NO,
    MOBILE,
    PASSWORD,
    Household,
    a_consumer,
    a_household,
    an_ownership,
    given,
)
from tests.fixtures.registration import otp_sent_to, wrong
from tests.fixtures.registration_pages import captcha_answer, error_at
from tests.fixtures.site import Visitor
from wss.db import transaction
from wss.domain.rate_limits import Limit
from wss.services.shared import rate_limits
from wss.services.shared.sms_budget import ALL

WANTED = "/account?tab=bills"
CODE, DETAILS = "/login/code?next=/account?tab%3Dbills", "/register/details"


@pytest.fixture
def attacked_household(visitor: Visitor, frozen_clock: Any) -> Iterator[Household]:
    """Yield a household whose password has been guessed up to the limit."""
    home = a_household()
    assert home.consumer is not None
    with transaction():
        for _ in range(100):
            rate_limits.consume_silently(Limit.SIGN_IN_ALL, f"consumer {home.consumer.id}")
    visitor.client.set_cookie("wss_language", "en")
    yield home


def sign_in(visitor: Visitor) -> Any:
    page = visitor.get(f"/login?next={WANTED}")
    return visitor.send(
        page, "/login", login=ACCOUNT_NO, password=PASSWORD, captcha=captcha_answer(visitor, page)
    )


def test_a_new_browser_gives_an_otp_and_is_sent_to_the_requested_page(
    visitor: Visitor, attacked_household: Household
):
    asked = visitor.get(sign_in(visitor).location)
    assert "One more step" in asked.text and f"••••••••{MOBILE[-2:]}" in asked.text
    otp = otp_sent_to(MOBILE, "sign_in_otp")

    refused = visitor.send(asked, CODE, otp=wrong(otp))
    entered = visitor.send(refused, CODE, otp=otp)

    assert (refused.status, error_at(refused, "otp") != "") == (422, True)
    assert entered.location == WANTED


def test_once_in_the_browser_is_known_and_is_asked_no_more(visitor: Visitor, attacked_household: Household):
    asked = visitor.get(sign_in(visitor).location)
    visitor.send(asked, CODE, otp=otp_sent_to(MOBILE, "sign_in_otp"))

    assert sign_in(visitor).location == WANTED


def test_without_a_phone_or_a_letter_box_a_bill_number_is_asked(visitor: Visitor, frozen_clock: Any):
    home = a_household(registered=False)
    consumer = given(a_consumer(mobile=None, email=None))
    given(an_ownership(consumer))
    with transaction():
        for _ in range(100):
            rate_limits.consume_silently(Limit.SIGN_IN_ALL, f"consumer {consumer.id}")
    asked = visitor.get(sign_in(visitor).location)

    refused = visitor.send(asked, CODE, bill_no="NOSUCH")

    assert error_at(refused, "bill_no")
    assert visitor.send(refused, CODE, bill_no=home.bill_no).location == WANTED


def test_the_page_of_the_step_leads_back_where_nothing_is_under_way(visitor: Visitor, database: Any):
    assert visitor.get("/login/code").location == "/login"


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/track", {"complaint_no": "10000000205", "mobile_last4": "0001"}),
        ("/staff/login", {"employee_id": "E999", "password": "anything at all"}),
        ("/login/otp", {"account_no": ACCOUNT_NO, "bill_no": "NOSUCH"}),
        ("/register", {"account_no": ACCOUNT_NO, "bill_no": "NOSUCH"}),
    ],
)
def test_while_the_site_is_guessed_at_a_form_asks_for_a_captcha_and_keeps_what_was_typed(
    visitor: Visitor, frozen_clock: Any, address: str, typed: dict[str, str]
):
    shown = visitor.get(address)
    with transaction():
        rate_limits.consume_silently(Limit.GUESSING, ALL)

    asked = visitor.send(shown, address, **typed)
    reloaded = visitor.send(asked, address, reload_captcha="1")

    assert (asked.status, error_at(asked, "captcha") != "") == (422, True)
    for page in (asked, reloaded):
        fields = page.form(having="captcha_id").fields
        assert all(fields[name] == [value] for name, value in typed.items() if name != "password")
    solved = visitor.send(reloaded, address, **typed, captcha=captcha_answer(visitor, reloaded))
    assert 'id="captcha-e"' not in solved.text


def test_after_five_user_names_step_two_asks_for_a_captcha(visitor: Visitor, frozen_clock: Any):
    given(a_consumer(user_name="taken"))
    visitor.fill("/register", account_no="9999999990")
    page = visitor.get("/register/details")
    for _ in range(5):
        page = visitor.send(page, DETAILS, user_name="taken", accept_terms="y", accept_privacy="y")

    answer = visitor.send(
        page, DETAILS, user_name="free-one", accept_terms="y", accept_privacy="y", captcha="99"
    )

    assert error_at(answer, "captcha")
    assert answer.form(having="captcha_id").fields["user_name"] == ["free-one"]
    assert visitor.send(answer, DETAILS, user_name="", captcha="").status == 303
