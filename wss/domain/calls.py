"""Calls at the help-desk: what a caller may be asked for, what proves them, and when a call is over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import permutations

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


class LookedFor(StrEnum):
    """Which kind of number led to the record."""

    ACCOUNT = "account"
    BILL = "bill"
    SBM_BILL = "sbm_bill"
    COMPLAINT = "complaint"
    MOBILE = "mobile"


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


class Outcome(StrEnum):
    """How a call ended: by the help-desk, by itself, or because three things said were wrong."""

    ENDED = "ended"
    EXPIRED = "expired"
    CLOSED_WRONG = "closed_wrong"


class CallOver(RuleBroken):
    """The call has ended, or nothing was done on it for too long: no step of it can be taken any more."""

    def __init__(self) -> None:
        super().__init__("call_over")


@dataclass(frozen=True, slots=True)
class Key:
    """What a typed number can be, as it is stored; a bill number may also be the SBM one."""

    kind: LookedFor
    value: str


_READERS: tuple[tuple[LookedFor, Callable[[str], str]], ...] = (
    (LookedFor.ACCOUNT, identifiers.account_no),
    (LookedFor.COMPLAINT, identifiers.complaint_no),
    (LookedFor.MOBILE, identifiers.mobile),
    (LookedFor.BILL, identifiers.bill_no),
)


def key_kinds(q: str) -> list[Key]:
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
            found.append(Key(kind, read(typed)))
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


# Said or written before a name, and no part of it.
_TITLES = frozenset(
    {
        *("shri", "sri", "shree", "smt", "shrimati", "km", "kumari", "mr", "mrs", "ms", "miss", "dr", "ji"),
        *("श्री", "श्रीमती", "कुमारी", "डॉ", "जी"),
    }
)
# Above this many words their orders are too many to try; then the order has to be the one on record.
_ORDERS_OF = 6
_CANDRABINDU, _ANUSVARA = "\u0901", "\u0902"
_LEFT_OUT = re.compile(r"[\u0300-\u036f\u093c\u200c\u200d\u0951-\u0954]")


def is_same_name(spoken: str, on_record: str) -> bool:
    """Whether all words of the name on record were said, and no others: in any order, however spaced and accented."""
    said, kept = _words(spoken), _words(on_record)
    if not said or not kept:
        return False
    if sorted(said) == sorted(kept):
        return True
    together = "".join(said)
    if len(together) != len("".join(kept)):
        return False
    orders = permutations(kept) if len(kept) <= _ORDERS_OF else [tuple(kept)]
    return any("".join(order) == together for order in orders)


def _words(name: str) -> list[str]:
    plain = _LEFT_OUT.sub("", unicodedata.normalize("NFKD", name).casefold()).replace(_CANDRABINDU, _ANUSVARA)
    kept = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in plain)
    words = [word for word in kept.split() if word not in _TITLES]
    return words or kept.split()
