"""One-time passwords: sent within limits, tried within limits, right once."""

import secrets

from wss import vault
from wss.clock import now
from wss.domain.identifiers import normalise_digits
from wss.domain.otp import LIFE, OtpAnswer, SendLimits, Sent, Tried, Unlocks
from wss.domain.throttle import Limit
from wss.models import Otp
from wss.queries.codes import add_otp, live_otp, use_otp
from wss.services.steps import limits
from wss.services.steps.notices import Recipient, queue_notice

_REFERENCES = 10**8
_COUNTERS = 2**62


def send_otp(unlocks: Unlocks, notice: str, recipient: Recipient, counted_as: SendLimits) -> Sent:
    """Send a new OTP to a mobile, unless a limit of the mobile, the network address or the day stands against it.

    Without a mobile all the same work is done, and the message is withheld: from outside nobody can tell.
    """
    refused = _spend_sends(counted_as)
    if refused is not None:
        return refused
    otp = _new_otp(unlocks, recipient.mobile or "")
    values = {"otp": vault.otp_code(otp.counter), "reference_no": otp.reference_no}
    queue_notice(notice, recipient, values, withhold=not recipient.mobile)
    return Sent(True)


def try_otp(unlocks: Unlocks, counted_as: str, typed: str) -> Tried:
    """Try a code. Each try is counted before it is looked at, per mobile and purpose and per mobile and day."""
    counts = ((Limit.OTP_WRONG, f"{counted_as} {unlocks.purpose}"), (Limit.OTP_WRONG_DAY, counted_as))
    for limit, key in counts:
        spent = limits.spend(limit, key)
        if not spent.allowed:
            return Tried(OtpAnswer.STOPPED, spent.retry_after)
    otp = live_otp(unlocks.purpose, unlocks.subject, now())
    if (
        otp is None
        or not vault.is_otp_code(normalise_digits(typed), otp.counter)
        or not use_otp(otp.id, now())
    ):
        return Tried(OtpAnswer.WRONG)
    limits.clear(*counts[0])
    limits.give_back(*counts[1])
    return Tried(OtpAnswer.RIGHT)


def _new_otp(unlocks: Unlocks, mobile: str) -> Otp:
    """Keep a new OTP that can be tried from now on; the former one of the same subject no longer can."""
    at = now()
    otp = Otp(
        reference_no=f"{secrets.randbelow(_REFERENCES):08d}",
        purpose=unlocks.purpose,
        mobile=mobile,
        subject=unlocks.subject,
        counter=secrets.randbelow(_COUNTERS),
        created_at=at,
        expires_at=at + LIFE,
    )
    add_otp(otp)
    return otp


def _spend_sends(counted_as: SendLimits) -> Sent | None:
    """Count one more sending against every limit; the refusal of the first that is reached."""
    for limit, subject in (
        (Limit.OTP_SEND_GAP, counted_as.mobile),
        (Limit.OTP_SEND_SHORT, counted_as.mobile),
        (Limit.OTP_SEND_DAY, counted_as.mobile),
        (Limit.OTP_SEND_ADDRESS, counted_as.address),
        (Limit.OTP_SEND_BUDGET, "all"),
    ):
        spent = limits.spend(limit, subject)
        if not spent.allowed:
            return Sent(False, spent.retry_after)
    return None
