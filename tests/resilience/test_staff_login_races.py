"""Parallel logins of staff: one code logs in one, however many send it."""

import secrets
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import given
from tests.fixtures.staff_login import EMPLOYEE, an_enrolled_employee, code
from tests.resilience.test_registration_races import CROWD, ROUNDS, all_at_once, print_counts
from wss import clock, vault
from wss.db import reading
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.domain.second_factor import SecondFactorUse, StaffLoginOutcome
from wss.domain.sessions import STAFF_IDLE
from wss.models import SignedIn
from wss.queries.staff import SignedInStaff, signed_in_staff
from wss.services.login.staff_credentials import make_recovery_codes
from wss.services.login.staff_login import check_second_factor


@pytest.fixture
def crowd(database: Any) -> list[SignedInStaff]:
    """Provide the same employee in 64 browsers, the password given in each."""
    an_enrolled_employee()
    at = clock.now()
    hashes = [vault.keyed_hash("session", secrets.token_urlsafe(32)) for _ in range(CROWD)]
    times = {"created_at": at, "seen_at": at, "expires_at": at + timedelta(hours=8)}
    given(*(SignedIn(id_hash=each, employee_id=EMPLOYEE, **times) for each in hashes))
    with reading():
        found = [signed_in_staff(each, at, at - STAFF_IDLE, clock.local_date(at)) for each in hashes]
    return [each for each in found if each is not None]


@pytest.fixture
def without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lift the rate limits, so that only the code itself decides."""
    for limit in (Limit.STAFF_CODE, Limit.STAFF_CODE_HOUR, Limit.STAFF_CODE_DAY):
        monkeypatch.setitem(ALLOWANCES, limit, Allowance(10**6, timedelta(days=1)))


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_64_logins_with_one_authenticator_code_one_succeeds(
    crowd: list[SignedInStaff], without_limits: None, _round: int
):
    typed = code()

    outcomes = all_at_once(
        lambda number: check_second_factor(crowd[number], typed, SecondFactorUse.SIGN_IN).outcome
    )

    assert print_counts("codes of one authenticator", outcomes) == {
        StaffLoginOutcome.IN: 1,
        StaffLoginOutcome.WRONG: CROWD - 1,
    }


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_64_logins_with_one_recovery_code_one_succeeds(
    crowd: list[SignedInStaff], without_limits: None, _round: int
):
    typed = make_recovery_codes(crowd[0])[0]

    outcomes = all_at_once(
        lambda number: check_second_factor(crowd[number], typed, SecondFactorUse.SIGN_IN).outcome
    )

    assert print_counts("one recovery code", outcomes) == {
        StaffLoginOutcome.IN: 1,
        StaffLoginOutcome.WRONG: CROWD - 1,
    }


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_64_wrong_codes_of_staff_five_are_looked_at(crowd: list[SignedInStaff], _round: int):
    typed = code(ahead=9)

    outcomes = all_at_once(
        lambda number: check_second_factor(crowd[number], typed, SecondFactorUse.SIGN_IN).outcome
    )

    assert print_counts("wrong codes of staff", outcomes) == {
        StaffLoginOutcome.WRONG: 5,
        StaffLoginOutcome.TOO_OFTEN: CROWD - 5,
    }
