"""One-time passwords: sent within limits, tried within limits, right once."""

import secrets
from collections.abc import Iterable

from wss import vault
from wss.clock import now
from wss.domain.actor import SYSTEM
from wss.domain.identifiers import normalise_digits
from wss.domain.otp import LIFE, OtpAnswer, SendLimits, Sent, Tried, Unlocks
from wss.domain.throttle import Limit
from wss.models import Otp
from wss.queries.codes import add_otp, live_otp, use_otp
from wss.services.steps import limits
from wss.services.steps.audit import record
from wss.services.steps.notices import Recipient, queue_notice

_REFERENCES = 10**8
_COUNTERS = 2**62
_PER_MOBILE = (Limit.OTP_SEND_GAP, Limit.OTP_SEND_SHORT, Limit.OTP_SEND_DAY)


def send_otp(unlocks: Unlocks, notice: str, recipient: Recipient, counted_as: SendLimits) -> Sent:
    """Send a new OTP to a mobile, unless a limit of the mobile, the network address or the day stands against it.

    Without a mobile all the same work is done, and the message is withheld: from outside nobody can tell.
    """
    refused = _spend_sends(counted_as)
    if refused is not None:
        return refused
    is_too_often = bool(counted_as.silently) and not may_send(counted_as.silently)
    otp = _new_otp(unlocks)
    values = {"otp": vault.otp_code(otp.counter), "reference_no": otp.reference_no}
    [otp.message_id] = queue_notice(notice, recipient, values, withhold=is_too_often or not recipient.mobile)
    add_otp(otp)
    return Sent(True)


def may_send(mobile: str) -> bool:
    """Count one more sending to a mobile, over all purposes, unseen by whoever asks; whether it may get one."""
    return _spend_all((limit, mobile) for limit in _PER_MOBILE)


def try_otp(unlocks: Unlocks, counted_as: str, typed: str, silently: str = "") -> Tried:
    """Try a code. Each try is counted before it is looked at, per mobile and purpose and per mobile and day.

    What is counted silently makes a code wrong instead of telling that there were too many tries elsewhere.
    """
    counts = _tries(unlocks, counted_as)
    for limit, key in counts:
        spent = limits.spend(limit, key)
        if not spent.allowed:
            return Tried(OtpAnswer.STOPPED, spent.retry_after)
    unseen = _tries(unlocks, silently) if silently else ()
    is_stopped = not _spend_all(unseen)
    otp = live_otp(unlocks, now())
    is_right = otp is not None and vault.is_otp_code(normalise_digits(typed), otp.counter)
    if otp is None or is_stopped or not is_right or not use_otp(otp.id, now()):
        return Tried(OtpAnswer.WRONG)
    for within_minutes, within_day in filter(None, (counts, unseen)):
        limits.clear(*within_minutes)
        limits.give_back(*within_day)
    return Tried(OtpAnswer.RIGHT)


def _tries(unlocks: Unlocks, counted_as: str) -> tuple[tuple[Limit, str], ...]:
    return (Limit.OTP_WRONG, f"{counted_as} {unlocks.purpose}"), (Limit.OTP_WRONG_DAY, counted_as)


def _spend_all(counts: Iterable[tuple[Limit, str]]) -> bool:
    """Count one more of each, however the others stand: the same work whatever comes of it."""
    return all([limits.spend(limit, key).allowed for limit, key in counts])


def _new_otp(unlocks: Unlocks) -> Otp:
    """A new OTP; once it is kept, the former one of the same subject can no longer be tried."""
    at = now()
    return Otp(
        reference_no=f"{secrets.randbelow(_REFERENCES):08d}",
        purpose=unlocks.purpose,
        mobile=unlocks.mobile,
        subject=unlocks.subject,
        counter=secrets.randbelow(_COUNTERS),
        created_at=at,
        expires_at=at + LIFE,
    )


def _spend_sends(counted_as: SendLimits) -> Sent | None:
    """Count one more sending against every limit; the refusal of the first that is reached."""
    for limit, subject in (
        *((limit, counted_as.mobile) for limit in _PER_MOBILE),
        _sender(counted_as),
        (Limit.OTP_SEND_BUDGET, "all"),
    ):
        spent = limits.spend(limit, subject)
        if not spent.allowed:
            if limit is Limit.OTP_SEND_BUDGET:
                _raise_alarm()
            return Sent(False, spent.retry_after)
    return None


def _sender(counted_as: SendLimits) -> tuple[Limit, str]:
    if counted_as.employee:
        return Limit.OTP_SEND_EMPLOYEE, counted_as.employee
    return Limit.OTP_SEND_ADDRESS, counted_as.address


def _raise_alarm() -> None:
    """Write down, once an hour, that the day's budget of codes is used up: somebody may be pumping SMS."""
    if limits.spend(Limit.ALARM, "otp budget").allowed:
        record(SYSTEM, "alarm", "limit:otp_send_budget")
