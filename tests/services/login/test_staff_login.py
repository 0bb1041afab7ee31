"""Staff login: equal answers, limits, codes that work once, and enrolment that ends earlier credentials."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import STAFF_PASSWORD, given, offices
from tests.fixtures.registration import a_visitor, rows
from tests.fixtures.staff_login import (
    EMPLOYEE,
    OWN_PASSWORD,
    an_employee,
    an_enrolled_employee,
    change_employee,
    code,
    the_credential,
)
from wss import clock, passwords, vault
from wss.db import reading
from wss.domain.errors import NotFound
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.domain.second_factor import SecondFactorUse, StaffLoginOutcome, StaffLoginResult
from wss.domain.sessions import STAFF_IDLE
from wss.models import SignedIn
from wss.queries.staff import SignedInStaff, signed_in_staff
from wss.services.login.staff_credentials import choose_new_password, enrol, make_recovery_codes
from wss.services.login.staff_login import check_second_factor, log_in_staff


def try_password(
    password: str = STAFF_PASSWORD, employee_id: str = EMPLOYEE, address: str = "10.0.0.1"
) -> StaffLoginResult:
    """From some browser of some network."""
    return log_in_staff(a_visitor(address=address), employee_id, password)


def who_is_in(answer: StaffLoginResult) -> SignedInStaff:
    """Return the employee of a session."""
    at = clock.now()
    with reading():
        found = signed_in_staff(
            vault.keyed_hash("session", answer.session_id), at, at - STAFF_IDLE, clock.local_date(at)
        )
    assert found is not None
    return found


def at_the_code() -> SignedInStaff:
    """Return an employee who has given the password."""
    return who_is_in(try_password())


@pytest.fixture
def enrolled(database: Any) -> None:
    """Insert an employee with an authenticator."""
    an_enrolled_employee()


def check(staff: SignedInStaff, typed: str) -> StaffLoginResult:
    """Give a code after the password."""
    return check_second_factor(staff, typed, SecondFactorUse.SIGN_IN)


def outcome_of(typed: str) -> StaffLoginOutcome:
    """Log in with the password and a code."""
    return check(at_the_code(), typed).outcome


def test_an_employee_id_may_be_typed_in_small_letters(enrolled: None):
    assert try_password(employee_id=EMPLOYEE.lower()).outcome is StaffLoginOutcome.IN


def test_an_unknown_employee_is_as_much_work_as_a_known_one(enrolled: None, monkeypatch: pytest.MonkeyPatch):
    looked_at: list[bool] = []
    right = passwords.is_right
    monkeypatch.setattr(passwords, "is_right", lambda *asked: bool(looked_at.append(True)) or right(*asked))

    answers = [try_password("three green lamps at noon"), try_password(employee_id="E99999")]

    assert [answer.outcome for answer in answers] == [StaffLoginOutcome.WRONG, StaffLoginOutcome.WRONG]
    assert len(looked_at) == 2


def test_an_employee_who_has_left_cannot_log_in(enrolled: None, frozen_clock: Any):
    change_employee(EMPLOYEE, left_on=frozen_clock.now.date())

    assert try_password().outcome is StaffLoginOutcome.WRONG


def test_five_wrong_passwords_from_one_network_stop_it_for_15_minutes(enrolled: None, frozen_clock: Any):
    for _try in range(5):
        try_password("three green lamps at noon")

    assert try_password().outcome is StaffLoginOutcome.TOO_OFTEN
    frozen_clock.advance(minutes=15)
    assert try_password().outcome is StaffLoginOutcome.IN


def test_five_wrong_passwords_elsewhere_lock_no_one_out(enrolled: None):
    for _try in range(5):
        try_password("three green lamps at noon", address="10.9.9.9")

    assert try_password().outcome is StaffLoginOutcome.IN


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_code_and_all_before_it_are_used_up_by_a_right_one(enrolled: None, ahead: int):
    assert [outcome_of(code(ahead=ahead)), outcome_of(code())] == [
        StaffLoginOutcome.IN,
        StaffLoginOutcome.WRONG,
    ]


def test_a_code_may_be_typed_in_the_digits_of_another_script(enrolled: None):
    devanagari = code().translate({ord("0") + digit: ord("०") + digit for digit in range(10)})

    assert outcome_of(f"{devanagari[:3]} {devanagari[3:]}") is StaffLoginOutcome.IN


@pytest.mark.parametrize(
    ("ahead", "outcome"),
    [
        (-2, StaffLoginOutcome.WRONG),
        (-1, StaffLoginOutcome.IN),
        (1, StaffLoginOutcome.IN),
        (2, StaffLoginOutcome.WRONG),
    ],
)
def test_a_telephones_clock_may_be_half_a_minute_off(
    enrolled: None, frozen_clock: Any, ahead: int, outcome: StaffLoginOutcome
):
    assert outcome_of(code(ahead=ahead)) is outcome


def test_five_wrong_codes_stop_even_the_right_one_wherever_it_comes_from(enrolled: None):
    for _try in range(5):
        outcome_of(code(ahead=9))
    elsewhere = who_is_in(try_password(address="10.9.9.9"))

    assert check(elsewhere, code()).outcome is StaffLoginOutcome.TOO_OFTEN


@pytest.mark.parametrize(("limit", "times"), [(Limit.STAFF_CODE_HOUR, 20), (Limit.STAFF_CODE_DAY, 50)])
def test_wrong_codes_are_limited_by_the_hour_and_by_the_day(
    enrolled: None, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch, limit: Limit, times: int
):
    for other in {Limit.STAFF_CODE, Limit.STAFF_CODE_HOUR, Limit.STAFF_CODE_DAY} - {limit}:
        monkeypatch.delitem(ALLOWANCES, other)
        monkeypatch.setitem(ALLOWANCES, other, ALLOWANCES[Limit.STAFF_SIGN_IN_ADDRESS])
    staff = at_the_code()
    for _try in range(times):
        check(staff, code(ahead=9))

    assert check(staff, code()).outcome is StaffLoginOutcome.TOO_OFTEN


def test_right_codes_do_not_count(enrolled: None, frozen_clock: Any):
    outcomes = []
    for _try in range(25):
        frozen_clock.advance(minutes=1)
        outcomes.append(outcome_of(code()))

    assert outcomes == [StaffLoginOutcome.IN] * 25


def test_the_secret_lies_sealed_in_the_database(database: Any):
    given(*offices())
    an_employee()

    handed = enrol(EMPLOYEE)

    assert handed.totp_secret not in the_credential().totp_secret_sealed
    assert vault.unseal(the_credential().totp_secret_sealed) == handed.totp_secret


def test_enrolling_again_ends_earlier_sessions_codes_and_the_password(enrolled: None):
    inside = who_is_in(check(at_the_code(), code()))
    spare = make_recovery_codes(inside)[0]

    handed = enrol(EMPLOYEE)

    assert rows(SignedIn) == []
    assert try_password().outcome is StaffLoginOutcome.WRONG
    again = who_is_in(try_password(handed.password))
    assert [check(again, each).outcome for each in (spare, code(ahead=1))] == [StaffLoginOutcome.WRONG] * 2
    assert check(again, code(handed.totp_secret)).outcome is StaffLoginOutcome.IN


def test_only_employees_in_the_table_are_enrolled(database: Any):
    with pytest.raises(NotFound):
        enrol("E99999")


def test_new_recovery_codes_end_the_old_ones(enrolled: None):
    inside = who_is_in(check(at_the_code(), code()))
    old = make_recovery_codes(inside)

    make_recovery_codes(inside)

    assert outcome_of(old[0]) is StaffLoginOutcome.WRONG


def test_a_recovery_code_works_for_no_other_employee(enrolled: None):
    an_employee("E2")
    enrol("E2")
    inside = who_is_in(check(at_the_code(), code()))
    theirs = make_recovery_codes(
        SignedInStaff(
            **{**{name: getattr(inside, name) for name in SignedInStaff.__slots__}, "employee_id": "E2"}
        )
    )

    assert outcome_of(theirs[0]) is StaffLoginOutcome.WRONG


def test_a_session_that_has_ended_is_not_completed(enrolled: None):
    staff = at_the_code()
    enrol(EMPLOYEE)

    assert check(staff, code()).outcome is StaffLoginOutcome.WRONG


def between_check_and_login(step: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a step between the check of a password's hash and the login."""
    right = passwords.is_right

    def look(*asked: Any) -> bool:
        monkeypatch.setattr(passwords, "is_right", right)
        answer = right(*asked)
        step()
        return answer

    monkeypatch.setattr(passwords, "is_right", look)


