"""A forgotten user name is sent to the verified mobile, never shown, and limited."""

from typing import Any

import pytest

from tests.factories import MOBILE, a_household
from tests.fixtures.registration import a_visitor, messages, values_of
from wss.domain import rate_limits
from wss.domain.delivery import DeliveryState
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import Allowance, Limit
from wss.services.registration.recovery import SIGN_IN, RecoveryOutcome, begin_recovery, send_user_name


@pytest.fixture
def facts(database: Any, frozen_clock: Any) -> KnowledgeFacts:
    """Provide account and bill number of a registered household."""
    home = a_household()
    return KnowledgeFacts(home.account_no, home.bill_no)


def test_the_name_goes_to_the_verified_mobile(facts: KnowledgeFacts):
    answer = send_user_name(a_visitor(), facts)

    [message] = messages("user_name")
    assert answer.outcome is RecoveryOutcome.DONE
    assert (message.recipient, message.state) == (MOBILE, DeliveryState.WAITING)
    assert values_of(message)["user_name"] == facts.account_no


def test_a_wrong_bill_is_answered_alike_and_nothing_goes_out(facts: KnowledgeFacts):
    answer = send_user_name(a_visitor(), KnowledgeFacts(facts.account_no, "NOSUCH"))

    assert answer.outcome is RecoveryOutcome.DONE
    assert [message.state for message in messages("user_name")] == [DeliveryState.WITHHELD]


def test_a_mobile_gets_it_once_a_minute_for_all_askers(facts: KnowledgeFacts):
    for number in range(3):
        send_user_name(a_visitor(f"browser {number}", f"10.0.0.{number}"), facts)

    assert [message.state for message in messages("user_name")].count(DeliveryState.WAITING) == 1


def test_the_user_name_counts_among_the_six_messages_that_a_mobile_gets_a_day(
    facts: KnowledgeFacts, frozen_clock: Any
):
    for number in range(8):
        me = a_visitor(f"browser {number}", f"10.0.0.{number}")
        if number % 2:
            send_user_name(me, facts)
        else:
            begin_recovery(me, SIGN_IN, facts)
        frozen_clock.advance(minutes=20)

    assert [message.state for message in messages()] == [DeliveryState.WAITING] * 6 + [
        DeliveryState.WITHHELD
    ] * 2


def test_a_network_that_asks_for_too_many_has_to_wait(facts: KnowledgeFacts, monkeypatch: pytest.MonkeyPatch):
    hour = rate_limits.ALLOWANCES[Limit.OTP_SEND_ADDRESS].within
    monkeypatch.setitem(rate_limits.ALLOWANCES, Limit.OTP_SEND_ADDRESS, Allowance(1, hour))

    outcomes = [send_user_name(a_visitor(f"browser {number}"), facts).outcome for number in range(2)]

    assert outcomes == [RecoveryOutcome.DONE, RecoveryOutcome.TOO_OFTEN]
