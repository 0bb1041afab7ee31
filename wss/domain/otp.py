"""One-time passwords: how long one lives, and what can come of sending and of trying one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from wss.domain.visitor import Visitor

# docs/specification.md#codes-and-links
LIFE = timedelta(minutes=10)
# So many wrong tries end a code.
WRONG_TRIES = 5


class OtpOutcome(StrEnum):
    """How an OTP was answered; everything but RIGHT is a refusal that stays counted."""

    RIGHT = "right"
    WRONG = "wrong"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class OtpResult:
    """The answer to a typed OTP; when stopped, in how many seconds one may try again."""

    answer: OtpOutcome
    retry_after: int = 0

    @property
    def is_right(self) -> bool:
        """Whether the code was right."""
        return self.answer is OtpOutcome.RIGHT


@dataclass(frozen=True, slots=True)
class OtpSending:
    """Whether an OTP was sent; if not, in how many seconds it can be."""

    ok: bool
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class OtpPurpose:
    """What an OTP is for: its purpose, what it is about, such as "registration:17", and the mobile it proves."""

    purpose: str
    subject: str
    mobile: str


@dataclass(frozen=True, slots=True)
class OtpRequester:
    """Who asks for a code: a browser by the hash of its session, or a call of the help-desk. The code is theirs alone.

    `typed` is what was typed to name the receiver: asks are counted by it for this asker, never for all. `share` is
    whose part of a mobile's codes they take, where that is not the browser. `trusted` are the consumers who have
    signed in on this browser, each with the id of the browser among those known to them. Of what the help-desk has
    sent, each employee counts in place of the shared network.
    """

    key: str
    address: str = ""
    typed: str = ""
    employee: str = ""
    share: str = ""
    trusted: Mapping[int, str] = field(default_factory=dict)

    @property
    def part(self) -> str:
        """Under whose name this asker's part of a mobile's codes is counted."""
        return self.share or self.key

    @property
    def asks(self) -> str:
        """Under whose name this asker's asks for what was typed are counted."""
        return f"{self.key} {self.typed}"

    @property
    def sender(self) -> str:
        """The employee, else the network."""
        return self.employee or self.address


def asker_of(visitor: Visitor, typed: str, share: str = "") -> OtpRequester:
    """The browser of a visitor as the asker for what they have typed."""
    return OtpRequester(visitor.session_hash, visitor.address, typed, share=share, trusted=visitor.trusted)
