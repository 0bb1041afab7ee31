"""The second factor of staff: time steps of the authenticator (RFC 6238), and recovery codes for the day it is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from wss.domain.identifiers import normalise_digits

STEP_S = 30
# A telephone's clock may be half a minute off.
DRIFT = 1
# A clock that is further off, up to half an hour, is recognised, so that it can be put right; its codes are not taken.
RECOGNISED = 60
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
SECRET_GROUP = 4
RECOVERY_GROUP = 5


class SecondFactorUse(StrEnum):
    """What a code is given for."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"


class StaffLoginOutcome(StrEnum):
    """How a try ended. WRONG is the same for an unknown employee and a wrong password, a wrong and a used code."""

    IN = "in"
    WRONG = "wrong"
    TOO_OFTEN = "too_often"
    WRONG_CAPTCHA = "wrong_captcha"


@dataclass(frozen=True, slots=True)
class StaffLoginResult:
    """The outcome; with the session's new id for the cookie, or the seconds to wait."""

    outcome: StaffLoginOutcome
    session_id: str = ""
    retry_after: int = 0
    # By how many minutes the authenticator's clock goes fast, or slow (below 0).
    minutes_off: int = 0
    # After the password: the first one has to be changed. After a code: it was the first, and set the authenticator up.
    is_first: bool = False


def step_of(moment: datetime) -> int:
    """The time step a moment falls into."""
    return int(moment.timestamp()) // STEP_S


def steps_to_try(moment: datetime) -> Iterable[int]:
    """The steps whose codes are taken at a moment: this one, the one before and the one after."""
    now = step_of(moment)
    return range(now - DRIFT, now + DRIFT + 1)


def steps_to_recognise(moment: datetime) -> Iterable[int]:
    """The steps around those, whose codes only show that a clock goes wrong."""
    now = step_of(moment)
    return [step for step in range(now - RECOGNISED, now + RECOGNISED + 1) if abs(step - now) > DRIFT]


def minutes_between(step: int, moment: datetime) -> int:
    """By how many minutes a step lies after a moment, or before it (below 0); never none."""
    apart = step - step_of(moment)
    whole = max(1, round(abs(apart) * STEP_S / 60))
    return whole if apart > 0 else -whole


def is_totp_shaped(code: str) -> bool:
    """Whether a code can come from an authenticator; anything else is read as a recovery code."""
    return len(code) == DIGITS and code.isdecimal()


def plain_code(typed: str) -> str:
    """A code as it is compared: without the blanks and dashes of its groups, in capitals, its digits those of any
    script."""
    return "".join(sign for sign in normalise_digits(typed) if sign.isalnum()).upper()


def in_groups(text: str, size: int, between: str = " ") -> str:
    """A long code in groups that one can read out."""
    return between.join(text[at : at + size] for at in range(0, len(text), size))


def provisioning_uri(employee_id: str, secret: str) -> str:
    """What the QR code of an enrolment says to the authenticator."""
    return f"otpauth://totp/WSS:{quote(employee_id, safe='')}?secret={secret}&issuer=WSS"
