"""A consumer has one request of a kind at work where a second makes no sense, and so many steps a day."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import Household, a_household, address_correction, an_ownership, given, update_rows
from tests.fixtures.complaint_handling import consumer_of
from tests.fixtures.threads import call_at_once
from wss.domain.errors import TooOften
from wss.domain.lifecycle import Action
from wss.models import ServiceRequest
from wss.services.requests.actions import take_action
from wss.services.requests.creation import KindTaken
from wss.services.requests.form_drafts import FilledForm, new_form_token
from wss.services.requests.submission import register_draft, save_draft
from wss.services.requests.transition_types import ActionRequest

A_DAY_PER_CONNECTION, REGISTERED_A_DAY, STEPS_A_DAY = 6, 20, 10


@pytest.fixture
def home(database: Any, frozen_clock: Any) -> Household:
    """A registered household, and a kind that is not about bills."""
    given(address_correction())
    return a_household()


def register(home: Household, account_no: str = "") -> str:
    answers = {"new_address": "12 Station Road", "pincode": "226001"}
    form = FilledForm(new_form_token(), "ADDRESS_CORRECTION", {}, answers)
    token = save_draft(consumer_of(home), account_no or home.account_no, form).form_token
    return register_draft(consumer_of(home), token)


def withdraw(home: Household, number: str) -> None:
    take_action(consumer_of(home), number, ActionRequest(Action.WITHDRAW))


def move_all(**columns: Any) -> None:
    update_rows(ServiceRequest, **columns)


def times_until_too_often(step: Callable[[int], object]) -> int:
    """How often a step is taken until it is refused."""
    for number in range(100):
        try:
            step(number)
        except TooOften as refused:
            assert 0 < refused.retry_after <= 24 * 60 * 60
            return number
    return 100


def connections(home: Household, how_many: int) -> list[str]:
    """The consumer's connections: so many."""
    numbers = [f"79507620{number:02}" for number in range(how_many - 1)]
    for number in numbers:
        a_household(number, registered=False)
        given(an_ownership(home.consumer, number))
    return [home.account_no, *numbers]


def test_a_second_request_of_a_kind_is_refused_while_one_is_at_work(home: Household):
    register(home)

    with pytest.raises(KindTaken):
        register(home)


def test_two_forms_of_a_kind_at_once_become_one_request(home: Household):
    def press(_: int) -> bool:
        try:
            return bool(register(home))
        except KindTaken:
            return False

    assert call_at_once(press, range(8)).count(True) == 1


@pytest.mark.parametrize("columns", [{"status": "resolved"}, {"status": "closed"}, {"frozen": True}])
def test_what_is_decided_or_disputed_prevents_no_other(home: Household, columns: Any):
    register(home)
    move_all(**columns)

    assert register(home)


def test_one_for_another_connection_prevents_none(home: Household):
    one, another = connections(home, 2)
    register(home, one)

    assert register(home, another)


def test_registering_and_withdrawing_ends_for_the_day_and_connection(home: Household, frozen_clock: Any):
    assert times_until_too_often(lambda _number: withdraw(home, register(home))) == A_DAY_PER_CONNECTION

    frozen_clock.advance(hours=24)
    assert register(home)


def test_registering_over_many_connections_ends_for_the_day(home: Household):
    accounts = connections(home, REGISTERED_A_DAY + 1)

    assert times_until_too_often(lambda number: register(home, accounts[number])) == REGISTERED_A_DAY


@pytest.mark.parametrize(
    ("action", "of_before"),
    [
        (Action.WITHDRAW, {"status": "registered"}),
        (Action.REOPEN, {"status": "closed", "closing": "confirmed", "resolution": "not_needed"}),
    ],
)
@pytest.mark.parametrize(("spread", "a_day"), [(1, A_DAY_PER_CONNECTION), (2, STEPS_A_DAY)])
def test_withdrawing_and_opening_again_end_for_the_day(
    home: Household, frozen_clock: Any, action: Action, of_before: Any, spread: int, a_day: int
):
    accounts, numbers = connections(home, spread), []
    for number in range(a_day + 1):
        numbers.append(register(home, accounts[number % spread]))
        move_all(status="closed")
        frozen_clock.advance(hours=8)
    move_all(status_since=frozen_clock.now, **of_before)

    step = ActionRequest(action, "It is still wrong.")
    assert (
        times_until_too_often(lambda number: take_action(consumer_of(home), numbers[number], step)) == a_day
    )
