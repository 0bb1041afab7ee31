"""The second factor of staff: the accepted clock drift of an authenticator, and recovery codes for a lost one."""

from dataclasses import dataclass
from enum import StrEnum

from wss.domain.identifiers import normalise_digits

STEP_S = 30
# Time steps by which a phone's clock may differ: half a minute.
ACCEPTED_DRIFT = 1
# A clock that is up to half an hour off is recognised, so that its owner can set it; its codes are not accepted.
RECOGNISED = 60
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
SECRET_GROUP = 4
RECOVERY_GROUP = 5


class SecondFactorUse(StrEnum):
    """The use of a code."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"


class StaffLoginOutcome(StrEnum):
    """The outcome of an attempt.

    WRONG covers an unknown employee and a wrong password, and a wrong and a used code alike.
    """

    IN = "in"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"
    WRONG_CAPTCHA = "wrong_captcha"


@dataclass(frozen=True, slots=True)
class StaffLoginResult:
    """The outcome, with the session's new id for the cookie or the seconds to wait."""

    outcome: StaffLoginOutcome
    session_id: str = ""
    retry_after: int = 0
    # How many minutes the authenticator's clock is fast, or slow (below 0).
    minutes_off: int = 0
    # After the password: it is the first one and has to be changed. After a code: it was the first, and completed
    # the setup.
    is_first: bool = False
    # The key of the authenticator cannot be read, so no code of it can be right.
    is_key_broken: bool = False


def minutes_off(steps: int) -> int:
    """Return how many minutes a clock is fast, or slow (below 0), that is so many time steps off."""
    whole = max(1, round(abs(steps) * STEP_S / 60)) if steps else 0
    return whole if steps > 0 else -whole


def is_totp_shaped(code: str) -> bool:
    """Return whether a code can come from an authenticator; anything else is taken for a recovery code."""
    return len(code) == DIGITS and code.isdecimal()


def plain_code(typed: str) -> str:
    """Return a code as it is compared: Latin capitals and digits only, without the separators of its groups."""
    return "".join(sign for sign in normalise_digits(typed) if sign.isalnum()).upper()


def in_groups(text: str, size: int, between: str = " ") -> str:
    """Return a long code in groups, to be read out."""
    return between.join(text[at : at + size] for at in range(0, len(text), size))
