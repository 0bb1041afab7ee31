"""Counting what a failure did to the visitors: what was lost, registered twice or shown, and how long it lasted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

HEAD = (
    "| failure | acknowledged | of these lost | registered twice | given up | stack traces | responses "
    "| longest pause | recovered after | messages lost, late, twice | sums and audit trail |"
)
RULE = "|---|---|---|---|---|---|---|---|---|---|---|"
ACCEPTED = "303"
# A page that says that the site has a fault of its own. 502 to 504 say that something is away.
_OWN_FAULT = "500"


@dataclass(frozen=True, slots=True)
class WriteTry:
    """One attempt of a consumer to register a request: when it was sent and ended, and what came back.

    `status` is that of HTTP, or what happened to the connection. `complaint_no` is the number that the site confirmed.
    """

    consumer: int
    sent: float
    ended: float
    status: str
    complaint_no: str | None = None
    shows_trace: bool = False


@dataclass(frozen=True, slots=True)
class StoredRows:
    """What is stored after a failure: the complaint numbers by consumer, and the faults of documents and messages."""

    numbers: Mapping[int, Sequence[str]]
    lost_documents: int = 0
    lost_messages: int = 0
    late_messages: int = 0
    repeated_messages: int = 0
    failed_checks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DrillRow:
    """The line of one failure in the table."""

    name: str
    acknowledged: int
    lost: int
    twice: int
    given_up: int
    traces: int
    statuses: Mapping[str, int]
    longest_pause: float
    recovered_after: float | None
    stored: StoredRows = field(default_factory=lambda: StoredRows({}))

    @property
    def faults(self) -> list[str]:
        """Return which goals this failure has missed."""
        counts = {
            "acknowledged requests lost": self.lost,
            "requests registered twice": self.twice,
            "requests that were never accepted": self.given_up,
            "stack traces shown": self.traces,
            "error pages 500": self.statuses.get(_OWN_FAULT, 0),
            "documents lost": self.stored.lost_documents,
            "messages lost": self.stored.lost_messages,
        }
        found = [f"{count} {what}" for what, count in counts.items() if count]
        found += [f"{name} finds faults" for name in self.stored.failed_checks]
        return [*found, *(["not recovered"] if self.recovered_after is None else [])]

    def __str__(self) -> str:
        recovered = "**never**" if self.recovered_after is None else f"{self.recovered_after:.1f} s"
        responses = ", ".join(f"{status}: {count:,}" for status, count in sorted(self.statuses.items()))
        cells = (
            self.name,
            f"{self.acknowledged:,}",
            *(_wanted_zero(count) for count in (self.lost + self.stored.lost_documents, self.twice)),
            *(_wanted_zero(count) for count in (self.given_up, self.traces)),
            responses,
            f"{self.longest_pause:.1f} s",
            recovered,
            f"{_wanted_zero(self.stored.lost_messages)}, {self.stored.late_messages}, {self.stored.repeated_messages}",
            f"**wrong**: {', '.join(self.stored.failed_checks)}" if self.stored.failed_checks else "right",
        )
        return f"| {' | '.join(cells)} |"


@dataclass(frozen=True, slots=True)
class Moments:
    """When a failure began, and when its repair began."""

    began: float
    repaired: float


def outcome(
    name: str, asked: int, tries: Sequence[WriteTry], stored: StoredRows, moments: Moments
) -> DrillRow:
    """Return the line of a failure, from what so many consumers saw and what is stored."""
    confirmed = acknowledged(tries)
    numbers = [(consumer, each) for consumer, found in confirmed.items() for each in found]
    return DrillRow(
        name,
        acknowledged=len(confirmed),
        lost=sum(each not in stored.numbers.get(consumer, ()) for consumer, each in numbers),
        twice=sum(
            len(found | set(stored.numbers.get(consumer, ()))) > 1 for consumer, found in confirmed.items()
        )
        + sum(len(found) > 1 for consumer, found in stored.numbers.items() if consumer not in confirmed),
        given_up=asked - len(confirmed),
        traces=sum(each.shows_trace for each in tries),
        statuses=Counter(each.status for each in tries),
        longest_pause=longest_pause(tries, moments.began),
        recovered_after=recovered_after(tries, moments.repaired),
        stored=stored,
    )


def acknowledged(tries: Iterable[WriteTry]) -> dict[int, set[str]]:
    """Return the complaint numbers that were confirmed to each consumer."""
    found = defaultdict[int, set[str]](set)
    for each in tries:
        if each.complaint_no:
            found[each.consumer].add(each.complaint_no)
    return dict(found)


def longest_pause(tries: Iterable[WriteTry], began: float) -> float:
    """Return the longest time without a confirmation from when the failure began."""
    confirmed = sorted(each.ended for each in tries if each.complaint_no and each.ended > began)
    return max((after - before for before, after in pairwise([began, *confirmed])), default=0.0)


def recovered_after(tries: Iterable[WriteTry], repaired: float) -> float | None:
    """Return how long after the repair every attempt was accepted again; None if that did not happen."""
    later = [each for each in tries if each.sent >= repaired]
    last_failure = max((each.sent for each in later if each.status != ACCEPTED), default=repaired)
    confirmed = [each.ended for each in later if each.status == ACCEPTED and each.sent >= last_failure]
    return min(confirmed) - repaired if confirmed else None


def _wanted_zero(count: int) -> str:
    return f"**{count:,}**" if count else "0"
