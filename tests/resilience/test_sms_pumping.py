"""SMS pumping stops by itself, and other people still get their codes.

`make test`: 300 requests over 25 networks and 100 numbers; `make soak`: 10,000 over 500 and 2,000. Each request
comes from a new browser or with the captcha solved, because no limit may depend on it. WSS_SEED varies the attack.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import Household, a_household
from tests.fixtures.registration import a_visitor, messages, rows, solution
from tests.resilience.test_registration_races import CROWD, all_at_once
from wss.clock import now
from wss.db import reading, transaction
from wss.domain import rate_limits
from wss.domain.otp import OtpPurpose, OtpRequester
from wss.domain.ownership import KnowledgeFacts
from wss.domain.rate_limits import Allowance, Limit
from wss.domain.sms_costs import series_of
from wss.models import AuditEntry, Message
from wss.services.messages.notices import Recipient
from wss.services.messages.otp import send_otp
from wss.services.messages.sms_abuse import check_code_use
from wss.services.registration.mobile_change import MobileChangeOutcome, begin_mobile_change
from wss.services.registration.recovery import SIGN_IN, RecoveryOutcome, begin_recovery

IS_SOAK = bool(os.environ.get("WSS_SOAK"))
REQUESTS, NETWORKS, NUMBERS, HONEST = (10_000, 500, 2_000, 100) if IS_SOAK else (300, 25, 100, 10)
SCALE = 20 if IS_SOAK else 1
DAY_S = 24 * 3600
SENT = (Message.channel == "sms", Message.state != "withheld")


@pytest.fixture
def scaled(monkeypatch: pytest.MonkeyPatch, database: Any) -> None:
    """Scale the limits to the size of the test."""
    for limit, times in (
        (Limit.OTP_SEND_BUDGET, 150),
        (Limit.OTP_SEND_UNKNOWN, 100),
        (Limit.OTP_SEND_SERIES, 20),
    ):
        day = rate_limits.ALLOWANCES[limit].within
        monkeypatch.setitem(rate_limits.ALLOWANCES, limit, Allowance(times * SCALE, day))


@pytest.fixture
def homes(scaled: None) -> list[Household]:
    """Provide households that know their bill and have a verified mobile."""
    return [
        a_household(f"{7950800000 + number}", mobile_on_record=f"{9450000000 + number}")
        for number in range(HONEST)
    ]


def ring_of(series: list[str]) -> list[str]:
    return [f"{series[n % len(series)]}{n:05d}" for n in range(NUMBERS)]


def attack(ring: list[str], frozen_clock: Any) -> Iterator[int]:
    """Make five hundred requests an hour; a gateway accepts the messages, and the worker checks them each minute."""
    chance = random.Random(int(os.environ.get("WSS_SEED", "6")))
    for number in range(REQUESTS):
        me = a_visitor(f"browser {number}", f"203.0.{number % NETWORKS}.9")
        facts = KnowledgeFacts(f"{6000000000 + number}", "NOSUCH")
        begin_mobile_change(me, facts, chance.choice(ring), solution(me))
        frozen_clock.advance(seconds=7.2)
        if number % 10 == 9:
            _taken()
            check_code_use()
            yield number


def _taken() -> None:
    with transaction() as session:
        session.execute(sa.update(Message).where(Message.state == "waiting").values(state="sent"))


def sent(*conditions: Any) -> list[str]:
    with reading() as session:
        return list(session.execute(sa.select(Message.recipient).where(*SENT, *conditions)).scalars())


def alarms() -> set[str]:
    return {entry.subject for entry in rows(AuditEntry, AuditEntry.deed == "alarm")}


def honest_round(homes: list[Household], number: int) -> None:
    """Log in by code as a consumer with a known number, from a separate network."""
    turn = number // 10
    if turn < len(homes):
        home = homes[turn]
        answer = begin_recovery(
            a_visitor(f"home {turn}", f"198.51.100.{turn}"),
            SIGN_IN,
            KnowledgeFacts(home.account_no, home.bill_no),
        )
        assert answer.outcome is RecoveryOutcome.DONE


def test_pumping_of_a_few_series_reaches_its_limit_and_all_others_get_their_codes(
    homes: list[Household], frozen_clock: Any
):
    series = ["70071", "81270", "99360", "62030"]
    ring = ring_of(series)
    newcomers = []
    for number in attack(ring, frozen_clock):
        honest_round(homes, number)
        if number // 10 < HONEST:
            newcomers.append(f"{70500 + number // 10}00001")
            me = a_visitor(f"newcomer {number}", "198.51.101.7")
            facts = KnowledgeFacts(f"{6100000000 + number}", "NOSUCH")
            assert (
                begin_mobile_change(me, facts, newcomers[-1], solution(me)).outcome
                is MobileChangeOutcome.ASKED
            )

    of_ring = Counter(series_of(mobile) for mobile in sent() if series_of(mobile) in series)
    print(f"ring of 4 series: {REQUESTS} requests, {sum(of_ring.values())} sent {dict(of_ring)}; {alarms()}")
    assert set(of_ring.values()) == {20 * SCALE}
    assert {"limit:otp_send_series", "limit:verify_rate"} <= alarms()
    assert sorted(sent(Message.notice == "sign_in_otp")) == sorted(_mobile(home) for home in homes)
    assert sorted(mobile for mobile in sent() if mobile in newcomers) == sorted(newcomers)


def test_a_ring_of_many_series_ends_with_its_share_and_known_numbers_get_theirs(
    homes: list[Household], frozen_clock: Any
):
    began = now()
    ring = ring_of([f"{71000 + n}" for n in range(NUMBERS)])
    for number in attack(ring, frozen_clock):
        if number >= REQUESTS // 2:
            honest_round(homes, number - REQUESTS // 2)

    assert (now() - began).total_seconds() < DAY_S
    to_ring = len(sent(Message.notice == "new_mobile_otp"))
    print(f"ring of {NUMBERS} series: {REQUESTS} requests, {to_ring} sent; {alarms()}")
    assert to_ring == 100 * SCALE
    assert {"limit:otp_send_unknown", "limit:verify_rate"} <= alarms()
    assert sorted(sent(Message.notice == "sign_in_otp")) == sorted(_mobile(home) for home in homes)
    assert len(sent()) <= 150 * SCALE


def _mobile(home: Household) -> str:
    assert home.consumer is not None and home.consumer.mobile is not None
    return home.consumer.mobile


def test_a_hundred_browsers_get_one_victim_six_messages_a_day(database: Any, frozen_clock: Any):
    home = a_household()
    facts = KnowledgeFacts(home.account_no, home.bill_no)
    for number in range(100):
        me = a_visitor(f"browser {number}", f"203.0.113.{number}")
        begin_recovery(me, SIGN_IN, facts)
        begin_mobile_change(
            me, KnowledgeFacts(f"{6000000000 + number}", "NOSUCH"), _mobile(home), solution(me)
        )
        frozen_clock.advance(minutes=14)

    assert (now() - messages()[0].created_at).total_seconds() < DAY_S
    assert len([to for to in sent() if to == _mobile(home)]) == 6


@pytest.mark.parametrize(
    ("limit", "series"),
    [(Limit.OTP_SEND_BUDGET, None), (Limit.OTP_SEND_UNKNOWN, None), (Limit.OTP_SEND_SERIES, "70071")],
)
def test_of_64_who_ask_at_once_exactly_so_many_get_one_as_are_allowed(
    database: Any, monkeypatch: pytest.MonkeyPatch, limit: Limit, series: str | None
):
    monkeypatch.setitem(rate_limits.ALLOWANCES, limit, Allowance(20, rate_limits.ALLOWANCES[limit].within))

    def ask(number: int) -> bool:
        mobile = f"{series or 70000 + number}{number:05d}"
        with transaction():
            return send_otp(
                OtpPurpose("registration", f"registration:{number}", mobile),
                "registration_otp",
                Recipient("hi", mobile),
                OtpRequester(f"browser {number}", f"10.0.1.{number}", mobile),
            ).ok

    all_at_once(ask)

    print(f"{limit}: {CROWD} at once, {len(sent())} sent")
    assert len(sent()) == 20
