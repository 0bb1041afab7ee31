"""Limits of password guessing: over all networks, all names of an account, and the whole site."""

from collections.abc import Iterator
from datetime import timedelta
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
from tests.fixtures.registration import (
    a_visitor,
    counted_statements,
    is_captcha_due,
    messages,
    otp_sent_to,
    rows,
    step_one,
    step_two,
    try_sign_in,
    values_of,
    wrong,
)
from wss import passwords
from wss.clock import now
from wss.db import reading
from wss.domain.networks import network_key
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import ALLOWANCES, ASKS_CAPTCHA_FROM, Allowance, Limit
from wss.domain.second_factor import StaffLoginOutcome
from wss.models import AuditEntry
from wss.services.login.consumer_login import LoginOutcome, finish_log_in, resend_second_code
from wss.services.login.staff_login import log_in_staff
from wss.services.registration.added_connections import AddedConnectionOutcome, begin_join
from wss.services.registration.recovery import SIGN_IN, RecoveryOutcome, begin_recovery, log_in_by_code
from wss.services.registration.step_results import StepOneOutcome, StepTwoOutcome
from wss.services.requests.tracking import look_up

ANOTHER_PASSWORD = "not the password"
NETWORKS = {
    "30 households of one /48": [network_key(f"2001:db8:1:{number * 256 + 7:x}::1") for number in range(30)],
    "100 IPv4 addresses": [f"198.51.{number}.{number}" for number in range(100)],
}


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collect the passwords that are compared; none is hashed."""
    compared: list[str] = []

    def is_right(typed: str, kept: str | None) -> bool:
        compared.append(typed)
        return kept is not None and typed == PASSWORD

    monkeypatch.setattr(passwords, "is_right", is_right)
    yield compared


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a household whose consumer also has a user name."""
    home = a_household(registered=False)
    consumer = given(a_consumer(user_name="pooja"))
    given(an_ownership(consumer))
    return Household(home.connection, home.bills, consumer)


