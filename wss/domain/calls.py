"""Calls at the help desk: what a caller may be asked for, what proves them, and when a call has expired."""

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

# Raised whenever the sentence that is read out changes: what a caller agreed to is kept with its version.
CONSENT_VERSION = "2026-11"
SCRIPT_VERSION = "2026-11"

MAX_WRONG = 3
# Where the table of limits says nothing else; above it a supervisor is told.
RECORDS_A_DAY = 50
IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=2)
CHOICES_AT_MOST = 20
SHORTEST_KEY = 6
_WEEK = timedelta(days=7)
_WILDCARDS = re.compile(r"[%_*?]")


class CallReason(StrEnum):
    """Why somebody calls; without a reason no record is opened."""

    BILL = "bill"
    STATUS = "status"
    REGISTRATION = "registration"
    MOBILE = "mobile"
    OTHER = "other"


class SearchKind(StrEnum):
    """Which kind of number led to the record."""

    ACCOUNT = "account"
    BILL = "bill"
    SBM_BILL = "sbm_bill"
    COMPLAINT = "complaint"
    MOBILE = "mobile"
    # The caller has no number, or none that is known: no record is opened, and the call counts all the same.
    NONE = "none"


class VerifiedBy(StrEnum):
    """What proved that the caller may speak for the consumer."""

    OTP_ON_RECORD = "otp_on_record"
    FACTS = "facts"


class Relation(StrEnum):
    """Who the caller is to the consumer."""

    SELF = "self"
    FAMILY = "family"
    TENANT = "tenant"
    EMPLOYEE = "employee"
    OTHER = "other"


class CallOutcome(StrEnum):
    """How a call ended: by the help-desk, by itself, or because three things said were wrong."""

    ENDED = "ended"
    EXPIRED = "expired"
    CLOSED_WRONG = "closed_wrong"


class CallOver(RuleBroken):
    """The call has ended, or nothing was done on it for too long: no step of it can be taken any more."""

    def __init__(self) -> None:
        super().__init__("call_over")


@dataclass(frozen=True, slots=True)
class CallerNumber:
    """What a typed number can be, as it is stored; a bill number may also be the SBM one."""

    kind: SearchKind
    value: str


_READERS: tuple[tuple[SearchKind, Callable[[str], str]], ...] = (
    (SearchKind.ACCOUNT, identifiers.account_no),
    (SearchKind.COMPLAINT, identifiers.complaint_no),
    (SearchKind.MOBILE, identifiers.mobile),
    (SearchKind.BILL, identifiers.bill_no),
)


def key_kinds(q: str) -> list[CallerNumber]:
    """Everything that a typed number can be; raises Malformed for what is no whole number of anything.

    Which of them it is, only looking can tell: ten digits may be an account, a mobile and a bill.
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
    """Whether nobody has done anything on a call for too long, or it goes on for too long."""
    return at - last_at >= IDLE or at - began_at >= LIFE


def week_before(at: datetime) -> datetime:
    """Since when calls about a connection count as "this week"."""
    return at - _WEEK
