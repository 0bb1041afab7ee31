"""A bill number alone is enough where the code goes to the verified mobile only."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.factories import MOBILE, Household, a_household
from tests.fixtures.pages import Page
from tests.fixtures.registration import a_visitor, counted_statements, messages, otp_sent_to, values_of
from tests.fixtures.registration_pages import (
    captcha_answer,
    error_at,
    header_names_and_values,
    without_what_changes,
)
from tests.fixtures.site import Visitor
from wss.domain.captcha import CaptchaAnswer
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.services.registration.recovery import SIGN_IN, begin_recovery

UNKNOWN_BILL = "101000009999"
WAYS = ("/login/otp", "/forgot-password", "/forgot-username")


@pytest.fixture
def home(app: Flask, frozen_clock: Any) -> Household:
    """Return a registered household."""
    return a_household()


def ask(visitor: Visitor, way: str, bill_no: str, **captcha: str) -> Page:
    """Submit the bill number; the first answer asks for a captcha, which is then solved."""
    page = visitor.fill(way, bill_no=bill_no)
    answer = captcha or {"captcha": captcha_answer(visitor, page)}
    return visitor.send(page, way, **{"bill_no": bill_no, **answer})


def test_the_bill_number_and_the_code_sign_in(visitor: Visitor, home: Household):
    asked = ask(visitor, "/login/otp", home.bill_no)
    assert asked.location == "/login/otp/verify"

    page = visitor.fill("/login/otp/verify", otp=otp_sent_to(MOBILE, "sign_in_otp"))

    assert (page.status, page.location) == (303, "/account")


@pytest.mark.parametrize("way", WAYS)
def test_the_answer_is_the_same_for_a_bill_that_there_is_and_one_that_there_is_not(
    app: Flask, home: Household, way: str
):
    pages = []
    for bill_no in (home.bill_no, UNKNOWN_BILL):
        visitor = Visitor(app.test_client())
        page = visitor.fill(way, bill_no=bill_no)
        pages.append([page, visitor.send(page, way, bill_no=bill_no, captcha=captcha_answer(visitor, page))])

    for one, another in zip(*pages, strict=True):
        assert one.status == another.status
        assert header_names_and_values(one) == header_names_and_values(another)
        assert without_what_changes(one, home.bill_no) == without_what_changes(another, UNKNOWN_BILL)
    [sent] = [message for message in messages() if message.recipient]
    assert sent.recipient == MOBILE


def test_an_empty_answer_is_asked_for_and_not_called_wrong(visitor: Visitor, home: Household):
    page = ask(visitor, "/login/otp", home.bill_no, captcha="")

    assert error_at(page, "captcha") == "ग़लती: चित्र में दिए सवाल का उत्तर भरें"


def test_the_work_is_the_same_too(home: Household, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("wss.services.registration.recovery.answer_captcha", lambda *_: True)
    counted = []
    for number, bill_no in enumerate((home.bill_no, UNKNOWN_BILL)):
        with counted_statements() as statements:
            begin_recovery(
                a_visitor(f"browser {number}"), SIGN_IN, KnowledgeFacts("", bill_no), CaptchaAnswer()
            )
        counted.append(list(statements))

    assert counted[0] == counted[1]


def test_without_the_sum_nothing_is_sent(visitor: Visitor, home: Household):
    answer = ask(visitor, "/login/otp", home.bill_no, captcha="99")

    assert answer.status == 422 and error_at(answer, "captcha")
    assert messages() == []


@pytest.mark.parametrize("limit", [Limit.ONE_NUMBER_BROWSER, Limit.ONE_NUMBER_ADDRESS, Limit.ONE_NUMBER_ALL])
def test_bill_numbers_cannot_be_counted_up(
    visitor: Visitor, home: Household, limit: Limit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ALLOWANCES, limit, replace(ALLOWANCES[limit], times=1))
    ask(visitor, "/login/otp", UNKNOWN_BILL)

    refused = ask(visitor, "/login/otp", home.bill_no)

    assert (refused.status, refused.headers["Retry-After"]) == (429, "3600")
    with_both = visitor.fill("/login/otp", account_no=home.account_no, bill_no=home.bill_no)
    assert with_both.location == "/login/otp/verify"


def test_wrong_codes_with_one_bill_are_not_counted_against_another(app: Flask, home: Household):
    for number in range(2):
        other = Visitor(app.test_client())
        ask(other, "/login/otp", f"10100000888{number}")
        for _ in range(3):
            other.fill("/login/otp/verify", otp="000000")
    visitor = Visitor(app.test_client())
    ask(visitor, "/login/otp", home.bill_no)

    page = visitor.fill("/login/otp/verify", otp=otp_sent_to(MOBILE, "sign_in_otp"))

    assert page.status == 303


def test_without_a_user_name_the_account_number_goes_out(visitor: Visitor, home: Household):
    ask(visitor, "/forgot-username", home.bill_no)

    assert values_of(messages("user_name")[0]) == {"user_name": home.account_no}


@pytest.mark.parametrize("way", ["/update-mobile", "/register/claim"])
def test_elsewhere_both_numbers_are_needed(visitor: Visitor, home: Household, way: str):
    answer = visitor.fill(way, bill_no=home.bill_no, account_no="", mobile="9876543210")

    assert answer.status == 422 and error_at(answer, "account_no")


def test_the_bill_number_itself_is_needed(visitor: Visitor, home: Household):
    answer = visitor.fill("/login/otp", account_no=home.account_no, bill_no="")

    assert answer.status == 422 and error_at(answer, "bill_no")
