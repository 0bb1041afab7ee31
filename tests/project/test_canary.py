"""Every test notices personal values in logs, addresses and error pages, whatever wrote them."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, make_response

from tests.factories import MOBILE, PASSWORD, STAFF_PASSWORD, TOTP_SECRET, a_household, sign_in
from tests.fixtures.canary import Canary
from tests.fixtures.registration import otp_sent_to
from tests.fixtures.registration_pages import walk_to_otp
from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import EMPLOYEE, an_enrolled_employee, code, log_in_staff
from wss.db import transaction
from wss.services.login.staff_credentials import enrol
from wss.services.shared import links

pytestmark = pytest.mark.sqlite_only("what is written does not depend on the database")


@pytest.fixture
def found_leaks(canary: Canary) -> Any:
    """Return the leaks found so far, and reset the canary so that this test does not fail because of them."""
    yield canary.found
    canary.begin()


def in_the_log(visitor: Visitor, value: str) -> None:
    logging.getLogger("wss.somewhere").info("sent to %s", value)


def in_a_traceback(visitor: Visitor, value: str) -> None:
    try:
        raise ValueError(value)
    except ValueError:
        logging.getLogger("gunicorn.error").exception("could not answer")


def in_an_address(visitor: Visitor, value: str) -> None:
    visitor.get("/help", query_string={"q": value})


def in_a_redirect(visitor: Visitor, value: str) -> None:
    visitor.client.application.add_url_rule(
        "/on", "public.on", lambda: make_response("", 303, {"Location": f"/help?q={value}"})
    )
    visitor.get("/on")


def in_an_error_page(visitor: Visitor, value: str) -> None:
    visitor.client.application.add_url_rule("/broken", "public.broken", lambda: make_response(value, 500))
    visitor.get("/broken")


WAYS = (in_the_log, in_a_traceback, in_an_address, in_a_redirect, in_an_error_page)


@pytest.mark.extends_app
@pytest.mark.parametrize("write", WAYS)
def test_a_mobile_is_found_wherever_it_is_written(
    visitor: Visitor, found_leaks: Callable[[], list[str]], write: Callable[[Visitor, str], None]
):
    before = found_leaks()
    write(visitor, MOBILE)

    assert (before, len(found_leaks())) == ([], 1)


def test_what_was_typed_is_found(visitor: Visitor, found_leaks: Callable[[], list[str]]):
    walk_to_otp(visitor, a_household(registered=False), email="asha.devi@example.in", mobile="9026114479")
    for value in ("asha.devi@example.in", "9026114479", PASSWORD):
        in_the_log(visitor, value)

    assert len(found_leaks()) == 3


def test_an_issued_code_is_found_only_as_a_separate_number(
    visitor: Visitor, found_leaks: Callable[[], list[str]]
):
    walk_to_otp(visitor, a_household(registered=False))
    code = otp_sent_to(MOBILE)
    in_the_log(visitor, f"1{code}")
    before = found_leaks()
    in_the_log(visitor, code)

    assert (before, len(found_leaks())) == ([], 1)


def test_a_session_that_was_opened_is_found(
    app: Flask, visitor: Visitor, found_leaks: Callable[[], list[str]]
):
    sign_in(visitor, a_household().consumer)
    visitor.get("/account")
    in_the_log(visitor, visitor.cookies()["wss"])

    assert len(found_leaks()) == 1


def test_a_links_token_may_be_in_its_own_address_only(visitor: Visitor, found_leaks: Callable[[], list[str]]):
    with transaction():
        token = links.new_link("not_me", "ownership:1", timedelta(hours=1))
    visitor.get(f"/not-me/{token}")
    before = found_leaks()
    visitor.get(f"/login?next=/not-me/{token}")

    assert (before, len(found_leaks())) == ([], 1)


def test_what_staff_sign_in_with_is_found(visitor: Visitor, found_leaks: Callable[[], list[str]]):
    an_enrolled_employee()
    log_in_staff(visitor)
    handed = enrol(EMPLOYEE)

    for secret in (STAFF_PASSWORD, TOTP_SECRET, code(), handed.password, handed.totp_secret):
        logging.getLogger("wss.somewhere").info("staff %s", secret)

    assert len(found_leaks()) >= 5
