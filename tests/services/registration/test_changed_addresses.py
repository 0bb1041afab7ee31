"""A code or link that was sent to a number or an address proves nothing after that has changed."""

from typing import Any

import pytest

from tests.factories import ACCOUNT_NO, MOBILE, PASSWORD, Household, a_household, update_rows
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    otp_sent_to,
    owners_of,
    register_up_to_code,
    rows,
    token_in,
    try_sign_in,
)
from wss import passwords
from wss.clock import now
from wss.domain.actor import Actor, Role
from wss.domain.ownership import HOLD, KnowledgeFacts
from wss.models import Connection, Consumer, SignedIn
from wss.services.login.consumer_login import LoginOutcome
from wss.services.my_data.settings import change_settings
from wss.services.registration.activation import ActivationOutcome, follow_activation_link, verify_code
from wss.services.registration.added_connections import AddedConnectionOutcome, begin_join, prove_join
from wss.services.registration.mobile_change import MobileChangeOutcome, begin_mobile_change, prove_new_mobile
from wss.services.registration.recovery import PASSWORD as RECOVERY_PASSWORD
from wss.services.registration.recovery import (
    SIGN_IN,
    RecoveryOutcome,
    begin_recovery,
    log_in_by_code,
    set_password_by_code,
    set_password_by_link,
)

THIRD_MOBILE = "9026114488"
NEW_PASSWORD = "eleven green doors"


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a registered household with a verified number."""
    return a_household()


def facts_of(home: Household) -> KnowledgeFacts:
    return KnowledgeFacts(home.account_no, home.bill_no)


def becomes(mobile: str) -> None:
    """Change the consumer's number, as happens after its day of waiting."""
    update_rows(Consumer, mobile=mobile)


def test_a_code_to_the_former_number_opens_no_session(home: Household):
    begin_recovery(a_visitor(), SIGN_IN, facts_of(home))
    becomes(ANOTHER_MOBILE)

    assert log_in_by_code(a_visitor(), otp_sent_to(MOBILE, "sign_in_otp")).outcome is RecoveryOutcome.WRONG
    assert rows(SignedIn) == []


@pytest.mark.parametrize(
    ("again_after_s", "outcome"), [(1, RecoveryOutcome.DONE), (61, RecoveryOutcome.WRONG)]
)
def test_a_code_expires_when_the_browser_is_sent_another_and_not_when_that_is_refused(
    home: Household, frozen_clock: Any, again_after_s: int, outcome: RecoveryOutcome
):
    begin_recovery(a_visitor(), SIGN_IN, facts_of(home))
    former = otp_sent_to(MOBILE, "sign_in_otp")
    frozen_clock.advance(seconds=again_after_s)
    begin_recovery(a_visitor(), SIGN_IN, facts_of(home))

    assert log_in_by_code(a_visitor(), former).outcome is outcome


def test_a_code_of_a_former_registration_proves_nothing_in_a_new_one(database: Any, frozen_clock: Any):
    home = a_household(registered=False)
    for _ in range(2):
        register_up_to_code(a_visitor(), home, ANOTHER_MOBILE)
        frozen_clock.advance(seconds=1)

    assert verify_code(a_visitor(), otp_sent_to(ANOTHER_MOBILE)).outcome is not ActivationOutcome.HELD
    assert owners_of(home.account_no) == []


def test_a_code_to_the_former_number_sets_no_password(home: Household):
    begin_recovery(a_visitor(), RECOVERY_PASSWORD, facts_of(home))
    [before] = rows(Consumer)
    becomes(ANOTHER_MOBILE)

    answer = set_password_by_code(a_visitor(), otp_sent_to(MOBILE, "password_otp"), NEW_PASSWORD)

    assert answer.outcome is RecoveryOutcome.WRONG
    assert rows(Consumer)[0].password_hash == before.password_hash


def test_the_former_number_does_not_let_a_new_one_in_at_once(home: Household):
    begin_mobile_change(a_visitor(), facts_of(home), THIRD_MOBILE)
    becomes(ANOTHER_MOBILE)

    changed = prove_new_mobile(
        a_visitor(), otp_sent_to(THIRD_MOBILE, "new_mobile_otp"), otp_sent_to(MOBILE, "old_mobile_otp")
    )

    assert changed.outcome is MobileChangeOutcome.WRONG_OLD
    assert rows(Consumer)[0].mobile == ANOTHER_MOBILE


def test_a_code_to_a_number_no_longer_on_record_adds_no_connection(home: Household):
    assert home.consumer is not None
    second = a_household("7950761955", registered=False, mobile_on_record=THIRD_MOBILE)
    begin_join(a_visitor(), home.consumer.id, facts_of(second))
    update_rows(Connection, Connection.account_no == second.account_no, mobile_on_record=ANOTHER_MOBILE)

    joined = prove_join(a_visitor(), home.consumer.id, otp_sent_to(THIRD_MOBILE, "join_otp"))

    assert joined.outcome is AddedConnectionOutcome.LOST
    assert (owners_of(second.account_no), owners_of(ACCOUNT_NO)) == ([], [home.consumer.id])


@pytest.fixture
def home_with_link(database: Any, frozen_clock: Any) -> Household:
    """Provide a household whose consumer has a confirmed address with a link there to set a new password."""
    home = a_household()
    update_rows(Consumer, email="pooja@example.in", email_verified_at=now() - HOLD)
    begin_recovery(a_visitor(), RECOVERY_PASSWORD, KnowledgeFacts(home.account_no, home.bill_no))
    return home


def test_a_link_to_the_consumers_address_sets_a_password(home_with_link: Household):
    answer = set_password_by_link(token_in("reset_link"), home_with_link.bill_no, NEW_PASSWORD)

    assert answer.outcome is RecoveryOutcome.DONE


def test_a_link_to_a_former_address_sets_no_password(home_with_link: Household):
    assert home_with_link.consumer is not None
    consumer = Actor(Role.CONSUMER, str(home_with_link.consumer.id))
    change_settings(consumer, "hi", sms_alerts=True, email_alerts=False, email="sharma@example.in")

    answer = set_password_by_link(token_in("reset_link"), home_with_link.bill_no, NEW_PASSWORD)

    assert answer.outcome is RecoveryOutcome.LOST


def test_a_link_to_an_address_no_longer_on_record_activates_nothing(database: Any):
    home = a_household(registered=False, mobile_on_record=None, email_on_record="tenant@example.in")
    register_up_to_code(a_visitor(), home, None)
    update_rows(Connection, email_on_record="owner@example.in")

    assert follow_activation_link(token_in("activation")).outcome is ActivationOutcome.LOST
    assert rows(Consumer) == []


def test_a_password_changed_during_its_check_logs_no_one_in(
    home_with_link: Household, monkeypatch: pytest.MonkeyPatch
):
    def look(typed: str, kept: str | None) -> bool:
        set_password_by_link(token_in("reset_link"), home_with_link.bill_no, NEW_PASSWORD)
        return typed == PASSWORD

    monkeypatch.setattr(passwords, "is_right", look)

    assert try_sign_in(a_visitor(), ACCOUNT_NO).outcome is LoginOutcome.WRONG
    assert rows(SignedIn) == []
