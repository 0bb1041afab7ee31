"""The office decides a claim: the connection moves to the claimant, once."""

from typing import Any

import pytest

from tests.factories import MOBILE, Household, a_connection, a_household, an_ownership, given
from tests.fixtures.complaint_handling import CLERK, SDO, office_acts, resolve, staff_of_the_office
from tests.fixtures.registration import (
    ANOTHER_MOBILE,
    a_visitor,
    messages,
    otp_sent_to,
    owners_of,
    rows,
    token_in,
    try_sign_in,
)
from wss.domain.lifecycle import Action, Resolution
from wss.domain.ownership import KnowledgeFacts
from wss.models import Consumer, Ownership, SignedIn
from wss.services.claims.claims import ClaimOutcome, begin_claim, prove_claim
from wss.services.login.consumer_login import LoginOutcome
from wss.services.requests.actions import answer_by_link
from wss.services.requests.transition_types import ActionRequest

CLAIMANTS = "nine white boats"


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a registered connection without a mobile on record."""
    home = a_household(mobile_on_record=None)
    staff_of_the_office()
    return home


def claim(home: Household) -> str:
    """Lodge a claim with the bill and return the complaint number."""
    me = a_visitor("another browser")
    begin_claim(me, KnowledgeFacts(home.account_no, home.bill_no), ANOTHER_MOBILE)
    claimed = prove_claim(me, otp_sent_to(ANOTHER_MOBILE, "claim_otp"), CLAIMANTS)
    assert claimed.outcome is ClaimOutcome.LODGED
    return claimed.number


def notified(notice: str) -> list[str]:
    """Return the recipients of a notice."""
    return [message.recipient for message in messages(notice)]


@pytest.mark.parametrize("resolution", [Resolution.REFUSED, Resolution.NOT_NEEDED])
def test_a_claim_that_is_not_granted_moves_nothing(home: Household, resolution: Resolution):
    resolve(claim(home), resolution)

    assert home.consumer is not None
    assert owners_of(home.account_no) == [home.consumer.id]


def test_a_granted_claim_transfers_the_connection_ends_sessions_and_notifies_both(home: Household):
    try_sign_in(a_visitor(), home.account_no)

    resolve(claim(home), Resolution.REVISED)

    assert owners_of(home.account_no) == [rows(Consumer)[-1].id]
    assert rows(SignedIn) == []
    assert [notified("connection_claimed"), notified("claim_granted")] == [[MOBILE], [ANOTHER_MOBILE]]


def test_a_claim_granted_once_more_takes_nothing_from_its_owner(home: Household):
    number = claim(home)
    resolve(number, Resolution.REVISED)
    answer_by_link(
        token_in("resolved"), ActionRequest(Action.REFUSE, "The name on the bill is still another one.")
    )
    assert try_sign_in(a_visitor("another browser"), home.account_no, CLAIMANTS).outcome is LoginOutcome.IN

    office_acts(CLERK, Action.TAKE_UP, number)
    office_acts(CLERK, Action.PROPOSE, number, resolution=Resolution.REVISED)
    office_acts(SDO, Action.APPROVE, number)

    assert len(rows(Ownership)) == 2 and len(rows(SignedIn)) == 1
    assert notified("connection_claimed") == [MOBILE]


def test_who_loses_the_only_connection_keeps_a_way_in(home: Household):
    assert home.consumer is not None

    resolve(claim(home), Resolution.REVISED)

    [loser] = [one for one in rows(Consumer) if one.id == home.consumer.id]
    assert notified("user_name") == [loser.mobile]
    assert try_sign_in(a_visitor(), loser.user_name).outcome is LoginOutcome.IN


def test_who_has_a_user_name_or_another_connection_keeps_it_as_it_is(home: Household):
    assert home.consumer is not None
    given(an_ownership(home.consumer, given(a_connection("7950761939")).account_no))

    resolve(claim(home), Resolution.REVISED)

    assert notified("user_name") == []
