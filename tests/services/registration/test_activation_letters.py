"""Activation e-mails: strangers who consume the limit of an address do not block its owner."""

from typing import Any

import pytest

from tests.factories import Household, a_household
from tests.fixtures.registration import a_visitor, messages, rows, step_one, step_two, token_in, values_of
from wss.db import reading
from wss.domain.delivery import DeliveryState
from wss.models import Consumer
from wss.services.registration.activation import ActivationOutcome, follow_activation_link, is_link_valid

OWNER, MAIL_BOX = "the owner's browser", "owner@example.in"


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """Provide a connection without a mobile, with an e-mail address on record."""
    return a_household(registered=False, mobile_on_record=None, email_on_record=MAIL_BOX)


def register(home: Household, browser: str, name: str) -> None:
    visitor = a_visitor(browser)
    step_one(visitor, home.account_no, home.bill_no)
    step_two(visitor, None, user_name=name)


def use_up(home: Household, clock: Any) -> str:
    """Let two strangers consume the day's limit of e-mails by starting again; return the newest link sent."""
    for number in range(6):
        register(home, f"stranger {number % 2}", f"stranger{number}")
        clock.advance(seconds=1)
    return token_in("activation")


def test_the_owner_registers_by_a_letter_that_a_stranger_asked_for(home: Household, frozen_clock: Any):
    arrived = use_up(home, frozen_clock)
    register(home, OWNER, "owner")
    assert [letter.state for letter in messages("activation")][-1] == DeliveryState.WITHHELD

    ended = follow_activation_link(arrived, OWNER)

    assert (ended.outcome, [one.user_name for one in rows(Consumer)]) == (ActivationOutcome.ACTIVE, ["owner"])


def test_a_letter_whose_registration_is_gone_still_helps_the_owner_until_the_count_ends(
    home: Household, frozen_clock: Any
):
    use_up(home, frozen_clock)
    first = values_of(messages("activation")[0])["path"].rpartition("/")[2]
    frozen_clock.advance(hours=23, minutes=59)
    register(home, OWNER, "owner")

    with reading():
        assert is_link_valid(first, "activate", OWNER)
    assert follow_activation_link(first, OWNER).outcome is ActivationOutcome.ACTIVE


def test_a_letter_to_another_mail_box_activates_nothing_here(home: Household):
    other = a_household(
        "7950761922", registered=False, mobile_on_record=None, email_on_record="thief@example.in"
    )
    register(other, "another browser", "thief")
    link = token_in("activation")
    register(home, "the thief's browser", "thief2")

    follow_activation_link(link, "the thief's browser")

    assert [one.email for one in rows(Consumer)] == ["thief@example.in"]
