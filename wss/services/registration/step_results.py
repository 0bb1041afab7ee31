"""What is typed in step one of a registration, and the outcomes of steps one and two."""

from dataclasses import dataclass
from enum import StrEnum


class StepOneOutcome(StrEnum):
    """The outcome of step one; all but STARTED show step one again."""

    STARTED = "go_on"
    NO_MATCH = "no_match"
    WRONG_CAPTCHA = "wrong_captcha"
    TOO_OFTEN = "too_often"
    ALREADY_REGISTERED = "already_registered"


@dataclass(frozen=True, slots=True)
class StepOneResult:
    """The outcome of step one; when rate-limited, the seconds to wait."""

    outcome: StepOneOutcome
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class StepOneInput:
    """What was typed in step one, well-formed or empty, with the captcha if one was shown."""

    account_no: str = ""
    bill_no: str = ""
    captcha_id: str = ""
    captcha: str = ""


class StepTwoOutcome(StrEnum):
    """The outcome of step two; all but the first two are errors at a field."""

    OTP_SENT = "otp_sent"
    LINK_SENT = "link_sent"
    LOST = "lost"
    MOBILE_REQUIRED = "mobile_required"
    PASSWORD_REQUIRED = "password_required"  # noqa: S105 the name of an outcome
    ADDRESS_REQUIRED = "address_required"
    USER_NAME_TAKEN = "user_name_taken"
    USER_NAMES_TOO_OFTEN = "user_names_too_often"
    WRONG_CAPTCHA = "wrong_captcha"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class StepTwoResult:
    """The outcome of step two; when rate-limited, the seconds until a code can be sent."""

    outcome: StepTwoOutcome
    retry_after: int = 0
