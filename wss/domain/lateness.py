"""When a service request is late: one rule for lists, timelines, petitions and the MIS."""

from datetime import date, datetime, timedelta

from wss.domain.calendar import IST
from wss.domain.lifecycle import AT_WORK, Status


def late_from(status: Status, promised_on: date, status_since: datetime) -> date | None:
    """Return the first day on which a request is late if no step follows; None if it never is.

    It is late after the promised day while an office has it. While it waits for its consumer the promise is
    suspended: it is late only if it already was when the consumer was asked. A resolved or ended request is not
    late.
    """
    is_overdue_answer = status is Status.INFO_REQUESTED and promised_on < status_since.astimezone(IST).date()
    if status in AT_WORK or is_overdue_answer:
        return promised_on + timedelta(days=1)
    return None


def is_late(status: Status, promised_on: date, status_since: datetime, today: date) -> bool:
    """Return whether a request is late today."""
    begins = late_from(status, promised_on, status_since)
    return begins is not None and today >= begins
