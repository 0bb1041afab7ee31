"""The day of waiting after a registration with a number that is not on record."""

from typing import Any

import pytest

from tests.factories import MOBILE, Household, a_household
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    otp_sent_to,
    owners_of,
    register_up_to_code,
    rows,
    step_one,
    step_two,
    token_in,
    try_sign_in,
    values_of,
    wrong,
)
from wss.clock import now
from wss.db import reading
from wss.domain.actor import Actor, Role
from wss.domain.errors import NotFound
from wss.domain.otp import OtpOutcome
from wss.domain.sessions import IDLE
from wss.models import Consumer, Ownership, SignedIn
from wss.queries.connections import visible_connection
from wss.queries.sessions import signed_in_consumer
from wss.services.login.consumer_login import LoginOutcome, session_hash
from wss.services.registration.activation import (
    ActivationOutcome,
    reject_registration,
    send_hold_code,
    try_hold_code,
    verify_code,
)
from wss.services.registration.step_results import StepOneOutcome


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a connection that was registered a moment ago with another number."""
    home = a_household(registered=False)
    register_up_to_code(a_visitor("newcomer"), home, ANOTHER_MOBILE)
    assert verify_code(a_visitor("newcomer"), otp_sent_to(ANOTHER_MOBILE)).outcome is ActivationOutcome.HELD
    return home


def newcomer() -> Consumer:
    consumer: Consumer = rows(Consumer)[0]
    return consumer


def sees_the_connection(home: Household) -> bool:
    actor = Actor(Role.CONSUMER, str(newcomer().id))
    with reading():
        try:
            return visible_connection(actor, home.account_no, now()) is not None
        except NotFound:
            return False


def test_who_is_held_signs_in_and_sees_nothing(home: Household):
    answer = try_sign_in(a_visitor("newcomer"), home.account_no)

    with reading():
        signed_in = signed_in_consumer(session_hash(answer.session_id), now(), now() - IDLE)
    assert answer.outcome is LoginOutcome.IN
    assert signed_in is not None and signed_in.is_held
    assert not sees_the_connection(home)


def test_the_hold_ends_by_itself_after_24_hours_and_not_before(home: Household, frozen_clock: Any):
    frozen_clock.advance(hours=23, minutes=59)
    before = sees_the_connection(home)
    frozen_clock.advance(minutes=1)

    assert (before, sees_the_connection(home)) == (False, True)


def test_the_old_number_is_notified_with_a_link(home: Household):
    [message] = messages("not_me")

    assert message.recipient == MOBILE
    assert values_of(message)["path"].startswith("/not-me/")


def test_the_link_ends_the_registration_and_its_sessions_and_notifies_the_registrant(home: Household):
    try_sign_in(a_visitor("newcomer"), home.account_no)

    assert reject_registration(token_in("not_me"))

    assert owners_of(home.account_no) == []
    assert rows(Ownership)[0].ended_because == "not_me"
    assert rows(SignedIn) == []
    assert [m.recipient for m in messages("hold_ended")] == [ANOTHER_MOBILE]


def test_after_not_me_the_connection_can_be_registered_again(home: Household):
    reject_registration(token_in("not_me"))

    assert step_one(a_visitor("owner"), home.account_no, home.bill_no).outcome is StepOneOutcome.STARTED


def test_after_24_hours_the_link_has_expired(home: Household, frozen_clock: Any):
    frozen_clock.advance(hours=24)

    assert not reject_registration(token_in("not_me"))
    assert len(owners_of(home.account_no)) == 1


def test_the_otp_of_the_old_number_lifts_the_hold_at_once(home: Household):
    sent = send_hold_code(a_visitor(), newcomer().id)
    tried = try_hold_code(a_visitor(), newcomer().id, otp_sent_to(MOBILE, "hold_otp"))

    assert sent is not None and sent.ok
    assert tried is not None and tried.is_right
    assert sees_the_connection(home)


def test_once_lifted_the_link_is_dead(home: Household):
    send_hold_code(a_visitor(), newcomer().id)
    try_hold_code(a_visitor(), newcomer().id, otp_sent_to(MOBILE, "hold_otp"))

    assert not reject_registration(token_in("not_me"))
    assert sees_the_connection(home)


@pytest.mark.parametrize("is_wrong", [False, True], ids=["sent to the new number", "wrong"])
def test_another_otp_than_that_of_the_old_number_lifts_nothing(home: Household, is_wrong: bool):
    send_hold_code(a_visitor(), newcomer().id)
    otp = wrong(otp_sent_to(MOBILE, "hold_otp")) if is_wrong else otp_sent_to(ANOTHER_MOBILE)

    tried = try_hold_code(a_visitor(), newcomer().id, otp)

    assert tried is not None and tried.answer is OtpOutcome.WRONG
    assert not sees_the_connection(home)


def test_a_consumer_without_a_hold_gets_no_code(database: Any):
    home = a_household()
    assert home.consumer is not None

    assert send_hold_code(a_visitor(), home.consumer.id) is None
    assert messages() == []


@pytest.mark.parametrize("both", [True, False])
def test_the_owner_with_the_number_on_record_displaces_the_hold(
    home: Household, frozen_clock: Any, both: bool
):
    frozen_clock.advance(minutes=5)
    step_one(a_visitor("owner"), home.account_no, home.bill_no if both else "")
    step_two(a_visitor("owner"), MOBILE if both else None)

    ended = verify_code(a_visitor("owner"), otp_sent_to(MOBILE))

    owner = rows(Consumer)[-1]
    assert ended.outcome is ActivationOutcome.ACTIVE
    assert owners_of(home.account_no) == [owner.id] != [newcomer().id]
    assert [m.recipient for m in messages("hold_ended")] == [ANOTHER_MOBILE]
    assert not reject_registration(token_in("not_me"))


def test_a_third_person_with_yet_another_number_displaces_no_one(home: Household):
    register_up_to_code(a_visitor("third"), home, "9026114478")

    ended = verify_code(a_visitor("third"), otp_sent_to("9026114478"))

    assert ended.outcome is ActivationOutcome.TAKEN
    assert owners_of(home.account_no) == [newcomer().id]


def test_after_the_day_the_newcomer_is_the_active_consumer_and_no_one_displaces_them(
    home: Household, frozen_clock: Any
):
    frozen_clock.advance(hours=25)

    answer = step_one(a_visitor("owner"), home.account_no, home.bill_no)

    assert answer.outcome is StepOneOutcome.ALREADY_REGISTERED
