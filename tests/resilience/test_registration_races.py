"""Many parallel attempts have the effect of as many as one person may make."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import ACCOUNT_NO, MOBILE, PASSWORD, Household, a_household, bill_correction, given
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    otp_sent_to,
    owners_of,
    rows,
    solved,
    step_one,
    step_two,
    token_in,
    try_sign_in,
    wrong,
)
from tests.fixtures.threads import call_at_once
from wss import passwords
from wss.db import run, transaction
from wss.domain.actor import Actor, Role
from wss.domain.otp import OtpOutcome, OtpPurpose, OtpRequester, OtpResult
from wss.domain.rate_limits import ALLOWANCES, Allowance, Limit
from wss.models import Consent, Consumer, Event, Otp, Ownership, ServiceRequest, SignedIn
from wss.queries.service_requests import NEXT_NUMBERS
from wss.services.login.consumer_login import LoginOutcome
from wss.services.messages.notices import Recipient
from wss.services.messages.otp import send_otp, try_otp
from wss.services.registration.activation import (
    ActivationOutcome,
    follow_activation_link,
    reject_registration,
    verify_code,
)
from wss.services.requests.form_drafts import FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft

CROWD = 64
ROUNDS = 20 if os.environ.get("WSS_SOAK") else 1


def all_at_once(deed: Callable[[int], Any], crowd: int = CROWD) -> list[Any]:
    """Run this step many times at the same moment and return the results."""
    gate = threading.Barrier(crowd)

    def one(number: int) -> Any:
        gate.wait()
        return deed(number)

    with ThreadPoolExecutor(crowd) as people:
        return list(people.map(one, range(crowd)))


def print_counts(what: str, outcomes: list[Any]) -> Counter[Any]:
    """Print the counts (shown by `make soak`), and return them."""
    counts = Counter(outcomes)
    print(
        f"{what}: {len(outcomes)} at once: " + ", ".join(f"{times} {name}" for name, times in counts.items())
    )
    return counts


@pytest.fixture
def home(database: Any) -> Household:
    """Provide an unregistered connection."""
    return a_household(registered=False)


def to_the_code(home: Household, browser: str = "a browser", mobile: str = MOBILE) -> str:
    """Take both steps and return the code that was sent."""
    step_one(a_visitor(browser), home.account_no, home.bill_no)
    step_two(a_visitor(browser), mobile)
    return otp_sent_to(mobile)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_64_guesses_at_a_code_exactly_five_are_looked_at(home: Household, round_: int):
    otp = to_the_code(home)

    outcomes = all_at_once(lambda number: verify_code(a_visitor(), wrong(otp, number + 1)).outcome)

    counts = print_counts("guesses at a code", outcomes)
    assert counts == {ActivationOutcome.WRONG: 5, ActivationOutcome.STOPPED: CROWD - 5}
    assert verify_code(a_visitor(), otp).outcome is ActivationOutcome.STOPPED


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_64_who_enter_the_right_code_one_makes_the_consumer(home: Household, round_: int):
    otp = to_the_code(home)

    outcomes = all_at_once(lambda _number: verify_code(a_visitor(), otp).outcome)

    counts = print_counts("right codes", outcomes)
    assert counts[ActivationOutcome.ACTIVE] == 1
    assert [len(rows(model)) for model in (Consumer, Ownership, Consent)] == [1, 1, 2]
    assert len(messages("registered_consumer")) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_16_registrations_of_one_connection_one_gets_it(home: Household, round_: int):
    crowd = 16
    mobiles = [f"{9026000000 + number}" for number in range(crowd)]
    codes = [to_the_code(home, f"browser {mobile}", mobile) for mobile in mobiles]

    outcomes = all_at_once(lambda n: verify_code(a_visitor(f"browser {mobiles[n]}"), codes[n]).outcome, crowd)

    counts = print_counts("registrations of one connection", outcomes)
    assert counts == {ActivationOutcome.HELD: 1, ActivationOutcome.TAKEN: crowd - 1}
    assert len(owners_of(home.account_no)) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_64_logins_with_one_captcha_one_succeeds(database: Any, round_: int):
    a_household()
    one_captcha = solved(a_visitor())

    outcomes = all_at_once(
        lambda number: try_sign_in(a_visitor(address=f"10.0.1.{number}"), ACCOUNT_NO, **one_captcha).outcome
    )

    counts = print_counts("sign-ins with one captcha", outcomes)
    assert counts == {LoginOutcome.IN: 1, LoginOutcome.WRONG: CROWD - 1}
    assert len(rows(SignedIn)) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_64_wrong_passwords_at_once_five_are_looked_at(database: Any, round_: int):
    a_household()
    captchas = [solved(a_visitor()) for _ in range(CROWD)]

    outcomes = all_at_once(
        lambda number: try_sign_in(a_visitor(), ACCOUNT_NO, "not " + PASSWORD, **captchas[number]).outcome
    )

    assert print_counts("wrong passwords", outcomes) == {
        LoginOutcome.WRONG: 5,
        LoginOutcome.TOO_OFTEN: CROWD - 5,
    }


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_64_who_press_one_activation_link_one_activates(database: Any, round_: int):
    home = a_household(registered=False, mobile_on_record=None)
    step_one(a_visitor(), home.account_no, home.bill_no)
    step_two(a_visitor(), None, email="pooja@example.in")
    token = token_in("activation")

    outcomes = all_at_once(lambda _number: follow_activation_link(token).outcome)

    assert print_counts("activation links", outcomes) == {
        ActivationOutcome.ACTIVE: 1,
        ActivationOutcome.LOST: CROWD - 1,
    }
    assert len(rows(Consumer)) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_64_who_press_one_not_me_link_one_ends_the_registration(home: Household, round_: int):
    verify_code(a_visitor(), to_the_code(home, mobile=ANOTHER_MOBILE))
    token = token_in("not_me")

    outcomes = all_at_once(lambda _number: reject_registration(token))

    assert print_counts("not-me links", outcomes) == {True: 1, False: CROWD - 1}
    assert len(messages("hold_ended")) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_64_who_ask_for_a_code_to_one_mobile_one_is_sent_it(database: Any, round_: int):
    def ask(number: int) -> bool:
        with transaction():
            return send_otp(
                OtpPurpose("registration", f"registration:{number}", MOBILE),
                "registration_otp",
                Recipient("hi", MOBILE),
                OtpRequester(f"browser {number}", f"10.0.1.{number}", MOBILE),
            ).ok

    assert print_counts("codes to one mobile", all_at_once(ask)) == {True: CROWD}
    assert Counter(message.state for message in messages()) == {"waiting": 1, "withheld": CROWD - 1}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_64_wrong_tries_of_one_code_five_are_looked_at(
    database: Any, monkeypatch: pytest.MonkeyPatch, round_: int
):
    me, unlocks = (
        OtpRequester("a browser", "10.0.1.1", MOBILE),
        OtpPurpose("registration", "registration:1", MOBILE),
    )
    with transaction():
        send_otp(unlocks, "registration_otp", Recipient("hi", MOBILE), me)
    monkeypatch.setitem(ALLOWANCES, Limit.OTP_WRONG_DAY, Allowance(CROWD, timedelta(days=1)))

    def attempt(number: int) -> OtpResult:
        with transaction():
            return try_otp(unlocks, me, f"{number:06}")

    outcomes = all_at_once(lambda number: attempt(number).answer)
    kept = rows(Otp)

    assert print_counts("tries of one code", outcomes) == {OtpOutcome.WRONG: 5, OtpOutcome.STOPPED: CROWD - 5}
    assert [otp.wrong_tries for otp in kept] == [5]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_64_who_press_register_with_one_form_token_one_complaint_comes(database: Any, round_: int):
    given(*bill_correction())
    household = a_household()
    assert household.consumer is not None
    actor = Actor(Role.CONSUMER, str(household.consumer.id))
    answers = {"bill_no": [household.bill_no], "reason": "wrong_reading"}
    form = FilledForm(new_form_token(), "BILL_CORRECTION", {}, answers)
    token = save_draft(actor, household.account_no, form).form_token

    outcomes = all_at_once(lambda _number: register_draft(actor, token))

    counts = print_counts("presses of REGISTER", outcomes)
    assert list(counts.values()) == [CROWD]
    assert [len(rows(model)) for model in (ServiceRequest, Event)] == [1, 1]
    assert len(messages("request_registered")) == 1


def test_of_a_crowd_that_guesses_from_everywhere_each_guess_counts(
    database: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ALLOWANCES, Limit.SIGN_IN_ALL, Allowance(CROWD, timedelta(days=1)))
    monkeypatch.setattr(passwords, "is_right", lambda typed, kept: kept is not None and typed == PASSWORD)
    a_household()
    crowd = [a_visitor(f"stranger {n}", f"10.2.0.{n}") for n in range(CROWD)]
    captchas = [solved(one) for one in crowd]

    all_at_once(lambda n: try_sign_in(crowd[n], ACCOUNT_NO, "not the password", **captchas[n]))

    assert try_sign_in(a_visitor("lucky", "10.3.0.1"), ACCOUNT_NO).outcome is LoginOutcome.MORE


@pytest.mark.on("postgresql")
def test_no_request_waits_for_the_number_of_another(database: Any):
    def number(_place: int) -> int:
        with transaction():
            return int(run(*NEXT_NUMBERS)[1])

    with transaction():
        [first] = run(*NEXT_NUMBERS)[1:]

        assert call_at_once(number, [0]) == [first + 1]
