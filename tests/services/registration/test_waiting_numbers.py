"""Pending changes of a mobile: few a day, each announced, and each link stops them."""

from typing import Any

import pytest

from tests.factories import MOBILE, Household, a_household
from tests.fixtures.registration import a_visitor, messages, otp_sent_to, values_of
from wss.db import reading
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import ALLOWANCES, Limit
from wss.models import Consumer
from wss.services.registration.mobile_change import (
    MobileChangeOutcome,
    begin_mobile_change,
    prove_new_mobile,
    stop_pending_mobile,
)

TIMES = ALLOWANCES[Limit.MOBILE_COMING].times


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    return a_household()


def give_number(home: Household, turn: int, *, old: str = "") -> MobileChangeOutcome:
    """Give a stranger's next own number, from a browser of its own."""
    visitor, number = a_visitor(f"browser {turn}", f"10.9.8.{turn}"), f"90261144{turn:02}"
    begin_mobile_change(visitor, KnowledgeFacts(home.account_no, home.bill_no), number)
    return prove_new_mobile(visitor, otp_sent_to(number, "new_mobile_otp"), old).outcome


def links() -> list[str]:
    return [values_of(message)["path"].rpartition("/")[2] for message in messages("mobile_coming")]


def test_a_stranger_has_so_few_numbers_wait_that_the_owner_is_not_flooded(home: Household) -> None:
    answers = [give_number(home, turn) for turn in range(TIMES + 5)]

    assert answers == [MobileChangeOutcome.COMING] * TIMES + [MobileChangeOutcome.TOO_OFTEN] * 5
    assert len([one for one in messages("mobile_coming") if one.recipient == MOBILE]) == TIMES


def test_the_link_of_the_first_message_stops_whichever_number_waits(home: Household) -> None:
    for turn in range(TIMES):
        give_number(home, turn)

    assert stop_pending_mobile(links()[0])
    with reading() as session:
        assert session.query(Consumer).one().coming_mobile is None


def test_the_old_numbers_otp_changes_it_although_too_many_have_waited(
    home: Household, frozen_clock: Any
) -> None:
    for turn in range(TIMES + 1):
        give_number(home, turn)
    frozen_clock.advance(minutes=16)
    owner = a_visitor("the owner", trusted={home.consumer.id if home.consumer else 0: "own"})
    begin_mobile_change(owner, KnowledgeFacts(home.account_no, home.bill_no), "9026114499")
    code, old = otp_sent_to("9026114499", "new_mobile_otp"), otp_sent_to(MOBILE, "old_mobile_otp")

    assert prove_new_mobile(owner, code, old).outcome is MobileChangeOutcome.CHANGED
