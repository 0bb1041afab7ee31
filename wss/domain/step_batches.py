"""Steps on several requests at once: which ones, how many at a time, and what became of each request."""

from __future__ import annotations

from dataclasses import dataclass

from wss.domain.lifecycle import TABLE, UNASSIGNED, Action, Status

# A page of a list has fifty requests, the To-Do page a few new ones more.
STEPS_AT_MOST = 60
# These three; each is the same step as on the page of a request.
STEPS_FOR_SEVERAL = (Action.ASSIGN, Action.ASK, Action.FORWARD)
# The statuses in which one of them is possible; a waiting request is taken up first.
CHOOSABLE = frozenset(status for status, action in TABLE if action in STEPS_FOR_SEVERAL) | set(UNASSIGNED)
DONE = "done"
# Outcomes that name the status in which the step is not possible.
_IN_STATUS = "status_"


@dataclass(frozen=True, slots=True)
class ChosenRequest:
    """A request as it was chosen: its number, and the version that was shown."""

    complaint_no: str
    version: int

    def __str__(self) -> str:
        return f"{self.complaint_no} {self.version}"


def not_in_status(status: str) -> str:
    """Return the outcome of a step that is not possible in a status."""
    return f"{_IN_STATUS}{status}"


def status_of_outcome(outcome: str) -> Status | None:
    """Return the status that an outcome names; None if it names none."""
    name = outcome.removeprefix(_IN_STATUS)
    return Status(name) if outcome.startswith(_IN_STATUS) and name in list(Status) else None
