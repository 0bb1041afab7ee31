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
from wss.services.steps.spending import Asked, all_fit, ask_budget, ask_people

_REFERENCES = 10**8
_COUNTERS = 2**62


def send_otp(
    unlocks: Unlocks, notice: str, recipient: Recipient, counted_as: SendLimits, people: Asked | None = None
) -> Sent:
    """Send a new OTP to a mobile, unless a limit of the mobile, its asker or the day stands against it.

    Without a mobile all the same work is done, and the message is withheld: from outside nobody can tell. Whoever sends
    two at once has counted both against their `people` before.
    """
    people = people or ask_people(counted_as)
    asked = people if people.refused else ask_budget(people, counted_as, recipient.mobile)
    if asked.refused is not None:
        return asked.refused
    otp = new_otp(unlocks)
    [otp.message_id] = queue_notice(notice, recipient, code_values(otp), withhold=asked.withhold)
    add_otp(otp)
    return Sent(True)


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
    is_stopped = not all_fit(unseen)
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


def code_values(otp: Otp) -> dict[str, str]:
    """What a message with this OTP says."""
    return {"otp": vault.otp_code(otp.counter), "reference_no": otp.reference_no}


def new_otp(unlocks: Unlocks) -> Otp:
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
