"""When a message is retried, and when it becomes a dead letter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.delivery import (
    RECEIPTS,
    DeliveryResult,
    DeliveryState,
    Urgency,
    after_receipt,
    is_dead_letter,
    is_emptied_once_sent,
    next_attempt,
    next_batch_size,
    pinned_gateway,
    states_changed_by,
)

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failed", "seconds"), [(1, 10), (2, 60), (3, 300), (4, 900), (5, 3600), (6, 3600), (11, 3600)]
)
def test_the_waits_grow_to_an_hour(failed: int, seconds: int):
    assert next_attempt(failed, NOW, 0.0) == NOW + timedelta(seconds=seconds)


@given(st.integers(1, 1000), st.floats(0, 1))
def test_chance_spreads_the_next_attempt_by_a_fifth_at_most(failed: int, jitter: float):
    at, at_least = next_attempt(failed, NOW, jitter), next_attempt(failed, NOW, 0.0)

    assert at_least <= at <= at_least + (at_least - NOW) * 0.2


def test_an_outage_of_four_hours_loses_nothing():
    span, failed = timedelta(), 0
    while not is_dead_letter(failed + 1):
        failed += 1
        span = span + (next_attempt(failed, NOW, 0.0) - NOW)

    assert span >= timedelta(hours=4)


@pytest.mark.parametrize(
    ("tried", "seconds", "next_time"),
    [(8, 8.0, 8), (8, 0.1, 80), (100, 1.0, 100), (400, 0.2, 400), (1, 20.0, 8), (0, 0.0, 8)],
)
def test_a_claim_is_what_can_be_sent_in_about_a_second(tried: int, seconds: float, next_time: int):
    assert next_batch_size(tried, seconds) == next_time


@pytest.mark.parametrize(
    ("urgency", "attempts", "is_in_doubt", "only"),
    [
        (Urgency.NOTICE, 1, True, "sms1"),
        (Urgency.NOTICE, 3, True, "sms1"),
        (Urgency.NOTICE, 4, True, ""),
        (Urgency.NOTICE, 1, False, ""),
        (Urgency.CODE, 1, True, ""),
    ],
)
def test_a_notice_in_doubt_stays_with_its_gateway_for_four_attempts_and_a_code_does_not(
    urgency: int, attempts: int, is_in_doubt: bool, only: str
):
    assert pinned_gateway("sms1", urgency, attempts, is_in_doubt=is_in_doubt) == only


@pytest.mark.parametrize(
    ("urgency", "secret", "has_receipts", "is_emptied"),
    [
        (Urgency.CODE, True, True, True),
        (Urgency.CODE, True, False, True),
        (Urgency.NOTICE, True, False, True),
        (Urgency.NOTICE, True, True, False),
        (Urgency.NOTICE, False, False, False),
    ],
)
def test_codes_are_emptied_once_sent_and_links_once_no_receipt_can_follow(
    urgency: int, secret: bool, has_receipts: bool, is_emptied: bool
):
    assert is_emptied_once_sent(urgency, secret=secret, has_receipts=has_receipts) is is_emptied


@pytest.mark.parametrize("state", sorted(RECEIPTS))
def test_no_receipt_leads_back(state: DeliveryState):
    later = {DeliveryState.DELIVERED, DeliveryState.PERMANENT_FAILURE, DeliveryState.WITHHELD, state}

    assert not states_changed_by(state) & later


def test_a_delivery_receipt_counts_even_for_a_dead_letter():
    assert {DeliveryState.DEAD, DeliveryState.EXPIRED} <= states_changed_by(DeliveryState.DELIVERED)


def delivery_result(
    sendings: int, may_resend: bool = True, hours_left: float | None = None
) -> DeliveryResult:
    expires_at = None if hours_left is None else NOW + timedelta(hours=hours_left)
    return after_receipt(
        DeliveryState.TEMPORARY_FAILURE, sendings, NOW, may_be_resent=may_resend, expires_at=expires_at
    )


@pytest.mark.parametrize(("sendings", "hours"), [(1, 1), (2, 4), (3, 12)])
def test_a_telephone_that_is_off_is_retried_after_one_four_and_twelve_hours(sendings: int, hours: int):
    assert delivery_result(sendings) == DeliveryResult(
        DeliveryState.TEMPORARY_FAILURE, NOW + timedelta(hours=hours)
    )


@pytest.mark.parametrize(
    ("sendings", "may_resend", "hours_left", "state"),
    [
        (4, True, None, DeliveryState.DEAD),
        (1, False, None, DeliveryState.DEAD),
        (1, True, 1, DeliveryState.DEAD),
        (1, True, 1.1, DeliveryState.TEMPORARY_FAILURE),
    ],
    ids=["four attempts", "it may not be resent", "it expires before", "it expires afterwards"],
)
def test_a_message_that_is_not_sent_again_becomes_a_dead_letter(
    sendings: int, may_resend: bool, hours_left: float | None, state: DeliveryState
):
    assert delivery_result(sendings, may_resend, hours_left).state is state
