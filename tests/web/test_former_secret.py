"""While the secret is changed, what was made with the former one keeps working; new things use the new one."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.factories import ACCOUNT_NO, Household, a_household, sign_in
from tests.fixtures.databases import SECRET
from tests.fixtures.registration import rows
from tests.fixtures.registration_pages import log_in_by_form
from tests.fixtures.site import Visitor
from tests.fixtures.staff_login import EMPLOYEE, an_enrolled_employee, give_code, give_password
from tests.services.operations.test_site_secret import NEW
from wss import configure_secrets, vault
from wss.config import Config
from wss.db import reading, transaction
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import LimitCount, SignedIn
from wss.queries.staff import signed_in_staff, use_recovery_code
from wss.services.login.staff_credentials import make_recovery_codes
from wss.services.operations.secret_rotation import move_links_batch, replace_links_batch
from wss.services.shared import links, rate_limits

Change = Callable[..., None]
SOMETHING = "consumer:1"
A_DAY = timedelta(days=1)


@pytest.fixture
def change(app: Flask, settings: Config) -> Change:
    """Return a function that changes the site's secret; `drop` accepts the former one no longer."""

    def change(*, drop: bool = False) -> None:
        old = () if drop else (SECRET,)
        configure_secrets(app, dataclasses.replace(settings, secret_key=NEW, secret_key_old=old))

    return change


@pytest.fixture
def home(visitor: Visitor, frozen_clock: Any) -> Household:
    """Return a registered household."""
    return a_household()


def test_a_consumer_stays_logged_in(visitor: Visitor, home: Household, change: Change):
    log_in_by_form(visitor, ACCOUNT_NO)
    change()
    during = visitor.get("/account").status
    change(drop=True)

    assert (during, visitor.get("/account").status) == (200, 303)


def test_a_login_of_a_former_release_stays(visitor: Visitor, home: Household, change: Change):
    sign_in(visitor, home.consumer)
    change()

    assert visitor.get("/account").status == 200


def test_a_login_after_the_change_needs_the_new_secret_only(
    visitor: Visitor, home: Household, change: Change
):
    change()
    log_in_by_form(visitor, ACCOUNT_NO)
    change(drop=True)

    assert visitor.get("/account").status == 200


def test_a_form_that_was_open_is_taken(visitor: Visitor, home: Household, change: Change):
    log_in_by_form(visitor, ACCOUNT_NO)
    page = visitor.get("/account/settings")
    change()

    assert visitor.send(page, at="/account/settings", language="en").status == 303


def test_an_employee_logs_in_with_password_before_and_code_after(
    visitor: Visitor, app: Flask, change: Change
):
    an_enrolled_employee()
    give_password(visitor)
    change()

    assert give_code(visitor).status == 303
    assert [row.second_factor_at is not None for row in rows(SignedIn)] == [True]


def test_links_and_shown_codes_are_found(database: Any, change: Change):
    with transaction():
        token = links.new_link("reset", SOMETHING, A_DAY)
        code = links.new_shown_code("track", SOMETHING, A_DAY)
        links.show_to_session("a" * 64, "done", SOMETHING, A_DAY)
        letter = links.subject_of_registration(1, "pooja@example.in")
    change()

    with transaction():
        assert links.shown_code("track", SOMETHING) == code
        assert links.shown_to_session("a" * 64, "done") == SOMETHING
        assert links.is_about_address(letter, "pooja@example.in")
        assert links.consume_link(token, "reset") == SOMETHING
        assert links.consume_link(token, "reset") is None


def test_a_link_to_follow_a_complaint_needs_the_new_secret_only_once_it_is_stored_again(
    database: Any, change: Change
):
    with transaction():
        sent = links.new_shown_code("track", SOMETHING, A_DAY)
    change()
    done = move_links_batch("", 10)
    change(drop=True)

    with transaction():
        shown = links.shown_code("track", SOMETHING)
        found = [links.peek_link(code, "track") for code in (sent, shown or "")]
    assert (done.changed, shown == sent, found) == (1, False, [SOMETHING, SOMETHING])


@pytest.mark.parametrize("is_moved", [False, True])
def test_after_a_leak_a_link_to_follow_a_complaint_has_the_code_of_the_new_secret_only(
    database: Any, change: Change, is_moved: bool
):
    with transaction():
        computed = links.new_shown_code("track", SOMETHING, A_DAY)
        other = links.new_link("reset", SOMETHING, A_DAY)
    change()
    if is_moved:
        move_links_batch("", 10)
    replaced = [replace_links_batch("", 10).changed for _time in "12"]

    with transaction():
        shown = links.shown_code("track", SOMETHING)
        found = [links.peek_link(code, "track") for code in (computed, shown or "")]
        assert (replaced, found) == ([1, 0], [None, SOMETHING])
        assert links.peek_link(other, "reset") == SOMETHING


def test_a_recovery_code_works_once(visitor: Visitor, app: Flask, change: Change):
    an_enrolled_employee()
    [_kept, code, *_more] = _codes(visitor)
    change()

    with transaction():
        used = [use_recovery_code(EMPLOYEE, vault.keyed_hashes("recovery", code), _now()) for _time in "12"]
    assert used == [True, False]


def test_attempts_are_counted_on_and_not_from_nought(database: Any, app: Flask, change: Change):
    limit, allowed = Limit.STAFF_SIGN_IN, ALLOWANCES[Limit.STAFF_SIGN_IN].times
    with transaction():
        results = [rate_limits.consume(limit, "x").allowed for _time in range(allowed - 1)]
    change()

    with transaction():
        assert rate_limits.peek(limit, "x").count == allowed - 1
        results += [rate_limits.consume(limit, "x").allowed for _time in range(2)]
    assert results == [True] * allowed + [False]
    assert [row.count for row in rows(LimitCount)] == [allowed]


def test_a_cleared_count_is_cleared_under_the_former_secret_too(database: Any, app: Flask, change: Change):
    with transaction():
        rate_limits.consume(Limit.STAFF_SIGN_IN, "x")
    change()
    with transaction():
        rate_limits.clear(Limit.STAFF_SIGN_IN, "x")

    assert rows(LimitCount) == []


def test_an_otp_and_a_known_browser_are_recognised(app: Flask, change: Change):
    code, sealed = vault.otp_code(7), vault.seal("known")
    change()

    assert vault.is_otp_code(code, 7) and not vault.is_otp_code("000000" if code != "000000" else "1", 7)
    assert vault.unseal(sealed) == "known"


def _codes(visitor: Visitor) -> list[str]:
    give_password(visitor)
    give_code(visitor)
    [session] = rows(SignedIn)
    with reading():
        staff = signed_in_staff(session.id_hash, _now(), _now() - A_DAY, _now().date())
    assert staff is not None
    return make_recovery_codes(staff)


def _now() -> Any:
    return rows(SignedIn)[0].seen_at
