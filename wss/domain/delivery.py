"""How a message gets out: its states, how soon it is tried again, what a receipt changes, when it is given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a message stands; the words are those of GOV.UK Notify, in order of life."""

    WAITING = "waiting"
    SENDING = "sending"
    # A gateway has taken it, and says nothing yet of the telephone.
    SENT = "sent"
    # The telephone could not be reached; it is sent anew, or, if it may not be, DEAD.
    TEMPORARY_FAILURE = "temporary_failure"
    DELIVERED = "delivered"
    # There is no such number or address.
    PERMANENT_FAILURE = "permanent_failure"
    DEAD = "dead"
    EXPIRED = "expired"
    WITHHELD = "withheld"


class Urgency:
    """Lower goes first: codes before everything else."""

    CODE = 0
    NOTICE = 5
    REMINDER = 9


URGENCIES = (Urgency.CODE, Urgency.NOTICE, Urgency.REMINDER)
# The reason of a telephone that could not be reached. What goes out anew after it is another sending, with a key of
# its own: the gateway would take the former one for a repetition.
UNREACHED = DeliveryState.TEMPORARY_FAILURE.value
TOO_LATE = "too late"
LEASE = timedelta(seconds=60)
# One sending may take so long; with less of the lease left, another worker might send the same meanwhile.
ONE_SENDING = timedelta(seconds=25)
# So long one claim is worked on: what has not been begun then is given back, so that a code that has come meanwhile
# goes first.
ROUND = timedelta(seconds=2)
FEWEST_AT_A_TIME, MOST_AT_A_TIME = 8, 400
ATTEMPTS_AT_MOST = 12
# So often a gateway that may have a message is asked again before another one is.
ATTEMPTS_WITH_ONE = 4
# A link is kept for so long after it was sent, in case the telephone could not be reached.
KEPT_ONCE_SENT = timedelta(hours=24)
_WAITS = (0, 10, 60, 300, 900, 3600)
# How long a telephone that could not be reached is left alone before each further sending.
_ANEW_AFTER = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
# What a receipt may change: from which states it leads to its own. No state ever goes back.
_LEADS_ON: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.SENT: frozenset({DeliveryState.WAITING, DeliveryState.SENDING}),
    DeliveryState.TEMPORARY_FAILURE: frozenset(
        {DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.SENT}
    ),
    DeliveryState.PERMANENT_FAILURE: frozenset(
        {
            DeliveryState.WAITING,
            DeliveryState.SENDING,
            DeliveryState.SENT,
            DeliveryState.TEMPORARY_FAILURE,
            DeliveryState.DEAD,
        }
    ),
    DeliveryState.DELIVERED: frozenset(
        {
            DeliveryState.WAITING,
            DeliveryState.SENDING,
            DeliveryState.SENT,
            DeliveryState.TEMPORARY_FAILURE,
            DeliveryState.DEAD,
            DeliveryState.EXPIRED,
        }
    ),
}
RECEIPTS = frozenset(_LEADS_ON)


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What becomes of a message: its state, and when it is due again if it is."""

    state: DeliveryState
    due_at: datetime | None = None


def next_attempt(attempts: int, now: datetime, jitter: float) -> datetime:
    """When to try again after so many failed attempts: 10 s, 1, 5, 15 minutes, then hourly, each up to a fifth later.

    `jitter` is a number from 0 to 1, so that a thousand messages do not all knock at the same second.
    """
    seconds = _WAITS[min(attempts, len(_WAITS) - 1)]
    return now + timedelta(seconds=seconds * (1 + 0.2 * jitter))


def is_given_up(attempts: int) -> bool:
    """After this many failed attempts a message is dead, and staff see it."""
    return attempts >= ATTEMPTS_AT_MOST


def after_failure(
    attempts: int, again: bool, now: datetime, jitter: float
) -> tuple[DeliveryState, datetime | None]:
    """What becomes of something that has failed so many times: given up, or waiting until another attempt."""
    if not again or is_given_up(attempts):
        return DeliveryState.DEAD, None
    return DeliveryState.WAITING, next_attempt(attempts, now, jitter)


def changes_by(told: DeliveryState) -> frozenset[DeliveryState]:
    """From which states a receipt leads on; in any other it changes nothing."""
    return _LEADS_ON[told]


def after_receipt(
    told: DeliveryState, sendings: int, now: datetime, *, may_go_anew: bool, expires_at: datetime | None
) -> DeliveryResult:
    """What becomes of a message by what its gateway tells. A telephone that could not be reached is tried anew after
    1, 4 and 12 hours while the message is of use (`may_go_anew`: it is no code, and its text is still there)."""
    if told is not DeliveryState.TEMPORARY_FAILURE:
        return DeliveryResult(told)
    if not may_go_anew or sendings > len(_ANEW_AFTER):
        return DeliveryResult(DeliveryState.DEAD)
    due_at = now + _ANEW_AFTER[sendings - 1]
    if expires_at is not None and due_at >= expires_at:
        return DeliveryResult(DeliveryState.DEAD)
    return DeliveryResult(DeliveryState.TEMPORARY_FAILURE, due_at)


def how_many_next(tried: int, seconds: float) -> int:
    """How many to claim next when so many have taken so long: what can be sent in about a second."""
    return max(FEWEST_AT_A_TIME, min(MOST_AT_A_TIME, int(tried / max(seconds, 0.001))))


def only_by(gateway: str, urgency: int, attempts: int, *, is_in_doubt: bool) -> str:
    """The one gateway that may send a message, because it may have it already; empty when any may. A code goes to
    whoever takes it: rather twice than never."""
    if not is_in_doubt or urgency == Urgency.CODE or attempts >= ATTEMPTS_WITH_ONE:
        return ""
    return gateway


def is_emptied_once_sent(urgency: int, *, secret: bool, has_receipts: bool) -> bool:
    """Whether a text is emptied as soon as a gateway has it: codes are, and links of which nobody will tell whether
    they reach a telephone that may be switched off."""
    return secret and (urgency == Urgency.CODE or not has_receipts)
