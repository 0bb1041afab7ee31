"""Links to a former address, and steps begun with a former password, prove nothing."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import ACCOUNT_NO, PASSWORD, Household, a_household
from tests.fixtures.registration import a_visitor, rows, step_one, step_two, token_in, try_sign_in
from wss import passwords
from wss.clock import now
from wss.db import transaction
from wss.domain.actor import Actor, Role
from wss.domain.ownership import HOLD, KnowledgeFacts
from wss.models import Connection, Consumer, SignedIn
from wss.services.login.consumer_login import LoginOutcome
from wss.services.my_data.settings import change_settings
from wss.services.registration import recovery
from wss.services.registration.activation import ActivationOutcome, follow_activation_link
from wss.services.registration.recovery import RecoveryOutcome

NEW_PASSWORD = "eleven green doors"


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a household whose consumer has a confirmed address with a link there to set a new password."""
    home = a_household()
    with transaction() as session:
        session.execute(sa.update(Consumer).values(email="pooja@example.in", email_verified_at=now() - HOLD))
    recovery.begin_recovery(a_visitor(), recovery.PASSWORD, KnowledgeFacts(home.account_no, home.bill_no))
    return home


def test_a_link_to_the_consumers_address_sets_a_password(home: Household):
    answer = recovery.set_password_by_link(token_in("reset_link"), home.bill_no, NEW_PASSWORD)

    assert answer.outcome is RecoveryOutcome.DONE


def test_a_link_to_a_former_address_sets_no_password(home: Household):
    assert home.consumer is not None
    consumer = Actor(Role.CONSUMER, str(home.consumer.id))
    change_settings(consumer, "hi", sms_alerts=True, email_alerts=False, email="sharma@example.in")

    answer = recovery.set_password_by_link(token_in("reset_link"), home.bill_no, NEW_PASSWORD)

    assert answer.outcome is RecoveryOutcome.LOST


def test_a_link_to_an_address_no_longer_on_record_activates_nothing(database: Any):
    home = a_household(registered=False, mobile_on_record=None, email_on_record="tenant@example.in")
    step_one(a_visitor(), home.account_no, home.bill_no)
    step_two(a_visitor(), None)
    with transaction() as session:
        session.execute(sa.update(Connection).values(email_on_record="owner@example.in"))

    assert follow_activation_link(token_in("activation")).outcome is ActivationOutcome.LOST
    assert rows(Consumer) == []


def test_a_password_changed_during_its_check_logs_no_one_in(home: Household, monkeypatch: pytest.MonkeyPatch):
    def look(typed: str, kept: str | None) -> bool:
        recovery.set_password_by_link(token_in("reset_link"), home.bill_no, NEW_PASSWORD)
        return typed == PASSWORD

    monkeypatch.setattr(passwords, "is_right", look)

    assert try_sign_in(a_visitor(), ACCOUNT_NO).outcome is LoginOutcome.WRONG
    assert rows(SignedIn) == []
