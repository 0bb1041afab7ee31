"""A code that was sent to a number proves nothing after the number has changed."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import ACCOUNT_NO, MOBILE, Household, a_household
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    otp_sent_to,
    owners_of,
    rows,
    step_one,
    step_two,
)
from wss.db import transaction
from wss.domain.ownership import KnowledgeFacts
from wss.models import Connection, Consumer, SignedIn
from wss.services.registration.activation import ActivationOutcome, verify_code
from wss.services.registration.added_connections import AddedConnectionOutcome, begin_join, prove_join
from wss.services.registration.mobile_change import MobileChangeOutcome, begin_mobile_change, prove_new_mobile
from wss.services.registration.recovery import (
    PASSWORD,
    SIGN_IN,
    RecoveryOutcome,
    begin_recovery,
    log_in_by_code,
    set_password_by_code,
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
    with transaction() as session:
        session.execute(sa.update(Consumer).values(mobile=mobile))


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
        step_one(a_visitor(), home.account_no, home.bill_no)
        step_two(a_visitor(), ANOTHER_MOBILE)
        frozen_clock.advance(seconds=1)

    assert verify_code(a_visitor(), otp_sent_to(ANOTHER_MOBILE)).outcome is not ActivationOutcome.HELD
    assert owners_of(home.account_no) == []


def test_a_code_to_the_former_number_sets_no_password(home: Household):
    begin_recovery(a_visitor(), PASSWORD, facts_of(home))
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
    with transaction() as session:
        session.execute(
            sa.update(Connection)
            .where(Connection.account_no == second.account_no)
            .values(mobile_on_record=ANOTHER_MOBILE)
        )

    joined = prove_join(a_visitor(), home.consumer.id, otp_sent_to(THIRD_MOBILE, "join_otp"))

    assert joined.outcome is AddedConnectionOutcome.LOST
    assert (owners_of(second.account_no), owners_of(ACCOUNT_NO)) == ([], [home.consumer.id])
