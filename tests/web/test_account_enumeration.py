"""Account enumeration: answers about existing and missing accounts are equal, byte for byte."""

from typing import Any

import pytest
from flask import Flask

from tests.factories import ACCOUNT_NO, MOBILE, PASSWORD, a_household
from tests.fixtures.pages import Page
from tests.fixtures.registration import otp_sent_to, wrong
from tests.fixtures.registration_pages import (
    give_details,
    header_names_and_values,
    log_in_by_form,
    name_connection,
    without_what_changes,
)
from tests.fixtures.site import Visitor

UNKNOWN = "9999999990"
KNOWN_BILL, UNKNOWN_BILL = "101000009213", "101000009999"


def same(one: Page, another: Page, *typed: str) -> None:
    """Assert that two responses are the same to their readers."""
    assert one.status == another.status
    assert header_names_and_values(one) == header_names_and_values(another)
    assert without_what_changes(one, *typed) == without_what_changes(another, *typed)


@pytest.fixture
def strangers(app: Flask) -> tuple[Visitor, Visitor]:
    """Return two anonymous visitors whose responses are compared."""
    return Visitor(app.test_client()), Visitor(app.test_client())


def test_a_wrong_bill_looks_the_same_for_a_known_and_an_unknown_account(strangers: Any):
    a_household(registered=False)
    one, another = strangers

    same(
        name_connection(one, ACCOUNT_NO, UNKNOWN_BILL),
        name_connection(another, UNKNOWN, UNKNOWN_BILL),
        ACCOUNT_NO,
        UNKNOWN,
    )


def test_the_sixth_miss_looks_the_same_for_a_known_and_an_unknown_account(strangers: Any, frozen_clock: Any):
    a_household(registered=False)
    pages = []
    for visitor, account_no in zip(strangers, (ACCOUNT_NO, UNKNOWN), strict=True):
        pages += [[name_connection(visitor, account_no, UNKNOWN_BILL) for _ in range(6)][-1]]

    assert pages[0].status == 429 and int(pages[0].headers["Retry-After"]) == 3600
    same(*pages, ACCOUNT_NO, UNKNOWN)


@pytest.mark.parametrize("registered", [True, False])
@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ({"account_no": ACCOUNT_NO}, {"account_no": UNKNOWN}),
        ({"bill_no": KNOWN_BILL}, {"bill_no": UNKNOWN_BILL}),
    ],
)
def test_a_single_number_looks_the_same_on_every_page_up_to_the_code(
    strangers: Any, frozen_clock: Any, known: dict[str, str], unknown: dict[str, str], registered: bool
):
    home = a_household(registered=registered)
    assert home.bill_no == KNOWN_BILL

    for one, another in zip(
        *(_way(v, n) for v, n in zip(strangers, (known, unknown), strict=True)), strict=True
    ):
        same(one, another, ACCOUNT_NO, UNKNOWN, KNOWN_BILL, UNKNOWN_BILL)


def _way(visitor: Visitor, numbers: dict[str, str]) -> list[Page]:
    pages = [name_connection(visitor, **numbers), visitor.get("/register/details"), give_details(visitor)]
    pages.append(visitor.get("/register/verify"))
    pages.append(visitor.send(pages[-1], "/register/verify", form="/register/verify", otp="000000"))
    pages.append(visitor.send(pages[-1], "/register/verify", form="/register/resend"))
    for _ in range(5):
        pages.append(visitor.fill("/register/verify", form="/register/verify", otp="000000"))
    return pages


def test_a_single_number_does_not_show_that_two_connections_have_one_mobile(
    strangers: Any, frozen_clock: Any
):
    home = a_household(registered=False)
    other = a_household("7950761922", registered=False)
    one, another = strangers
    assert home.connection.mobile_on_record == other.connection.mobile_on_record

    first, second = (
        _way(one, {"account_no": home.account_no}),
        _way(another, {"account_no": other.account_no}),
    )

    for before, after in zip(first, second, strict=True):
        same(before, after, home.account_no, other.account_no)


@pytest.mark.parametrize("captcha", ["right", "wrong"])
def test_a_wrong_sign_in_looks_the_same_for_a_known_and_an_unknown_account(strangers: Any, captcha: str):
    a_household()
    one, another = strangers
    captcha_fields = {} if captcha == "right" else {"captcha": "99"}

    pages = [
        log_in_by_form(one, ACCOUNT_NO, "not the password", **captcha_fields),
        log_in_by_form(another, UNKNOWN, "not the password", **captcha_fields),
    ]

    assert pages[0].status == 422
    same(*pages, ACCOUNT_NO, UNKNOWN)


def test_a_wrong_password_and_a_wrong_sum_look_the_same(strangers: Any):
    a_household()
    one, another = strangers

    same(
        log_in_by_form(one, ACCOUNT_NO, "not the password"),
        log_in_by_form(another, ACCOUNT_NO, PASSWORD, captcha="99"),
    )


def test_too_many_sign_ins_look_the_same_for_a_known_and_an_unknown_account(
    strangers: Any, frozen_clock: Any
):
    a_household()
    pages = []
    for visitor, login in zip(strangers, (ACCOUNT_NO, UNKNOWN), strict=True):
        pages.append([log_in_by_form(visitor, login, "not the password") for _ in range(6)][-1])

    assert pages[0].status == 429 and int(pages[0].headers["Retry-After"]) == 900
    same(*pages, ACCOUNT_NO, UNKNOWN)


def test_a_wrong_code_looks_the_same_for_every_recipient(strangers: Any, frozen_clock: Any):
    home = a_household(registered=False)
    one, another = strangers
    for visitor in strangers:
        name_connection(visitor, home.account_no)
        give_details(visitor)
        frozen_clock.advance(seconds=61)
    otp = otp_sent_to(MOBILE)

    same(
        one.fill("/register/verify", form="/register/verify", otp=wrong(otp)),
        another.fill("/register/verify", form="/register/verify", otp=wrong(otp, 2)),
        wrong(otp),
        wrong(otp, 2),
    )
