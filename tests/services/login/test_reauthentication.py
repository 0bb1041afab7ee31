"""Reauthentication: for one session, by the password or by an OTP that it asked for."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import MOBILE, PASSWORD, Household, a_household, given
from tests.fixtures.registration import a_visitor, otp_sent_to, rows, wrong
from wss.clock import now
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import SignedIn
from wss.services.login.reauthentication import (
    ReauthenticationOutcome,
    ask_confirm_code,
    confirm_by_code,
    confirm_by_password,
)


@pytest.fixture
def consumer_id(database: Any, frozen_clock: Any) -> int:
    """Provide a consumer who is logged in here and elsewhere."""
    home: Household = a_household()
    assert home.consumer is not None
    for session_hash in ("here", "elsewhere"):
        ends = {"created_at": now(), "seen_at": now(), "expires_at": now() + timedelta(hours=12)}
        given(SignedIn(id_hash=session_hash, consumer_id=home.consumer.id, **ends))
    return home.consumer.id


def confirmed() -> list[str]:
    return [row.id_hash for row in rows(SignedIn) if row.stepped_up_at is not None]


def by_password(consumer_id: int, session_hash: str, typed: str = PASSWORD) -> ReauthenticationOutcome:
    return confirm_by_password(a_visitor(session_hash), consumer_id, typed).outcome


def test_the_password_confirms_the_session_in_which_it_was_given_and_no_other(consumer_id: int):
    assert by_password(consumer_id, "here") is ReauthenticationOutcome.DONE
    assert confirmed() == ["here"]


def test_a_code_confirms_the_session_that_asked_for_it_and_no_other(consumer_id: int):
    ask_confirm_code(a_visitor("here"), consumer_id)
    ask_confirm_code(a_visitor("elsewhere"), consumer_id)
    code = otp_sent_to(MOBILE, "confirm_otp")

    assert confirm_by_code(a_visitor("elsewhere"), consumer_id, code).outcome is ReauthenticationOutcome.WRONG
    assert confirm_by_code(a_visitor("here"), consumer_id, code).outcome is ReauthenticationOutcome.DONE
    assert confirmed() == ["here"]


def test_a_wrong_or_used_code_confirms_nothing(consumer_id: int):
    ask_confirm_code(a_visitor("here"), consumer_id)
    code = otp_sent_to(MOBILE, "confirm_otp")

    first = confirm_by_code(a_visitor("here"), consumer_id, wrong(code)).outcome
    confirm_by_code(a_visitor("here"), consumer_id, code)
    again = confirm_by_code(a_visitor("elsewhere"), consumer_id, code).outcome

    assert (first, again, confirmed()) == (
        ReauthenticationOutcome.WRONG,
        ReauthenticationOutcome.LOST,
        ["here"],
    )


def test_wrong_passwords_stop_the_session_that_tried_them_and_not_another(consumer_id: int):
    tries = ALLOWANCES[Limit.PROVE_AGAIN].times
    outcomes = [by_password(consumer_id, "here", "wrong") for _ in range(tries + 1)]

    assert outcomes == [ReauthenticationOutcome.WRONG] * tries + [ReauthenticationOutcome.TOO_OFTEN]
    assert by_password(consumer_id, "here") is ReauthenticationOutcome.TOO_OFTEN
    assert by_password(consumer_id, "elsewhere") is ReauthenticationOutcome.DONE
