"""The actions that a consumer can take on a request now: those of the life cycle whose time limit has not expired."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wss.domain.actor import Role
from wss.domain.lateness import is_late
from wss.domain.lifecycle import (
    REOPEN_WITHIN,
    REOPENINGS_AT_MOST,
    Action,
    Closing,
    Resolution,
    Status,
    actions_for,
)

RATINGS = range(1, 6)
# The link in an SMS is valid for longer than the days of silence: where no request closes automatically, it still
# works.
CONFIRM_LINK_LIFE = timedelta(days=30)
# The short link in the first SMS is valid as long as the request is open, and for so long after its end.
TRACK_AFTER_END = timedelta(days=90)
TRACK_WHILE_OPEN = timedelta(days=3_650)
# The link by which a consumer says "not by me" is valid as long as the request is open, at most for so long. The
# link for sending documents is valid for a week.
DISPUTE_LINK_LIFE = timedelta(days=90)
DOCUMENTS_LINK_LIFE = timedelta(days=7)
# The link in a question's SMS: an officer's next step ends it; without one, photos that come late are still
# accepted.
ANSWER_LINK_LIFE = timedelta(days=30)
# A consumer who was reminded late is not reminded again on the next day.
REMINDERS_APART = timedelta(days=5)


# The number of a reminder, and the first and last moment at which a request began to wait that is due for it.
ReminderWindow = tuple[int, datetime, datetime]


@dataclass(frozen=True, slots=True)
class RequestDeadlines:
    """The fields of a request on which deadlines depend."""

    status: Status
    closing: Closing | None
    resolution: Resolution | None
    status_since: datetime
    promised_on: date
    reopened_times: int
    frozen: bool = False


def reopening_obstacle(deadlines: RequestDeadlines, now: datetime) -> str | None:
    """Return why a closed request cannot be reopened, as a code; None if it can."""
    within = REOPEN_WITHIN.get(deadlines.closing) if deadlines.closing else None
    if within is None or now - deadlines.status_since > within:
        return "reopening_too_late"
    return "reopened_too_often" if deadlines.reopened_times >= REOPENINGS_AT_MOST else None


def offered_actions(deadlines: RequestDeadlines, done: Collection[str], now: datetime) -> list[Action]:
    """Return the actions whose buttons the consumer sees; `done` are the actions that happened already."""
    if deadlines.frozen:
        return []
    steps = actions_for(deadlines.status, Role.CONSUMER)
    excluded = set()
    if Action.REOPEN in steps and reopening_obstacle(deadlines, now):
        excluded.add(Action.REOPEN)
    if Action.RATE in done:
        excluded.add(Action.RATE)
    return [step for step in steps if step not in excluded]


def is_petition_due(deadlines: RequestDeadlines, today: date) -> bool:
    """Return whether the consumer may go to the forum: it is late, or was decided against them."""
    if is_late(deadlines.status, deadlines.promised_on, deadlines.status_since, today):
        return True
    is_refused = deadlines.resolution is Resolution.REFUSED and deadlines.status in (
        Status.RESOLVED,
        Status.CLOSED,
    )
    return is_refused or deadlines.closing is Closing.DISPUTED


def reminder_windows(now: datetime, reminder_days: Sequence[int], last_day: int) -> list[ReminderWindow]:
    """Return which reminder is due for requests that began to wait between two moments.

    The first moment is exclusive, the second inclusive. Reminders are due after `reminder_days`, and none after
    `last_day`.
    """
    ends = (*reminder_days[1:], last_day)
    return [
        (number, now - timedelta(days=end), now - timedelta(days=day))
        for number, (day, end) in enumerate(zip(reminder_days, ends, strict=True), 1)
    ]
