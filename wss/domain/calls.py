"""Calls at the help desk: the numbers of a caller, the verification of a caller, and the expiry of a call."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wss.domain import identifiers
from wss.domain.actor import Role
from wss.domain.errors import Malformed, RuleBroken

HELPDESK_ROLES = frozenset({Role.HELPDESK, Role.HELPDESK_SUPERVISOR})

# Increased whenever the consent text that is read out changes: a caller's consent is stored with its version.
CONSENT_VERSION = "2026-12"
SCRIPT_VERSION = "2026-12"

MAX_WRONG = 3
# The default where the table of limits has no number; above it a supervisor is notified.
RECORDS_A_DAY = 50
IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=2)
CHOICES_AT_MOST = 20
SHORTEST_KEY = 6
_WEEK = timedelta(days=7)
_WILDCARDS = re.compile(r"[%_*?]")


class CallReason(StrEnum):
    """The reason of a call; without a reason no record is opened."""

    BILL = "bill"
    STATUS = "status"
    REGISTRATION = "registration"
    MOBILE = "mobile"
    OTHER = "other"


class SearchKind(StrEnum):
    """The kind of number that led to the record."""

    ACCOUNT = "account"
    BILL = "bill"
    SBM_BILL = "sbm_bill"
    COMPLAINT = "complaint"
    MOBILE = "mobile"
    # The caller has no number, or no known one: no record is opened, but the call is counted.
    NONE = "none"


class VerifiedBy(StrEnum):
    """The proof that the caller may speak for the consumer."""

    OTP_ON_RECORD = "otp_on_record"
    FACTS = "facts"


class Relation(StrEnum):
    """The relation of the caller to the consumer."""

    SELF = "self"
    FAMILY = "family"
    TENANT = "tenant"
    EMPLOYEE = "employee"
    OTHER = "other"


class CallOutcome(StrEnum):
    """How a call ended: by the help desk, by expiry, or after three wrong answers."""

    ENDED = "ended"
    EXPIRED = "expired"
    CLOSED_WRONG = "closed_wrong"


class CallExpired(RuleBroken):
    """Raised when the call has ended or has expired: no step of it can be taken any more."""

    def __init__(self) -> None:
        super().__init__("call_over")


@dataclass(frozen=True, slots=True)
class CallerNumber:
    """A possible meaning of a typed number, as stored; a bill number may also be the SBM one."""

    kind: SearchKind
    value: str


_READERS: tuple[tuple[SearchKind, Callable[[str], str]], ...] = (
    (SearchKind.ACCOUNT, identifiers.account_no),
    (SearchKind.COMPLAINT, identifiers.complaint_no),
    (SearchKind.MOBILE, identifiers.mobile),
    (SearchKind.BILL, identifiers.bill_no),
)


def key_kinds(q: str) -> list[CallerNumber]:
    """Return every kind of number that a typed number can be; raise Malformed if it is none.

    Only a look-up shows which one it is: ten digits may be an account, a mobile and a bill number.
    """
    typed = q.strip()
    if not typed:
        raise Malformed("q_missing")
    if _WILDCARDS.search(typed):
        raise Malformed("q_wildcard")
    if len(identifiers.normalise_digits(typed)) < SHORTEST_KEY:
        raise Malformed("q_too_short")
    found = []
    for kind, read in _READERS:
        try:
            found.append(CallerNumber(kind, read(typed)))
        except Malformed:
            continue
    if not found:
        raise Malformed("q_malformed")
    return found


def is_expired(began_at: datetime, last_at: datetime, at: datetime) -> bool:
    """Return whether a call has expired: no step was taken for too long, or it has lasted too long."""
    return at - last_at >= IDLE or at - began_at >= LIFE


def week_before(at: datetime) -> datetime:
    """Return the start of the week for which calls about a connection are counted."""
    return at - _WEEK
