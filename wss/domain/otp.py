"""One-time passwords: how long one lives, and what can come of sending and of trying one."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# spec, "Codes and links".
LIFE = timedelta(minutes=10)


class OtpAnswer(StrEnum):
    """How an OTP was answered; everything but RIGHT is a refusal that stays counted."""

    RIGHT = "right"
    WRONG = "wrong"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Tried:
    """The answer to a typed OTP; when stopped, in how many seconds one may try again."""

    answer: OtpAnswer
    retry_after: int = 0

    @property
    def is_right(self) -> bool:
        """Whether the code was right."""
        return self.answer is OtpAnswer.RIGHT


@dataclass(frozen=True, slots=True)
class Sent:
    """Whether an OTP was sent; if not, in how many seconds it can be."""

    ok: bool
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Unlocks:
    """What an OTP is for: its purpose, what it is about, such as "registration:17", and the mobile it proves."""

    purpose: str
    subject: str
    mobile: str


@dataclass(frozen=True, slots=True)
class SendLimits:
    """Under whose name a sending is counted: the mobile (or what stands for it) and the sender's network.

    What is counted silently is not refused but withheld: whoever asks must not learn that it had been asked for before.
    Of what the help-desk has sent, each employee counts in place of the network that all of them share.
    `device` is the browser; without a `mobile` nothing is counted for it in the open.
    """

    mobile: str
    address: str = ""
    silently: str = ""
    employee: str = ""
    device: str = ""