def test_a_password_replaced_during_its_check_logs_no_one_in(enrolled: None, monkeypatch: pytest.MonkeyPatch):
    between_check_and_login(lambda: enrol(EMPLOYEE), monkeypatch)

    assert try_password().outcome is StaffLoginOutcome.WRONG


def test_a_present_password_may_be_guessed_five_times(enrolled: None):
    inside = who_is_in(check(at_the_code(), code()))
    for _try in range(5):
        choose_new_password(inside, "three green lamps at noon", OWN_PASSWORD, "10.0.0.1")

    assert (
        choose_new_password(inside, STAFF_PASSWORD, OWN_PASSWORD, "10.0.0.1").outcome
        is StaffLoginOutcome.TOO_OFTEN
    )


@pytest.mark.parametrize(("ahead", "minutes"), [(-7, -4), (-2, -1), (3, 2), (60, 30), (61, 0)])
def test_a_clock_that_is_further_off_is_recognised(
    enrolled: None, frozen_clock: Any, ahead: int, minutes: int
):
    answer = check(at_the_code(), code(ahead=ahead))

    assert (answer.outcome, answer.minutes_off) == (StaffLoginOutcome.WRONG, minutes)


def test_a_code_that_was_recognised_is_not_taken_when_its_time_comes(enrolled: None, frozen_clock: Any):
    early, staff = code(ahead=4), at_the_code()
    check(staff, early)

    frozen_clock.advance(minutes=2)

    assert check(staff, early).outcome is StaffLoginOutcome.WRONG
