"""One-time passwords: their lifetime, and the results of sending and of checking one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from wss.domain.visitor import Visitor

# docs/specification.md#codes-and-links
LIFE = timedelta(minutes=10)
# A code expires after so many wrong attempts.
WRONG_ATTEMPTS = 5


class OtpOutcome(StrEnum):
    """The result of checking an OTP; everything but RIGHT is a refusal that stays counted."""

    RIGHT = "right"
    WRONG = "wrong"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class OtpResult:
    """The result of a typed OTP; when stopped, the seconds until the next attempt is allowed."""

    answer: OtpOutcome
    retry_after: int = 0

    @property
    def is_right(self) -> bool:
        """Return whether the code was right."""
        return self.answer is OtpOutcome.RIGHT


@dataclass(frozen=True, slots=True)
class OtpSending:
    """Whether an OTP was sent; if not, the seconds until it can be."""

    ok: bool
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class OtpPurpose:
    """The use of an OTP: its purpose, its subject, such as "registration:17", and the mobile that it proves."""

    purpose: str
    subject: str
    mobile: str


@dataclass(frozen=True, slots=True)
class OtpRequester:
    """The requester of a code, who alone can use it: a browser, by the hash of its session, or a help-desk call.

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
        """Return the key under which this requester's share of a mobile's codes is counted."""
        return self.share or self.key

    @property
    def request_key(self) -> str:
        """Return the key under which this requester's requests for the typed text are counted."""
        return f"{self.key} {self.typed}"

    @property
    def sender(self) -> str:
        """Return the employee, else the network."""
        return self.employee or self.address


def requester_of(visitor: Visitor, typed: str, share: str = "") -> OtpRequester:
    """Return the browser of a visitor as the requester for the text they have typed."""
    return OtpRequester(visitor.session_hash, visitor.address, typed, share=share, trusted=visitor.trusted)