@pytest.fixture
def low_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow three wrong passwords over all networks."""
    lower(monkeypatch, Limit.SIGN_IN_ALL, 3)


def lower(patch: pytest.MonkeyPatch, limit: Limit, times: int) -> None:
    """Lower a rate limit."""
    patch.setitem(ALLOWANCES, limit, Allowance(times, ALLOWANCES[limit].within))


def guess(addresses: list[str], tries: int, login: str = ACCOUNT_NO) -> list[LoginOutcome]:
    """Try wrong passwords, one after the other, from each network in turn."""
    return [
        try_sign_in(a_visitor(f"stranger {address}", address), login, ANOTHER_PASSWORD).outcome
        for _ in range(tries)
        for address in addresses
    ]


@pytest.mark.parametrize("networks", NETWORKS)
def test_guesses_from_many_networks_end_at_the_right_password_too(
    home: Household, networks: str, frozen_clock: Any
):
    for _ in range(2):
        guess(NETWORKS[networks], 3)
        frozen_clock.advance(minutes=16)

    lucky = try_sign_in(a_visitor("lucky", "192.0.2.77"), ACCOUNT_NO)

    assert (lucky.outcome, lucky.session_id) == (LoginOutcome.MORE, "")


def test_a_48_has_sixteen_times_the_guesses_of_a_household(home: Household):
    outcomes = guess(NETWORKS["30 households of one /48"], 5)

    assert outcomes.count(LoginOutcome.WRONG) == 16 * 5


@pytest.mark.usefixtures("low_ceiling")
def test_the_owners_browser_logs_in_at_once_during_guessing(home: Household):
    guess(["10.1.0.1", "10.1.0.2", "10.1.0.3"], 1)
    known = a_visitor("owner", trusted={home.consumer.id: "own"})  # type: ignore[union-attr]

    assert try_sign_in(known, "pooja").outcome is LoginOutcome.IN
    assert messages() == []


@pytest.mark.usefixtures("low_ceiling")
def test_the_owners_new_browser_gets_in_with_password_and_otp(home: Household):
    guess(["10.1.0.1", "10.1.0.2", "10.1.0.3"], 1)
    owner = a_visitor("owner", "10.9.9.9")
    assert try_sign_in(owner, ACCOUNT_NO).outcome is LoginOutcome.MORE

    otp = otp_sent_to(MOBILE, "sign_in_otp")

    assert finish_log_in(owner, wrong(otp)).outcome is LoginOutcome.WRONG
    assert finish_log_in(owner, otp).outcome is LoginOutcome.IN
    assert finish_log_in(owner, otp).outcome is LoginOutcome.LOST


@pytest.mark.usefixtures("low_ceiling")
def test_an_otp_besides_the_password_is_valid_only_in_its_browser(home: Household):
    guess(["10.1.0.1", "10.1.0.2", "10.1.0.3"], 1)
    try_sign_in(a_visitor("owner", "10.9.9.9"), ACCOUNT_NO)
    otp = otp_sent_to(MOBILE, "sign_in_otp")

    assert finish_log_in(a_visitor("thief", "10.9.9.9"), otp).outcome is LoginOutcome.LOST


@pytest.mark.usefixtures("low_ceiling")
def test_nothing_is_sent_without_the_right_password_and_nothing_shows_the_ceiling(home: Household):
    lower_than_this = guess(["10.1.0.1", "10.1.0.2", "10.1.0.3"], 1)[0]
    with counted_statements() as before:
        fresh = try_sign_in(a_visitor("x", "192.0.2.1"), "9999999990", ANOTHER_PASSWORD)
    with counted_statements() as after:
        guessed_at = try_sign_in(a_visitor("y", "192.0.2.2"), ACCOUNT_NO, ANOTHER_PASSWORD)

    assert lower_than_this is guessed_at.outcome is fresh.outcome is LoginOutcome.WRONG
    assert (guessed_at, len(after)) == (fresh, len(before))
    assert messages() == []


@pytest.mark.usefixtures("low_ceiling")
def test_codes_sent_by_strangers_leave_the_second_factor_otp_to_the_owner(home: Household, frozen_clock: Any):
    guess(["10.1.0.1", "10.1.0.2", "10.1.0.3"], 1)
    for number in range(8):
        begin_recovery(
            a_visitor(f"s {number}", f"10.7.0.{number}"), SIGN_IN, KnowledgeFacts(ACCOUNT_NO, home.bill_no)
        )
        frozen_clock.advance(minutes=16)
    owner = a_visitor("owner", "10.9.9.9")

    try_sign_in(owner, ACCOUNT_NO)

    assert finish_log_in(owner, otp_sent_to(MOBILE, "sign_in_otp")).outcome is LoginOutcome.IN


@pytest.mark.usefixtures("low_ceiling")
def test_typing_the_password_again_continues_with_the_same_otp(home: Household):
    guess(["10.1.0.1", "10.1.0.2", "10.1.0.3"], 1)
    owner = a_visitor("owner", "10.9.9.9")
    for _ in range(2):
        assert try_sign_in(owner, ACCOUNT_NO).outcome is LoginOutcome.MORE

    assert len(messages("sign_in_otp")) == 1
    again = resend_second_code(owner)
    assert again is not None and not again.ok


@pytest.mark.usefixtures("low_ceiling")
def test_without_a_mobile_the_otp_goes_to_the_confirmed_address(database: Any, frozen_clock: Any):
    a_household(registered=False)
    given(an_ownership(given(a_consumer(mobile=None, email="p@example.in", email_verified_at=now()))))
    guess(["10.1.0.1", "10.1.0.2", "10.1.0.3"], 1)
    owner = a_visitor("owner", "10.9.9.9")
    assert try_sign_in(owner, ACCOUNT_NO).outcome is LoginOutcome.MORE

    [letter] = messages()

    assert (letter.notice, letter.channel, letter.recipient) == ("sign_in_mail", "email", "p@example.in")
    assert finish_log_in(owner, values_of(letter)["otp"]).outcome is LoginOutcome.IN


@pytest.mark.usefixtures("low_ceiling")
def test_with_neither_a_number_of_the_bill_is_asked_for(database: Any, frozen_clock: Any):
    home = a_household(registered=False)
    given(an_ownership(given(a_consumer(mobile=None, email=None))))
    guess(["10.1.0.1", "10.1.0.2", "10.1.0.3"], 1)
    owner = a_visitor("owner", "10.9.9.9")
    assert try_sign_in(owner, ACCOUNT_NO).outcome is LoginOutcome.MORE

    assert finish_log_in(owner, "NOSUCH").outcome is LoginOutcome.WRONG
    assert finish_log_in(owner, home.bill_no).outcome is LoginOutcome.IN
    assert messages() == []


def test_user_name_and_account_number_share_their_guesses(home: Household):
    guess(["10.1.2.3"], 5, "pooja")

    assert try_sign_in(a_visitor(), ACCOUNT_NO).outcome is LoginOutcome.MORE


def test_the_limit_does_not_disclose_which_name_and_number_belong_together(home: Household):
    guess(["10.1.2.3"], 5, "pooja")
    guess(["10.1.2.3"], 5, "nobody-at-all")

    assert guess(["10.1.2.3"], 6) == guess(["10.1.2.3"], 6, "9999999990")


def test_too_many_failures_on_the_site_require_a_captcha_of_everyone(
    home: Household, monkeypatch: pytest.MonkeyPatch, frozen_clock: Any
):
    lower(monkeypatch, Limit.SITE_FAILURES, 4)
    me, facts = a_visitor("me", "10.9.9.9"), KnowledgeFacts(ACCOUNT_NO, home.bill_no)
    assert not is_captcha_due(me)
    guess(["10.1.0.1", "10.1.0.2", "10.1.0.3"], 1)
    step_one(a_visitor("x", "10.1.0.4"), ACCOUNT_NO, "NOSUCH")
    look_up(a_visitor("x", "10.1.0.5"), "26110000015", "0000")

    assert step_one(me, ACCOUNT_NO, home.bill_no, captcha=False).outcome is StepOneOutcome.WRONG_CAPTCHA
    assert begin_recovery(me, SIGN_IN, facts).outcome is RecoveryOutcome.WRONG_CAPTCHA
    assert look_up(me, "26110000015", "0000").wants_captcha
    assert log_in_staff(me, "E1", PASSWORD).outcome is StaffLoginOutcome.WRONG_CAPTCHA
    assert try_sign_in(me, ACCOUNT_NO).outcome is LoginOutcome.IN
    assert messages() == []
    with reading():
        assert [row.subject for row in rows(AuditEntry, AuditEntry.deed == "alarm")] == [
            "limit:site_failures"
        ]
    frozen_clock.advance(minutes=30)
    assert not is_captcha_due(me)


def test_wrong_otps_count_among_the_failures_of_the_site(home: Household, monkeypatch: pytest.MonkeyPatch):
    lower(monkeypatch, Limit.SITE_FAILURES, 2)
    for number in range(3):
        guesser = a_visitor(f"guesser {number}", f"10.1.0.{number}")
        begin_recovery(guesser, SIGN_IN, KnowledgeFacts(ACCOUNT_NO, "NOSUCHBILL"))
        log_in_by_code(guesser, "000000")

    assert is_captcha_due(a_visitor("me", "10.9.9.9"))


def test_an_employee_id_that_is_guessed_at_from_everywhere_takes_a_captcha_existing_or_not(
    database: Any, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ASKS_CAPTCHA_FROM, Limit.STAFF_SIGN_IN_ALL, 3)
    for number in range(3):
        assert (
            log_in_staff(a_visitor("x", f"10.1.0.{number}"), "E999", "x").outcome is StaffLoginOutcome.WRONG
        )

    assert log_in_staff(a_visitor("x", "10.1.0.9"), "e999", "x").outcome is StaffLoginOutcome.WRONG_CAPTCHA
    assert log_in_staff(a_visitor("x", "10.1.0.9"), "E998", "x").outcome is StaffLoginOutcome.WRONG


def test_user_names_take_a_captcha_after_five_and_cost_no_hash_once_refused(
    database: Any, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch
):
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "hash_password", lambda password: hashed.append(password) or "a hash")
    me = a_visitor()
    step_one(me, "9999999990")
    given(a_consumer(user_name="taken"))

    outcomes = [step_two(me, user_name="taken").outcome for _ in range(6)]

    assert outcomes == [StepTwoOutcome.USER_NAME_TAKEN] * 5 + [StepTwoOutcome.WRONG_CAPTCHA]
    assert len(hashed) == 5
    assert step_two(me, user_name=None).outcome is StepTwoOutcome.OTP_SENT


def test_new_browsers_of_one_network_ask_for_user_names_no_further(
    database: Any, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch
):
    lower(monkeypatch, Limit.USER_NAME_ADDRESS, 2)
    for number in range(3):
        me = a_visitor(f"browser {number}")
        step_one(me, "9999999990")
        outcome = step_two(me, user_name=f"free-{number}").outcome

    assert outcome is StepTwoOutcome.USER_NAMES_TOO_OFTEN


def test_who_is_signed_in_tries_numbers_of_others_so_many_times_a_day_from_wherever(
    home: Household, monkeypatch: pytest.MonkeyPatch
):
    lower(monkeypatch, Limit.JOIN_MISSES, 2)
    asked = [
        begin_join(
            a_visitor("x", f"10.1.0.{n}"), home.consumer.id, KnowledgeFacts(f"120000000{n}", "NOSUCH")
        ).outcome  # type: ignore[union-attr]
        for n in range(3)
    ]

    assert asked == [AddedConnectionOutcome.NO_MATCH] * 2 + [AddedConnectionOutcome.TOO_OFTEN]


@pytest.mark.parametrize("number", ["26110000015", "26110000023"])
def test_a_complaint_number_takes_a_captcha_from_20_tries_and_ends_at_200_from_everywhere(
    database: Any, frozen_clock: Any, number: str, monkeypatch: pytest.MonkeyPatch
):
    tried = [look_up(a_visitor("x", f"10.1.0.{n}"), number, "0000") for n in range(21)]
    assert [one.wants_captcha for one in tried] == [False] * 20 + [True]

    lower(monkeypatch, Limit.TRACK_ALL, 20)
    monkeypatch.setitem(ASKS_CAPTCHA_FROM, Limit.TRACK_ALL, 10**6)
    refused = look_up(a_visitor("x", "10.2.0.1"), number, "0000")
    assert refused.is_everywhere and refused.retry_after == timedelta(days=1).total_seconds()


def test_a_miss_elsewhere_takes_no_try_of_a_complaint_number_from_here(database: Any, frozen_clock: Any):
    for _ in range(6):
        look_up(a_visitor("x", "10.1.0.1"), "26110000015", "0000")

    assert look_up(a_visitor("x", "10.1.0.1"), "26110000015", "0000").retry_after
    assert not look_up(a_visitor("y", "10.1.0.2"), "26110000015", "0000").retry_after
