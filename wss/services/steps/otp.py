"""One-time passwords: sent within limits, tried within limits, right once."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wss import vault
from wss.clock import now
from wss.domain.identifiers import normalise_digits
from wss.domain.throttle import Limit
from wss.models import Otp
from wss.queries.codes import add_otp, live_otp, use_otp
from wss.services.steps import limits
from wss.services.steps.notices import Recipient, queue_notice

LIFE = timedelta(minutes=10)
_REFERENCES = 10**8
_COUNTERS = 2**62


class OtpAnswer(StrEnum):
    """How an OTP was answered; everything but RIGHT is a refusal that stays counted."""

    RIGHT = "right"
    WRONG = "wrong"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Tried:
    """The answer to a typed OTP; when stopped, in how many seconds one may try again."""

    answer: OtpAnswer
    retry_after: int = 0

    @property
    def is_right(self) -> bool:
        """Whether the code was right."""
        return self.answer is OtpAnswer.RIGHT


@dataclass(frozen=True, slots=True)
class Sent:
    """Whether an OTP was sent; if not, in how many seconds it can be."""

    ok: bool
    retry_after: int = 0


def send_otp(purpose: str, subject: str, notice: str, recipient: Recipient, address: str) -> Sent:
    """Send a new OTP to a mobile, unless a limit of the mobile, the network address or the day stands against it.

    `subject` is what the OTP unlocks, such as "registration:17"; `address` the sender's network.
    """
    mobile = recipient.mobile or ""
    refused = _spend_sends(mobile, address)
    if refused is not None:
        return refused
    otp = new_otp(purpose, subject, mobile)
    queue_notice(notice, recipient, {"otp": vault.otp_code(otp.counter), "reference_no": otp.reference_no})
    return Sent(True)


def new_otp(purpose: str, subject: str, mobile: str) -> Otp:
    """Keep a new OTP that can be tried from now on; the former one of the same subject no longer can."""
    at = now()
    otp = Otp(
        reference_no=f"{secrets.randbelow(_REFERENCES):08d}",
        purpose=purpose,
        mobile=mobile,
        subject=subject,
        counter=secrets.randbelow(_COUNTERS),
        created_at=at,
        expires_at=at + LIFE,
    )
    add_otp(otp)
    return otp


def try_otp(purpose: str, subject: str, mobile: str, typed: str) -> Tried:
    """Try a code. Each try is counted before it is looked at, per mobile and purpose and per mobile and day."""
    counts = ((Limit.OTP_WRONG, f"{mobile} {purpose}"), (Limit.OTP_WRONG_DAY, mobile))
    for limit, key in counts:
        spent = limits.spend(limit, key)
        if not spent.allowed:
            return Tried(OtpAnswer.STOPPED, spent.retry_after)
    otp = live_otp(purpose, subject, now())
    if otp is None or not vault.is_otp_code(normalise_digits(typed), otp.counter) or not use_otp(otp.id, now()):
        return Tried(OtpAnswer.WRONG)
    limits.clear(*counts[0])
    limits.give_back(*counts[1])
    return Tried(OtpAnswer.RIGHT)


def _spend_sends(mobile: str, address: str) -> Sent | None:
    """Count one more sending against every limit; the refusal of the first that is reached."""
    for limit, subject in (
        (Limit.OTP_SEND_GAP, mobile),
        (Limit.OTP_SEND_SHORT, mobile),
        (Limit.OTP_SEND_DAY, mobile),
        (Limit.OTP_SEND_ADDRESS, address),
        (Limit.OTP_SEND_BUDGET, "all"),
    ):
        spent = limits.spend(limit, subject)
        if not spent.allowed:
            return Sent(False, spent.retry_after)
    return None

