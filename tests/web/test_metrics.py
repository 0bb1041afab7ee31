"""Metrics for monitoring: behind a token, without personal data."""

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from tests.factories import MOBILE, a_message, given
from tests.fixtures.clocks import FrozenClock
from tests.fixtures.query_plans import plans_of
from tests.fixtures.site import Visitor
from tests.project.tree import none_of
from wss.config import Config
from wss.db import reading, transaction
from wss.domain.delivery import DeliveryState, Urgency
from wss.queries import deliveries
from wss.services.messages.notices import Recipient, queue_notice

TOKEN = "a token that only the watcher knows"


def test_without_a_configured_token_there_is_no_such_page(visitor: Visitor):
    assert visitor.get("/metrics").status == 404


def test_a_wrong_token_sees_nothing(make_app: Callable[[Config], Flask], settings: Config):
    visitor = Visitor(make_app(dataclasses.replace(settings, metrics_token=TOKEN)).test_client())

    assert visitor.get("/metrics", headers={"Authorization": "Bearer another"}).status == 404


@pytest.fixture
def watcher(make_app: Callable[[Config], Flask], settings: Config) -> Callable[[], str]:
    """Return a function that reads the metrics with the token."""
    client = make_app(dataclasses.replace(settings, metrics_token=TOKEN)).test_client()
    return lambda: client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text


def test_the_token_sees_how_many_messages_wait_and_no_number(watcher: Callable[[], str]):
    with transaction():
        queue_notice("registered_consumer", Recipient("hi", MOBILE), {})

    text = watcher()

    line = 'wss_messages_unsettled{urgency="notice",channel="sms",gateway="",state="waiting"} 1'
    assert line in text
    assert MOBILE not in text


def test_the_oldest_and_late_messages_are_counted_by_urgency_and_channel(
    watcher: Callable[[], str], frozen_clock: FrozenClock
):
    at = frozen_clock.now
    given(
        a_message(urgency=Urgency.CODE, due_at=at - timedelta(seconds=30)),
        a_message(channel="email", gateway="mail", attempts=1, due_at=at - timedelta(minutes=5)),
        a_message(state=DeliveryState.TEMPORARY_FAILURE, gateway="first", due_at=at + timedelta(hours=1)),
    )

    metrics = watcher().splitlines()

    assert {line for line in metrics if line.startswith("wss_message_oldest")} == {
        "wss_message_oldest_seconds 300",
        'wss_message_oldest_of_kind_seconds{urgency="code",channel="sms"} 30',
        'wss_message_oldest_of_kind_seconds{urgency="notice",channel="email"} 300',
        'wss_message_oldest_of_kind_seconds{urgency="notice",channel="sms"} 0',
    }
    late = 'wss_messages_late{urgency="notice",channel="email",gateway="mail",state="waiting"} 1'
    assert late in metrics


def test_dead_letters_are_counted_by_gateway_and_reason(watcher: Callable[[], str]):
    given(a_message(state=DeliveryState.DEAD, gateway="first", reason='said "no"\n'))

    assert r'wss_messages_dead{channel="sms",gateway="first",reason="said \"no\"\n"} 1' in watcher()


def test_the_readiness_check_shows_the_age_of_the_oldest_message(visitor: Visitor, frozen_clock: FrozenClock):
    at = frozen_clock.now
    given(
        a_message(urgency=Urgency.CODE, due_at=at - timedelta(seconds=7)),
        a_message(due_at=at - timedelta(minutes=1)),
        a_message(urgency=Urgency.REMINDER, due_at=at + timedelta(minutes=1)),
    )

    metrics = visitor.client.get("/readyz").get_json()

    assert metrics["oldest_waiting_message_s"] == 60
    assert metrics["oldest_waiting_by_urgency_s"] == {"code": 7, "notice": 60, "reminder": 0}


@pytest.mark.plans
def test_however_many_messages_are_out_only_the_indexes_of_those_that_are_not_are_read(
    database: Any, frozen_clock: FrozenClock
):
    with reading():
        plans = plans_of(
            "message",
            deliveries.due_since,
            *(
                partial(look, frozen_clock.now)
                for look in (
                    deliveries.waiting_messages,
                    deliveries.dead_letter_counts,
                    deliveries.dead_letters,
                    deliveries.is_sending_slow,
                )
            ),
        )

    ways = [plan for plan in plans if re.search(r"(SCAN|SEARCH) message|(Scan|using) .*\bix_|Seq Scan", plan)]
    # The number of plans per query depends on the database; each query has at least one.
    assert len(ways) >= 3 + 1 + 1 + 1
    none_of([way for way in ways if "ix_message_due" not in way and "ix_message_dead" not in way])
