"""Workers are killed at any moment of a delivery: no message is lost, and a retry sends the same message."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.fixtures.delivery_workers import (
    Workers,
    queue_sms,
    rows,
    sending_through,
    shorten_waits,
    unsettled,
    wait_until_settled,
)
from tests.fixtures.fake_gateways import FakeGateways
from wss.config import Config
from wss.db import reading
from wss.domain.delivery import DeliveryState
from wss.models import Message
from wss.services.messages import outbox

KILLS = 1_000 if os.environ.get("WSS_SOAK") else 20
EACH = 40
LONGEST_S = 0.06


@pytest.fixture
def workers(
    database: object, settings: Config, fake_gateways: FakeGateways, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workers]:
    """Provide four processes with short leases; the gateways send no receipts."""
    shorten_waits(monkeypatch)
    monkeypatch.setattr(outbox, "LEASE", timedelta(seconds=2))
    monkeypatch.setattr(outbox, "LONGEST_SEND", timedelta(seconds=1))
    fake_gateways.set(sms1="silent")
    started = Workers(sending_through(settings, fake_gateways, how_many=1))
    yield started
    started.end()


def claimed_messages() -> int:
    """Return how many messages are claimed and not settled."""
    with reading() as session:
        counted = sa.select(sa.func.count()).where(Message.state == DeliveryState.SENDING)
        return session.execute(counted).scalar_one()


def test_no_message_is_lost_and_none_goes_out_under_another_key_whenever_workers_are_killed(
    workers: Workers, fake_gateways: FakeGateways
):
    chance, to, kills, cut_off = random.Random(14), list[str](), 0, 0
    # On a busy machine every delivery may be done before its kill: then more are killed.
    while kills < KILLS or (not cut_off and kills < 10 * KILLS):
        to += queue_sms(kills * EACH, EACH)
        kills += 1
        time.sleep(chance.uniform(0, LONGEST_S))
        workers.kill(chance.randrange(len(workers.children)))
        cut_off += claimed_messages() > 0
    wait_until_settled(fake_gateways)

    arrived = fake_gateways.arrived()
    again = Counter(one["offered"] for one in arrived)
    print(f"\n{kills} kills, {cut_off} of them amid deliveries, {len(to)} messages, taken {len(arrived)}")
    print(f"handed over so often: {dict(sorted(again.items()))}")
    assert unsettled() == 0
    assert {row.state for row in rows()} == {DeliveryState.SENT}
    # Each has arrived, under one key, which is the message's own.
    assert Counter(one["to"] for one in arrived) == Counter(to)
    assert {(one["to"], one["key"]) for one in arrived} == {(f"91{row.recipient}", row.id) for row in rows()}
    # If every kill had come too early or too late, the test would have proved nothing.
    assert cut_off
