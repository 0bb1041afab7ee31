"""How a message gets out: its states, how soon it is tried again, and when it is given up."""

from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a message stands; the words are those of GOV.UK Notify, in order of life."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    DEAD = "dead"
    EXPIRED = "expired"
    WITHHELD = "withheld"


class Urgency:
    """Lower goes first: codes before everything else."""

    CODE = 0
    NOTICE = 5
    REMINDER = 9


LEASE = timedelta(seconds=60)
# One sending may take so long; with less of the lease left, another worker might send the same meanwhile.
ONE_SENDING = timedelta(seconds=25)
ATTEMPTS_AT_MOST = 12
_WAITS = (0, 10, 60, 300, 900, 3600)


def next_attempt(attempts: int, now: datetime, jitter: float) -> datetime:
    """When to try again after so many failed attempts: 10 s, 1, 5, 15 minutes, then hourly, each up to a fifth later.

    `jitter` is a number from 0 to 1, so that a thousand messages do not all knock at the same second.
    """
    seconds = _WAITS[min(attempts, len(_WAITS) - 1)]
    return now + timedelta(seconds=seconds * (1 + 0.2 * jitter))


def is_given_up(attempts: int) -> bool:
    """After this many failed attempts a message is dead, and staff see it."""
    return attempts >= ATTEMPTS_AT_MOST


def after_failure(attempts: int, again: bool, now: datetime, jitter: float) -> tuple[State, datetime | None]:
    """What becomes of something that has failed so many times: given up, or waiting until another attempt."""
    if not again or is_given_up(attempts):
        return State.DEAD, None
    return State.WAITING, next_attempt(attempts, now, jitter)
