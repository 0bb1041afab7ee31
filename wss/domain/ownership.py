"""What proves that a connection is yours: step one's rule, the two mobiles, and the hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# spec, journey 1: the bill must be one of the connection's last three; a held consumer waits 24 hours.
LAST_BILLS = 3
HOLD = timedelta(hours=24)
ACTIVATION_LIFE = timedelta(hours=24)
NOT_ME_LIFE = timedelta(hours=24)
REGISTRATION_LIFE = timedelta(hours=2)

# Raised whenever the text changes: what a consumer accepted is recorded with its version.
TERMS_VERSION = "2026-11"
PRIVACY_VERSION = "2026-11"


class Proof(StrEnum):
    """What a registration brings when its OTP (or e-mailed link) is right."""

    ACTIVE = "active"
    HELD = "held"


class Channel(StrEnum):
    """How a registration is activated."""

    OTP = "otp"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the billing extract knows of a connection's people."""

    mobile: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Two things that only somebody with the bill knows, as they are stored."""

    account_no: str
    bill_no: str


def is_among_last(bill_no: str, latest: Sequence[tuple[str | None, ...]]) -> bool:
    """Whether a typed bill or SBM bill number is one of the latest bills, given newest first."""
    return any(bill_no in numbers for numbers in latest[:LAST_BILLS])


def proof_by(mobile: str | None, on_record: OnRecord) -> Proof:
    """The mobile on record proves at once, another one is held for a day; with none on record there is none to ask."""
    if on_record.mobile is None or mobile == on_record.mobile:
        return Proof.ACTIVE
    return Proof.HELD


def activation_channel(mobile: str | None, email: str | None, on_record: OnRecord) -> Channel | None:
    """OTP where there is a mobile; the e-mailed link only where no mobile is on record; None when neither can be."""
    if mobile:
        return Channel.OTP
    if on_record.mobile is None and (on_record.email or email):
        return Channel.EMAIL
    return None
