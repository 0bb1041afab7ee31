"""Proof of ownership of a connection: the rule of step one, the two mobiles, and the hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

# docs/specification.md#journey-1-registration: the bill must be one of the connection's last three; a held consumer
# waits 24 hours.
LAST_BILLS = 3
HOLD = timedelta(hours=24)
ACTIVATION_LIFE = timedelta(hours=24)
NOT_ME_LIFE = timedelta(hours=24)
# A changed address, password or number, or an added connection, can be undone from the old addresses for so long.
UNDO_LIFE = timedelta(days=7)
# A consumer who has not logged in for so long may have stopped using the number, and another person may have it.
DORMANT_AFTER = timedelta(days=90)
# For dormant consumers silence is weaker evidence: a new number waits longer, and the old one is notified
# repeatedly.
DORMANT_HOLD = timedelta(days=14)
REMIND_EVERY = timedelta(days=3)
REGISTRATION_LIFE = timedelta(hours=2)
# A placeholder, not a rule of the discoms: as long as operators keep a disconnected number unused before it is
# assigned again (TRAI, 90 days).
FORMER_MOBILE_PROTECTS = timedelta(days=90)

# Increased whenever the text changes: the consumer's acceptance is recorded with its version.
TERMS_VERSION = "2026-11"
PRIVACY_VERSION = "2026-11"


class OwnershipProof(StrEnum):
    """The proof of a registration once its OTP (or e-mailed link) is right."""

    ACTIVE = "active"
    HELD = "held"


class RecoveryBasis(StrEnum):
    """The basis of a recovery."""

    EMAIL = "email"
    MOBILE = "mobile"
    PASSWORD = "password"  # noqa: S105 the name of a basis, no secret
    CONNECTION = "connection"


class ActivationChannel(StrEnum):
    """The channel by which a registration is activated."""

    OTP = "otp"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class RecordedContacts:
    """The billing extract's data on a connection's consumer, with a mobile that was removed recently."""

    mobile: str | None
    email: str | None
    former_mobile: str | None = None

    @classmethod
    def as_of(cls, row: Any, at: datetime) -> "RecordedContacts":
        """Return the data of a row of the connection table, or of its columns, at a moment."""
        former = row.former_mobile if still_protects(row.former_mobile_gone_at, at) else None
        return cls(row.mobile_on_record, row.email_on_record, former)

    @property
    def protecting(self) -> tuple[str, ...]:
        """Return the numbers that can object before another person gets the connection, the one on record first.

        A number that an extract emptied or changed continues to protect for a while: the extract may have been
        wrong.
        """
        return tuple(dict.fromkeys(number for number in (self.mobile, self.former_mobile) if number))

    @property
    def asked(self) -> str | None:
        """Return the number that proves the connection: the one on record, else the former one."""
        return self.protecting[0] if self.protecting else None

    def others(self, mobile: str | None) -> tuple[str, ...]:
        """Return the protecting numbers other than this one."""
        return tuple(number for number in self.protecting if number != mobile)


def is_dormant(signed_in_at: datetime | None, created_at: datetime, at: datetime) -> bool:
    """Return whether a consumer has not logged in for so long that the number may be another person's."""
    return at - (signed_in_at or created_at) >= DORMANT_AFTER


def recovers(confirmed_at: datetime | None, at: datetime) -> bool:
    """Return whether an e-mail address has been confirmed for long enough to count as proof."""
    return confirmed_at is not None and at - confirmed_at >= HOLD


def still_protects(gone_at: datetime | None, at: datetime) -> bool:
    """Return whether a number that was removed from the record at a moment still protects."""
    return gone_at is not None and at < gone_at + FORMER_MOBILE_PROTECTS


@dataclass(frozen=True, slots=True)
class KnowledgeFacts:
    """Two facts that only a holder of the bill knows, as stored; in some procedures the bill number alone."""

    account_no: str
    bill_no: str


def is_among_last(bill_no: str, latest: Sequence[tuple[str | None, ...]]) -> bool:
    """Return whether a typed bill or SBM bill number is one of the latest bills, given newest first."""
    return any(bill_no in numbers for numbers in latest[:LAST_BILLS])


def proof_by(mobile: str | None, on_record: RecordedContacts) -> OwnershipProof:
    """Return the proof by a mobile.

    The mobile on record proves at once, another one is held for a day; with none on record there is none to ask.
    """
    return OwnershipProof.HELD if on_record.others(mobile) else OwnershipProof.ACTIVE


def activation_channel(
    mobile: str | None, email: str | None, on_record: RecordedContacts
) -> ActivationChannel | None:
    """Return OTP if there is a mobile; the e-mailed link only if no mobile protects; None if neither is possible."""
    if mobile:
        return ActivationChannel.OTP
    if on_record.asked is None and (on_record.email or email):
        return ActivationChannel.EMAIL
    return None
