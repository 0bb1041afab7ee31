"""The circuit breaker of a gateway: when it opens, and when it lets a probe through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.breaker import Breaker, GatewayState


def failing(times: int = 3) -> Breaker:
    """Return the breaker of a gateway that has failed so often at second 0."""
    breaker = Breaker()
    for _time in range(times):
        breaker.note_failure(0)
    return breaker


@pytest.mark.parametrize(("times", "state"), [(2, GatewayState.READY), (3, GatewayState.SHUT)])
def test_three_failures_in_a_row_shut_a_gateway(times: int, state: GatewayState):
    assert failing(times).state(0) is state


def test_a_good_answer_resets_the_failure_count():
    breaker = failing(2)
    breaker.note_answer(0, 0.1)
    breaker.note_failure(0)

    assert breaker.state(0) is GatewayState.READY


@pytest.mark.parametrize(("took_s", "state"), [(2.0, GatewayState.READY), (2.1, GatewayState.SHUT)])
def test_three_answers_that_take_longer_than_two_seconds_shut_a_gateway(took_s: float, state: GatewayState):
    breaker = Breaker()
    for _time in range(3):
        breaker.note_answer(0, took_s)

    assert breaker.state(0) is state


@pytest.mark.parametrize(("failures", "is_only_slow"), [(0, True), (2, True), (3, False)])
def test_a_gateway_is_shut_for_its_slowness_while_it_still_answers(failures: int, is_only_slow: bool):
    breaker = Breaker()
    for _time in range(3 - failures):
        breaker.note_answer(0, 3.0)
    for _time in range(failures):
        breaker.note_failure(0)

    assert breaker.is_only_slow is is_only_slow


@pytest.mark.parametrize(("at", "state"), [(14.9, GatewayState.SHUT), (15, GatewayState.PROBE)])
def test_after_fifteen_seconds_it_is_tried(at: float, state: GatewayState):
    assert failing().state(at) is state


def test_it_is_tried_with_one_message_at_a_time():
    breaker = failing()

    assert [breaker.allows(15), breaker.allows(15)] == [True, False]


def test_a_quick_answer_opens_it_again():
    breaker = failing()
    breaker.allows(15)
    breaker.note_answer(15, 0.1)

    assert breaker.state(15) is GatewayState.READY


def waits(breaker: Breaker, times: int) -> list[float]:
    """Return the waiting times after each failed probe."""
    at, found = 15.0, []
    for _time in range(times):
        assert breaker.allows(at)
        breaker.note_failure(at)
        began = at
        while breaker.state(at) is GatewayState.SHUT:
            at += 1
        found.append(at - began)
    return found


def test_each_try_that_fails_doubles_the_wait_to_two_minutes():
    assert waits(failing(), 5) == [30, 60, 120, 120, 120]


def test_a_good_answer_resets_the_back_off():
    breaker = failing()
    waits(breaker, 3)
    breaker.note_answer(1000, 0.1)
    for _time in range(3):
        breaker.note_failure(1000)

    assert breaker.state(1015) is GatewayState.PROBE


def test_messages_that_were_on_their_way_when_it_was_shut_do_not_prolong_the_wait():
    breaker = failing(11)

    assert breaker.state(15) is GatewayState.PROBE


@pytest.mark.parametrize(("at", "is_allowed"), [(44.9, False), (45, True)])
def test_a_try_of_which_nothing_is_heard_keeps_it_shut_for_half_a_minute(at: float, is_allowed: bool):
    breaker = failing()
    breaker.allows(15)

    assert breaker.allows(at) is is_allowed


@given(st.lists(st.tuples(st.sampled_from(["fails", "quick", "slow", "asks"]), st.floats(0, 300))))
def test_whatever_happened_a_gateway_is_tried_again_within_two_minutes(history: list[tuple[str, float]]):
    breaker, at = Breaker(), 0.0
    for what, later in history:
        at += later
        if what == "fails":
            breaker.note_failure(at)
        elif what == "asks":
            breaker.allows(at)
        else:
            breaker.note_answer(at, 0.1 if what == "quick" else 3.0)

    assert breaker.state(at + 120) is not GatewayState.SHUT
