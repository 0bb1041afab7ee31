"""Step one of a registration: identifies the connection, and discloses nothing to strangers."""

from typing import Any

import pytest

from tests.factories import ACCOUNT_NO, ACCOUNT_NO_RURAL, Household, a_bill, a_household, given
from tests.fixtures.registration import (
    a_visitor,
    counted_statements,
    is_captcha_due,
    messages,
    otp_sent_to,
    rows,
    solved,
    step_one,
    step_two,
)
from wss import passwords
from wss.db import transaction
from wss.models import Registration
from wss.services.registration.registration import name_connection
from wss.services.registration.step_results import StepOneInput, StepOneOutcome, StepTwoOutcome

UNKNOWN = "9999999990"


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide an unregistered connection."""
    return a_household(registered=False)


@pytest.mark.parametrize("newest", [1, 2, 3])
@pytest.mark.parametrize("number", ["bill_no", "sbm_bill_no"])
def test_each_of_the_last_three_bills_is_accepted_by_either_number(home: Household, newest: int, number: str):
    answer = step_one(a_visitor(), home.account_no, getattr(home.bills[-newest], number))

    assert answer.outcome is StepOneOutcome.STARTED


def test_the_fourth_last_bill_is_refused(home: Household):
    given(a_bill("90000000001", bill_month="2026-07", sbm_bill_no="S900"))

    outcomes = [step_one(a_visitor(), home.account_no, number).outcome for number in ("90000000001", "S900")]

    assert outcomes == [StepOneOutcome.NO_MATCH, StepOneOutcome.NO_MATCH]


def test_a_bill_of_another_connection_is_refused_like_one_that_does_not_exist(home: Household):
    another = a_household(ACCOUNT_NO_RURAL, registered=False)

    others = step_one(a_visitor(), home.account_no, another.bill_no)
    nobodys = step_one(a_visitor(), home.account_no, "NOSUCH")

    assert others == nobodys
    assert others.outcome is StepOneOutcome.NO_MATCH


def test_a_refused_try_leaves_nothing_to_go_on_with(home: Household):
    step_one(a_visitor(), home.account_no, "NOSUCH")

    assert rows(Registration) == []
    assert step_two(a_visitor()).outcome is StepTwoOutcome.LOST


@pytest.mark.parametrize("account_no", [ACCOUNT_NO, UNKNOWN])
def test_five_misses_within_an_hour_close_an_account_number_even_to_the_right_bill(
    home: Household, account_no: str
):
    for number in range(5):
        step_one(a_visitor(f"browser {number}"), account_no, "NOSUCH")

    answer = step_one(a_visitor("a neighbour"), account_no, home.bill_no)

    assert answer.outcome is StepOneOutcome.TOO_OFTEN
    assert answer.retry_after == 3600


def test_failures_from_elsewhere_lock_an_account_number_for_no_one(home: Household):
    for number in range(10):
        step_one(a_visitor(f"browser {number}", f"10.0.0.{number}"), home.account_no, "NOSUCH")

    assert (
        step_one(a_visitor("owner", "10.9.9.9"), home.account_no, home.bill_no).outcome
        is StepOneOutcome.STARTED
    )


@pytest.mark.parametrize("account_no", [ACCOUNT_NO, UNKNOWN])
def test_after_50_misses_from_everywhere_an_account_number_takes_a_captcha_and_no_more(
    home: Household, account_no: str
):
    for number in range(50):
        step_one(a_visitor(f"browser {number}", f"10.0.0.{number}"), account_no, "NOSUCH")
    owner = a_visitor("the owner", "10.9.9.9")

    assert step_one(owner, account_no, home.bill_no).outcome is StepOneOutcome.WRONG_CAPTCHA
    answer = name_connection(owner, StepOneInput(account_no, home.bill_no, **solved(owner)))
    assert answer.outcome is (
        StepOneOutcome.STARTED if account_no == home.account_no else StepOneOutcome.NO_MATCH
    )


@pytest.mark.parametrize(("misses", "minutes"), [(4, 0), (6, 60)], ids=["four misses", "after the hour"])
def test_the_account_number_is_open(home: Household, frozen_clock: Any, misses: int, minutes: int):
    for number in range(misses):
        step_one(a_visitor(f"browser {number}"), home.account_no, "NOSUCH")
    frozen_clock.advance(minutes=minutes)

    assert step_one(a_visitor(), home.account_no, home.bill_no).outcome is StepOneOutcome.STARTED


def test_right_tries_are_not_counted_as_misses(home: Household):
    outcomes = {
        step_one(a_visitor(f"browser {number}"), home.account_no, home.bill_no).outcome for number in range(8)
    }

    assert outcomes == {StepOneOutcome.STARTED}


def test_a_captcha_is_asked_from_the_third_miss_of_a_session(home: Household):
    due = []
    for number in range(3):
        step_one(a_visitor(), f"{8000000000 + number}", "NOSUCH")
        due.append(is_captcha_due(a_visitor()))

    assert due == [False, False, True]
    assert not is_captcha_due(a_visitor("another browser"))


def test_without_the_captcha_that_is_due_even_the_right_numbers_do_not_go_on(home: Household):
    for number in range(3):
        step_one(a_visitor(), f"{8000000000 + number}", "NOSUCH")

    without = step_one(a_visitor(), home.account_no, home.bill_no, captcha=False)
    with_it = step_one(a_visitor(), home.account_no, home.bill_no)

    assert (without.outcome, with_it.outcome) == (StepOneOutcome.WRONG_CAPTCHA, StepOneOutcome.STARTED)


def test_a_network_has_300_misses_an_hour_whatever_is_asked_for(home: Household):
    for number in range(300):
        step_one(a_visitor(f"browser {number}"), f"{8000000000 + number}", "NOSUCH")

    from_here = step_one(a_visitor("one more"), home.account_no, home.bill_no)
    from_elsewhere = step_one(a_visitor("elsewhere", "10.7.7.7"), home.account_no, home.bill_no)

    assert (from_here.outcome, from_elsewhere.outcome) == (StepOneOutcome.TOO_OFTEN, StepOneOutcome.STARTED)


def test_a_connection_with_an_active_consumer_says_so_to_who_knows_both_numbers(database: Any):
    home = a_household()

    assert step_one(a_visitor(), home.account_no, home.bill_no).outcome is StepOneOutcome.ALREADY_REGISTERED
    assert rows(Registration) == []


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("which", ["account_no", "bill_no", "sbm_bill_no"])
def test_a_single_number_always_leads_to_step_two(home: Household, which: str, known: bool):
    right = {
        "account_no": home.account_no,
        "bill_no": home.bill_no,
        "sbm_bill_no": home.bills[-1].sbm_bill_no,
    }
    number = right[which] if known else (UNKNOWN if which == "account_no" else "NOSUCH")
    field = "account_no" if which == "account_no" else "bill_no"

    assert step_one(a_visitor(), **{field: number}).outcome is StepOneOutcome.STARTED
    assert step_two(a_visitor(), mobile=None).outcome is StepTwoOutcome.OTP_SENT


def test_a_single_number_has_an_sms_go_to_the_mobile_on_record(home: Household):
    step_one(a_visitor(), home.account_no)
    step_two(a_visitor(), mobile="9026114477")

    [message] = messages()
    assert (message.recipient, message.state) == (home.connection.mobile_on_record, "waiting")
    assert otp_sent_to(message.recipient)


@pytest.mark.parametrize("why", ["no such number", "no mobile on record"])
def test_an_unknown_single_number_sends_no_message(database: Any, why: str):
    a_household(registered=False, mobile_on_record=None)

    step_one(a_visitor(), UNKNOWN if why == "no such number" else ACCOUNT_NO)
    step_two(a_visitor(), mobile="9026114477")

    assert [(m.recipient, m.state) for m in messages()] == [("", "withheld")]


def test_the_single_number_of_an_active_consumer_notifies_their_verified_mobile(database: Any):
    home = a_household()
    with_another = home.consumer
    assert with_another is not None
    with transaction() as session:
        session.merge(with_another).mobile = "9026114477"

    step_one(a_visitor(), home.account_no)
    step_two(a_visitor(), mobile=None)

    assert [(m.notice, m.recipient, m.state) for m in messages()] == [
        ("already_registered", "9026114477", "waiting")
    ]


def _work(monkeypatch: Any, **numbers: str) -> tuple[Any, ...]:
    """Return everything that can be counted or timed of both steps."""
    hashes = []
    monkeypatch.setattr(passwords, "hash_password", lambda password: hashes.append(password) or "a hash")
    visitor = a_visitor(f"browser {sorted(numbers.items())}")
    before = len(messages())
    with counted_statements() as first:
        one = step_one(visitor, **numbers)
    with counted_statements() as second:
        two = step_two(visitor, mobile=None) if one.outcome is StepOneOutcome.STARTED else None
    return one, two, first, second, len(hashes), len(messages()) - before


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ({"account_no": ACCOUNT_NO}, {"account_no": UNKNOWN}),
        ({"bill_no": "S101000009213"}, {"bill_no": "NOSUCH"}),
        ({"account_no": ACCOUNT_NO, "bill_no": "NOSUCH"}, {"account_no": UNKNOWN, "bill_no": "NOSUCH"}),
    ],
)
@pytest.mark.parametrize("registered", [True, False])
def test_known_and_unknown_numbers_are_the_same_work_and_the_same_answer(
    database: Any, monkeypatch: Any, known: dict[str, str], unknown: dict[str, str], registered: bool
):
    home = a_household(registered=registered)
    assert home.bills[-1].sbm_bill_no == "S101000009213"

    of_known, of_unknown = _work(monkeypatch, **known), _work(monkeypatch, **unknown)

    assert of_known == of_unknown
