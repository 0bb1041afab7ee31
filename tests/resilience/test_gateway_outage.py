"""Gateways are down for ten minutes at ten messages a second: no message is lost, urgent ones go first."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.clocks import AN_ORDINARY_MOMENT, FrozenClock
from tests.fixtures.delivery_workers import CODE, outbox_of, queue_sms, rows, sending_through, unsettled
from tests.fixtures.fake_gateways import FakeGateways
from tests.fixtures.housekeeping import run_housekeeping
from wss import clock
from wss.config import Config
from wss.domain.delivery import DeliveryState
from wss.gateways.relay import Relay
from wss.models import Message
from wss.services.messages.outbox import Outbox

DOWN = timedelta(minutes=10)
A_SECOND = 10
AT_ONCE_S = 4
AGES_AT_MOST_S = 3_600


def seconds() -> float:
    """Return the seconds of the circuit breakers by the frozen clock."""
    return (clock.now() - AN_ORDINARY_MOMENT).total_seconds()


@pytest.fixture
def worker(database: Any, settings: Config, fake_gateways: FakeGateways, frozen_clock: FrozenClock) -> Outbox:
    """Provide a worker in this thread, which sends messages one by one, with two gateways and the frozen clock."""
    posted = outbox_of(sending_through(settings, fake_gateways, how_many=2), threads=1)
    relay = posted.gateways.senders["sms"]
    assert isinstance(relay, Relay)
    relay.seconds = seconds
    return posted


def pass_time(worker: Outbox, frozen_clock: FrozenClock, until: Callable[[], bool]) -> None:
    """Run the worker, with its clean-up once a minute, until the condition holds."""
    for passed in range(0, AGES_AT_MOST_S, AT_ONCE_S):
        if until():
            return
        if passed % 60 == 0:
            run_housekeeping(worker.gateways)
        worker.deliver_due()
        frozen_clock.advance(seconds=AT_ONCE_S)
    raise AssertionError("it does not come to an end")


def in_order(messages: list[Message]) -> list[str]:
    """Return the recipients by urgency and age, as the gateway spells them."""
    ordered = sorted(messages, key=lambda row: (row.urgency, row.created_at, row.id))
    return [f"91{row.recipient}" for row in ordered]


def test_after_an_outage_everything_but_expired_codes_is_sent_by_urgency_and_age(
    worker: Outbox, fake_gateways: FakeGateways, frozen_clock: FrozenClock
):
    fake_gateways.set(sms1="refuse", sms2="refuse")
    began, sent_to = frozen_clock.now, list[str]()

    def is_over() -> bool:
        sent_to.extend(queue_sms(len(sent_to), A_SECOND * AT_ONCE_S))
        return frozen_clock.now >= began + DOWN

    pass_time(worker, frozen_clock, is_over)
    tried = [row for row in rows() if row.attempts]
    assert fake_gateways.arrived() == []
    fake_gateways.set(sms1="silent", sms2="silent")
    pass_time(worker, frozen_clock, lambda: not unsettled())

    arrived = [one["to"] for one in fake_gateways.arrived()]
    known = {f"91{row.recipient}": row for row in rows()}
    expired = {mobile for mobile, row in known.items() if row.state == DeliveryState.EXPIRED}
    print(
        f"\n{len(sent_to)} messages, {len(tried)} tried in vain, {len(arrived)} sent, {len(expired)} expired"
    )
    assert len(arrived) == len(set(arrived))
    assert set(arrived) | expired == set(sent_to) == set(known)
    assert not set(arrived) & expired
    assert {known[mobile].notice for mobile in expired} <= {CODE}
    assert all(_had_expired(known[mobile]) for mobile in expired)
    assert not any(_had_expired(known[mobile]) for mobile in arrived)
    # The messages that were attempted during the outage back off on their own; all others are in order.
    unwary = {f"91{row.recipient}" for row in tried}
    assert [mobile for mobile in arrived if mobile not in unwary] == [
        mobile for mobile in in_order(list(known.values())) if mobile not in unwary | expired
    ]
    assert Counter(row.state for row in known.values()).keys() <= {DeliveryState.SENT, DeliveryState.EXPIRED}


def _had_expired(row: Message) -> bool:
    """Return whether a message had expired when it was settled."""
    settled_at: datetime | None = row.settled_at
    assert settled_at is not None
    return row.expires_at is not None and row.expires_at <= settled_at
