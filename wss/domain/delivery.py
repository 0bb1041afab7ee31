"""Delivery of a message: its states, the retry back-off, the effect of a receipt, and dead letters."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class DeliveryState(StrEnum):
    """The delivery state of a message; the words are those of GOV.UK Notify, in the order of the life cycle."""

    WAITING = "waiting"
    SENDING = "sending"
    # A gateway has accepted it, and has not yet reported delivery to the telephone.
    SENT = "sent"
    # The telephone could not be reached; it is sent again, or becomes DEAD if it may not be.
    TEMPORARY_FAILURE = "temporary_failure"
    DELIVERED = "delivered"
    # The number or address does not exist.
    PERMANENT_FAILURE = "permanent_failure"
    DEAD = "dead"
    EXPIRED = "expired"
    WITHHELD = "withheld"


class Urgency:
    """The priority of a message; lower is sent first: codes before everything else."""

    CODE = 0
    NOTICE = 5
    REMINDER = 9


URGENCIES = (Urgency.CODE, Urgency.NOTICE, Urgency.REMINDER)
# The reason of a telephone that could not be reached. A message that is sent again gets a new idempotency key: the
# gateway would take the former one for a repetition.
UNREACHABLE = DeliveryState.TEMPORARY_FAILURE.value
TOO_LATE = "too late"
LEASE = timedelta(seconds=60)
# The longest time for sending one message; with less of the lease left, another worker might send the same message.
LONGEST_SEND = timedelta(seconds=25)
# The time for the messages of one claim: those that have not been started then are released, so that a new code is
# sent first.
CLAIM_TIME = timedelta(seconds=2)
FEWEST_AT_A_TIME, MOST_AT_A_TIME = 8, 400
ATTEMPTS_AT_MOST = 12
# So many attempts go to a gateway that may have accepted a message, before another gateway is used.
ATTEMPTS_WITH_ONE = 4
# A link is kept for so long after it was sent, in case the telephone could not be reached.
KEPT_ONCE_SENT = timedelta(hours=24)
_WAITS = (0, 10, 60, 300, 900, 3600)
# The waits before a message is sent again to a telephone that could not be reached.
_RESEND_AFTER = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
# The changes that a receipt may make: the states from which it leads to its own. No state ever goes back.
_TRANSITIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
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
RECEIPTS = frozenset(_TRANSITIONS)


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """The new state of a message, and when it is due again, if it is."""

    state: DeliveryState
    due_at: datetime | None = None


def next_attempt(attempts: int, now: datetime, jitter: float) -> datetime:
    """Return when to retry after so many failed attempts.

    10 s, 1, 5, 15 minutes, then hourly, each up to a fifth later. `jitter` is a number from 0 to 1, so that a
    thousand messages are not all retried in the same second.
    """
    seconds = _WAITS[min(attempts, len(_WAITS) - 1)]
    return now + timedelta(seconds=seconds * (1 + 0.2 * jitter))


def is_dead_letter(attempts: int) -> bool:
    """Return whether a message is a dead letter after this many failed attempts; staff see it then."""
    return attempts >= ATTEMPTS_AT_MOST


def after_failure(
    attempts: int, again: bool, now: datetime, jitter: float
) -> tuple[DeliveryState, datetime | None]:
    """Return the result of so many failed attempts: a dead letter, or a wait until the next attempt."""
    if not again or is_dead_letter(attempts):
        return DeliveryState.DEAD, None
    return DeliveryState.WAITING, next_attempt(attempts, now, jitter)


def states_changed_by(reported: DeliveryState) -> frozenset[DeliveryState]:
    """Return the states that a receipt changes; in any other it has no effect."""
    return _TRANSITIONS[reported]


def after_receipt(
    reported: DeliveryState, sendings: int, now: datetime, *, may_be_resent: bool, expires_at: datetime | None
) -> DeliveryResult:
    """Return the result of a gateway's receipt.

    A telephone that could not be reached is tried again after 1, 4 and 12 hours while the message is of use
    (`may_be_resent`: it is no code, and its text is still stored).
    """
    if reported is not DeliveryState.TEMPORARY_FAILURE:
        return DeliveryResult(reported)
    if not may_be_resent or sendings > len(_RESEND_AFTER):
        return DeliveryResult(DeliveryState.DEAD)
    due_at = now + _RESEND_AFTER[sendings - 1]
    if expires_at is not None and due_at >= expires_at:
        return DeliveryResult(DeliveryState.DEAD)
    return DeliveryResult(DeliveryState.TEMPORARY_FAILURE, due_at)


def next_batch_size(tried: int, seconds: float) -> int:
    """Return how many messages to claim next: as many as can be sent in about a second.

    The last `tried` messages took so many `seconds`.
    """
    return max(FEWEST_AT_A_TIME, min(MOST_AT_A_TIME, int(tried / max(seconds, 0.001))))


def pinned_gateway(gateway: str, urgency: int, attempts: int, *, is_in_doubt: bool) -> str:
    """Return the only gateway that may send a message, because it may have accepted it already; empty if any may.

    A code may be sent by any gateway: better twice than never.
    """
    if not is_in_doubt or urgency == Urgency.CODE or attempts >= ATTEMPTS_WITH_ONE:
        return ""
    return gateway


def is_emptied_once_sent(urgency: int, *, secret: bool, has_receipts: bool) -> bool:
    """Return whether a text is deleted as soon as a gateway has accepted it.

    This holds for codes, and for links without receipts, for which it stays unknown whether they reach a telephone
    that may be switched off.
    """
    return secret and (urgency == Urgency.CODE or not has_receipts)
