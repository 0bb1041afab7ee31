"""One-time passwords: how they are sent, tried and consumed."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import MOBILE, a_household
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    otp_sent_to,
    owners_of,
    register_up_to_code,
    rows,
    step_two,
    values_of,
    wrong,
)
from wss.db import transaction
from wss.domain.otp import OtpOutcome, OtpPurpose, OtpRequester, OtpResult, OtpSending
from wss.models import Otp
from wss.services.messages.notices import Recipient
from wss.services.messages.otp import send_otp, try_otp
from wss.services.registration.activation import ActivationOutcome, verify_code

NETWORK = "10.1.2.3"
Send = Callable[..., OtpSending]
Try = Callable[..., OtpResult]


@pytest.fixture
def send(database: Any, frozen_clock: Any) -> Send:
    """Return a function that sends an OTP of one purpose to a mobile."""

    def send(
        subject: str = "registration:1", purpose: str = "registration", mobile: str = MOBILE, **where: str
    ) -> OtpSending:
        with transaction():
            return send_otp(
                OtpPurpose(purpose, subject, mobile),
                "registration_otp",
                Recipient("hi", mobile),
                OtpRequester(where.get("browser", "browser"), where.get("address", NETWORK), mobile),
            )

    return send


@pytest.fixture
def attempt(database: Any) -> Try:
    """Return a function that tries an OTP of one purpose."""

    def attempt(
        typed: str,
        subject: str = "registration:1",
        purpose: str = "registration",
        mobile: str = MOBILE,
        browser: str = "browser",
    ) -> OtpResult:
        with transaction():
            return try_otp(
                OtpPurpose(purpose, subject, mobile), OtpRequester(browser, NETWORK, mobile), typed
            )

    return attempt


def test_a_code_has_six_digits_and_a_reference_number_of_eight(send: Send):
    send()

    values = values_of(messages()[0])
    assert re.fullmatch(r"\d{6}", values["otp"]) and re.fullmatch(r"\d{8}", values["reference_no"])
    assert values["reference_no"] == rows(Otp)[0].reference_no


def test_the_code_itself_is_nowhere_in_the_database(send: Send):
    send()

    otp = values_of(messages()[0])["otp"]
    kept = " ".join(str(vars(row)) for row in (*rows(Otp), *messages()))
    assert otp not in kept


def test_the_right_code_is_right_once(send: Send, attempt: Try):
    send()
    otp = otp_sent_to(MOBILE)

    assert [attempt(otp).answer, attempt(otp).answer] == [OtpOutcome.RIGHT, OtpOutcome.WRONG]


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", "devanagari"])
def test_a_code_may_be_typed_with_spaces_or_devanagari_digits(send: Send, attempt: Try, typed: str):
    send()
    otp = otp_sent_to(MOBILE)
    devanagari = otp.translate(str.maketrans("0123456789", "०१२३४५६७८९"))

    shown = devanagari if typed == "devanagari" else typed.format(otp[:3], otp[3:])

    assert attempt(shown).is_right


@pytest.mark.parametrize(("seconds", "is_right"), [(599, True), (600, False)])
def test_a_code_lives_ten_minutes(send: Send, attempt: Try, frozen_clock: Any, seconds: int, is_right: bool):
    send()
    frozen_clock.advance(seconds=seconds)

    assert attempt(otp_sent_to(MOBILE)).is_right is is_right


def test_a_code_is_bound_to_its_purpose_subject_mobile_and_browser(send: Send, attempt: Try):
    send()
    otp = otp_sent_to(MOBILE)

    assert not attempt(otp, purpose="hold").is_right
    assert not attempt(otp, subject="registration:2").is_right
    assert not attempt(otp, mobile=ANOTHER_MOBILE).is_right
    assert not attempt(otp, browser="another").is_right
    assert attempt(otp).is_right


def test_five_wrong_tries_stop_even_the_right_code(send: Send, attempt: Try):
    send()
    otp = otp_sent_to(MOBILE)

    answers = [attempt(wrong(otp)).answer for _ in range(6)]

    assert answers == [OtpOutcome.WRONG] * 5 + [OtpOutcome.STOPPED]
    assert attempt(otp).answer is OtpOutcome.STOPPED


def test_six_wrong_tries_consume_five_attempts(send: Send, attempt: Try, frozen_clock: Any):
    send()
    otp = otp_sent_to(MOBILE)
    for _ in range(6):
        attempt(wrong(otp))
    frozen_clock.advance(minutes=15)
    for _ in range(10):
        attempt(wrong(otp))
        frozen_clock.advance(minutes=4)

    # Of the 15 a day, 5 were consumed before and 10 now: the sixth, refused attempt consumed none.
    assert attempt(wrong(otp)).answer is OtpOutcome.STOPPED


def test_a_new_code_has_five_tries_of_its_own(send: Send, attempt: Try, frozen_clock: Any):
    send()
    for _ in range(6):
        stopped = attempt(wrong(otp_sent_to(MOBILE)))
    frozen_clock.advance(seconds=stopped.retry_after)
    send()

    assert stopped.retry_after == 60
    assert attempt(otp_sent_to(MOBILE)).is_right


def test_each_browser_has_a_live_code_of_its_own_for_the_same_mobile(
    send: Send, attempt: Try, frozen_clock: Any
):
    send()
    mine = otp_sent_to(MOBILE)
    frozen_clock.advance(minutes=1)
    send(browser="another")

    assert attempt(otp_sent_to(MOBILE), browser="another").is_right
    assert attempt(mine).is_right


def test_wrong_tries_of_another_browser_never_end_a_code(send: Send, attempt: Try):
    send()
    for _ in range(20):
        attempt(wrong(otp_sent_to(MOBILE)), browser="another")

    assert attempt(otp_sent_to(MOBILE)).is_right


def test_a_right_code_clears_the_count(send: Send, attempt: Try, frozen_clock: Any):
    send()
    for _ in range(4):
        attempt(wrong(otp_sent_to(MOBILE)))
    attempt(otp_sent_to(MOBILE))
    frozen_clock.advance(seconds=61)
    send()

    answers = [attempt(wrong(otp_sent_to(MOBILE))).answer for _ in range(5)]

    assert answers == [OtpOutcome.WRONG] * 5


def test_a_day_has_15_wrong_tries_over_all_purposes(send: Send, attempt: Try, frozen_clock: Any):
    answers = []
    for number in range(4):
        purpose = f"purpose {number}"
        send(purpose=purpose)
        answers += [attempt(wrong(otp_sent_to(MOBILE)), purpose=purpose).answer for _ in range(5)]
        frozen_clock.advance(minutes=20)

    assert answers == [OtpOutcome.WRONG] * 15 + [OtpOutcome.STOPPED] * 5


def test_another_mobile_is_not_stopped_with_this_one(send: Send, attempt: Try):
    send()
    send("registration:2", mobile=ANOTHER_MOBILE)
    for _ in range(6):
        attempt(wrong(otp_sent_to(MOBILE)))

    assert attempt(otp_sent_to(ANOTHER_MOBILE), "registration:2", mobile=ANOTHER_MOBILE).is_right


def codes_sent() -> int:
    return len([message for message in messages() if message.state == "waiting"])


def test_a_mobile_gets_one_code_in_60_seconds_without_disclosure_to_others(send: Send, frozen_clock: Any):
    send()
    frozen_clock.advance(seconds=59)
    assert send("registration:2", purpose="hold", address="10.9.9.9", browser="another").ok
    assert codes_sent() == 1
    frozen_clock.advance(seconds=1)
    send()

    assert codes_sent() == 2


def test_a_browser_asks_three_times_in_15_minutes(send: Send, frozen_clock: Any):
    sent = []
    for _ in range(4):
        sent.append(send().ok)
        frozen_clock.advance(seconds=61)

    assert sent == [True, True, True, False]


@pytest.mark.parametrize(
    ("browsers", "seconds_between", "sent"), [(8, 61, 3), (100, 300, 6)], ids=["in 15 minutes", "a day"]
)
def test_a_mobile_gets_three_codes_in_15_minutes_and_six_a_day_from_whomever(
    send: Send, frozen_clock: Any, browsers: int, seconds_between: int, sent: int
):
    for number in range(browsers):
        send(f"registration:{number}", address=f"10.0.0.{number}", browser=f"browser {number}")
        frozen_clock.advance(seconds=seconds_between)

    assert codes_sent() == sent


def test_a_network_sends_300_codes_an_hour(send: Send):
    sent = [
        send(f"registration:{n}", mobile=f"{9000000000 + n}", browser=f"browser {n}").ok for n in range(301)
    ]

    assert sent == [True] * 300 + [False]


def test_the_code_of_one_mobile_never_proves_another(database: Any, frozen_clock: Any):
    home = a_household(registered=False)
    # A first visitor consumes the limit of the number on record, so that no second code is sent there …
    register_up_to_code(a_visitor("decoy"), home, MOBILE)
    # … then a second one has a code sent to a phone of their own, and changes the number to the one on record.
    register_up_to_code(a_visitor("thief"), home, ANOTHER_MOBILE)
    step_two(a_visitor("thief"), MOBILE)

    ended = verify_code(a_visitor("thief"), otp_sent_to(ANOTHER_MOBILE))

    assert ended.outcome is not ActivationOutcome.ACTIVE
    assert owners_of(home.account_no) == []
