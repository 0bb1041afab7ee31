"""Calls that consumers have asked 1912 for: attempts, outcomes, and when the next attempt is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wss.domain.calls import CallReason

ATTEMPTS = 3
# After a call that reached no one. The others that wait are called first.
NEXT_ATTEMPT = timedelta(minutes=30)
# The digits that the caller from 1912 says first, so that the consumer knows them from a stranger.
CODE_DIGITS = 4
# How long the page of a consumer shows how their last request for a call ended.
SHOWN_AFTER_END = timedelta(days=7)

# What a consumer who is logged in can ask a call for; registration is not among it.
REASONS = (CallReason.BILL, CallReason.STATUS, CallReason.MOBILE, CallReason.OTHER)


class CallBackOutcome(StrEnum):
    """How a request for a call ended."""

    REACHED = "reached"
    # So many attempts reached no one.
    UNREACHED = "unreached"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    # The consumer is closed.
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CallBackTerms:
    """How long a request for a call waits, and the hours in which the help-desk calls, as pages name them: empty
    where they are not known."""

    waits_hours: int
    hours_in_words: str

    @property
    def is_offered(self) -> bool:
        """Return whether consumers can ask for a call."""
        return self.waits_hours > 0

    def expires_at(self, asked_at: datetime) -> datetime:
        """Return until when a request made now waits."""
        return asked_at + timedelta(hours=self.waits_hours)
