"""Four workers and a gateway in each failure mode: no message lost, none sent twice, no false receipt accepted."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fixtures.delivery_workers import (
    CODE,
    Workers,
    queue_mail,
    queue_sms,
    rows,
    sending_through,
    shorten_patience,
    shorten_waits,
    wait_until_settled,
)
from tests.fixtures.fake_gateways import FakeGateways
from tests.fixtures.site import LiveSite
from wss.config import Config
from wss.domain.delivery import DeliveryState

# With eleven modes for SMS and three more for two gateways (15), and six for e-mail: 549 messages, or 10,884.
EACH = 620 if os.environ.get("WSS_SOAK") else 31
LETTERS = 264 if os.environ.get("WSS_SOAK") else 14
# Each message meets these once; the next attempt succeeds.
ONCE = ("refuse", "busy", "hang", "drop")
TOLD = {
    "ok": ["sent: 204", "delivered: 204"],
    "slow": ["sent: 204", "delivered: 204"],
    "repeat": ["sent: 204"] * 3 + ["delivered: 204"] * 3,
    "reorder": ["delivered: 204", "sent: 204", "temporary_failure: 204"],
    "silent": [],
    "lie": ["sent: 204", "permanent_failure: 204"],
    "forge": [
        "wrong signature: 401",
        "no signature: 401",
        "signature of another text: 401",
        "not a receipt: 400",
        "unknown message: 204",
        "another message: 401",
    ],
}


@pytest.fixture
def gateway_count() -> int:
    """Return the number of the site's SMS gateways."""
    return 1


@pytest.fixture
def settings(settings: Config, fake_gateways: FakeGateways, gateway_count: int) -> Config:
    """Return the settings of a site that sends through the fake gateways."""
    return sending_through(settings, fake_gateways, how_many=gateway_count)


@pytest.fixture
def workers(
    live_site: LiveSite,
    fake_gateways: FakeGateways,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Workers]:
    """Provide four processes that deliver; the site receives the receipts."""
    shorten_waits(monkeypatch)
    if request.node.callspec.params.get("mood") == "hang":
        shorten_patience(monkeypatch)
    started = Workers(live_site.app.extensions["wss"].config)
    yield started
    started.end()


@pytest.fixture
def deliver(workers: Workers, fake_gateways: FakeGateways) -> Callable[[list[str]], Counter[str]]:
    """Return a function that waits for the end of all deliveries and counts how often each message was accepted."""

    def deliver(to: list[str]) -> Counter[str]:
        wait_until_settled(fake_gateways)
        taken = fake_gateways.times_accepted()
        states = Counter(row.state for row in rows())
        offered = sum(one["offered"] for one in fake_gateways.arrived())
        print(f"\n{len(to)} messages, {sum(taken.values())} taken, offered {offered} times, {dict(states)}")
        assert set(taken) <= set(to)
        return taken

    return deliver


def states() -> set[str]:
    return {row.state for row in rows()}


@pytest.mark.parametrize("mood", ["ok", "slow", "repeat", "reorder", "silent", "lie", "forge"])
def test_an_accepted_message_is_sent_once_and_only_true_receipts_count(
    deliver: Any, fake_gateways: FakeGateways, mood: str
):
    fake_gateways.set(sms1=mood)

    to = queue_sms(0, EACH)

    assert deliver(to) == Counter(to)
    assert {one["offered"] for one in fake_gateways.arrived()} == {1}
    becomes = {
        "silent": DeliveryState.SENT,
        "forge": DeliveryState.SENT,
        "lie": DeliveryState.PERMANENT_FAILURE,
    }
    assert states() == {becomes.get(mood, DeliveryState.DELIVERED)}
    reported = {tuple(one["told"]) for one in fake_gateways.arrived()}
    assert tuple(TOLD[mood]) in reported
    # A false receipt about another message is impossible for the first one.
    assert reported <= {tuple(TOLD[mood]), tuple(TOLD[mood][:5])}


@pytest.mark.parametrize("mood", ONCE)
def test_what_a_gateway_does_not_take_at_first_it_gets_again_under_the_same_key(
    deliver: Any, fake_gateways: FakeGateways, mood: str
):
    fake_gateways.set(sms1=mood, times=1)

    to = queue_sms(0, EACH)

    assert deliver(to) == Counter(to)
    # A message accepted before the connection was cut may get its receipt before the worker's retry.
    gave_no_answer = mood in ("drop", "hang")
    assert {one["offered"] for one in fake_gateways.arrived()} <= ({1, 2} if gave_no_answer else {1})
    assert states() == {DeliveryState.DELIVERED}


def test_a_telephone_that_was_off_gets_notices_again_and_codes_never(
    deliver: Any, fake_gateways: FakeGateways
):
    fake_gateways.set(sms1="off")

    to = queue_sms(0, EACH)

    taken = deliver(to)
    by_mobile = {f"91{row.recipient}": row for row in rows()}
    codes = {mobile for mobile, row in by_mobile.items() if row.notice == CODE}
    assert taken == Counter({mobile: 1 if mobile in codes else 2 for mobile in to})
    assert {by_mobile[mobile].state for mobile in codes} == {DeliveryState.DEAD}
    assert {by_mobile[mobile].state for mobile in to if mobile not in codes} == {DeliveryState.DELIVERED}
    assert len({one["key"] for one in fake_gateways.arrived()}) == sum(taken.values())


class TestTwoGateways:
    """Tests of the second gateway."""

    @pytest.fixture
    def gateway_count(self) -> int:
        return 2

    @pytest.mark.parametrize("mood", ["refuse", "busy"])
    def test_what_the_first_does_not_take_goes_through_the_second(
        self, deliver: Any, fake_gateways: FakeGateways, mood: str
    ):
        fake_gateways.set(sms1=mood)

        to = queue_sms(0, EACH)

        assert deliver(to) == Counter(to)
        assert {one["gateway"] for one in fake_gateways.arrived()} == {"sms2"}
        assert states() == {DeliveryState.DELIVERED}

    def test_a_notice_that_the_first_may_have_is_not_given_to_the_second(
        self, deliver: Any, fake_gateways: FakeGateways
    ):
        fake_gateways.set(sms1="drop", times=1)

        to = queue_sms(0, EACH)

        taken = deliver(to)
        codes = {f"91{row.recipient}" for row in rows() if row.notice == CODE}
        assert set(taken) == set(to)
        assert {count for mobile, count in taken.items() if mobile not in codes} == {1}
        assert states() == {DeliveryState.DELIVERED}
        # A code stays the same code: the second gateway gets it under the same key.
        keys = {(one["to"], one["key"]) for one in fake_gateways.arrived()}
        assert len(keys) == len(to)


@pytest.mark.parametrize("mood", ["ok", "slow", "busy", "hang", "drop"])
def test_a_letter_is_neither_lost_nor_sent_under_two_names(
    deliver: Any, fake_gateways: FakeGateways, mood: str
):
    fake_gateways.set(mail=mood, times=1)

    to = queue_mail(0, LETTERS)

    assert deliver(to) == Counter(to)
    assert states() == {DeliveryState.SENT}


def test_a_missing_mailbox_is_reported_and_never_tried_again(deliver: Any, fake_gateways: FakeGateways):
    fake_gateways.set(mail="refuse")

    to = queue_mail(0, LETTERS)

    assert deliver(to) == Counter()
    assert states() == {DeliveryState.PERMANENT_FAILURE}
