"""The daily budget of OTPs: pumping stops by itself and raises an alarm."""

import random
from typing import Any

import pytest
import sqlalchemy as sa

from wss.db import reading, transaction
from wss.domain import rate_limits
from wss.domain.otp import OtpPurpose, OtpRequester
from wss.domain.rate_limits import Allowance, Limit
from wss.models import AuditEntry, Message
from wss.services.messages.notices import Recipient
from wss.services.messages.otp import send_otp

BUDGET = 40


@pytest.fixture
def small_budget(monkeypatch: pytest.MonkeyPatch, database: Any) -> None:
    day = rate_limits.ALLOWANCES[Limit.OTP_SEND_BUDGET].within
    monkeypatch.setitem(rate_limits.ALLOWANCES, Limit.OTP_SEND_BUDGET, Allowance(BUDGET, day))


def _pump(requests: int) -> None:
    """Request codes from many networks to many numbers, as an SMS pumping attack does."""
    chance = random.Random(5)
    for number in range(requests):
        mobile = f"9{chance.randrange(10**9):09d}"
        with transaction():
            send_otp(
                OtpPurpose("registration", f"registration:{number}", mobile),
                "registration_otp",
                Recipient("hi", mobile),
                OtpRequester(f"browser {number}", f"203.0.113.{number % 100}", mobile),
            )


def _count(model: Any, *conditions: Any) -> int:
    with reading() as session:
        return session.execute(sa.select(sa.func.count()).select_from(model).where(*conditions)).scalar_one()


def test_no_more_codes_go_out_than_the_day_allows(small_budget: None):
    _pump(3 * BUDGET)

    assert _count(Message) == BUDGET


def test_a_used_up_budget_is_written_down_once(small_budget: None):
    _pump(2 * BUDGET)

    assert _count(AuditEntry, AuditEntry.deed == "alarm") == 1
