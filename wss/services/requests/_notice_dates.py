"""The dates in the notices of a request: until when to answer, when silence closes it, when reopening ends."""

from datetime import date, datetime, timedelta

from wss.clock import local_date
from wss.domain.lifecycle import (
    ANSWER_DAYS,
    CONFIRM_DAYS,
    REOPEN_WITHIN,
    REOPENINGS_AT_MOST,
    Closing,
    Status,
)
from wss.queries.reference import reference

# Closed; closed after the last reopening; closed and continued as a new request.
CLOSED, CLOSED_FINAL, CLOSED_DISPUTED = "closed", "closed_final", "closed_disputed"


def answer_values(status: Status, since: datetime, office_code: str) -> dict[str, str]:
    """Return the values about the consumer's answer to a request that has been in this status since a moment.

    `closes_on` is empty where silence does not close the request; where the site's setting decides, the outbox
    derives it from `closes_by_default`.
    """
    days = CONFIRM_DAYS if status is Status.RESOLVED else ANSWER_DAYS
    until = _day(local_date(since + timedelta(days=days)))
    if status is not Status.RESOLVED:
        return {"answer_by": until}
    closes = reference().silence_of_discom(office_code)
    return {
        "answer_by": until,
        "closes_on": until if closes else "",
        "closes_by_default": until if closes is None else "",
    }


def closing_notice(closing: str | None, reopened_times: int, since: datetime) -> tuple[str, dict[str, str]]:
    """Return the name of the notice of a closed request, and its values."""
    if closing == Closing.DISPUTED:
        return CLOSED_DISPUTED, {}
    within = REOPEN_WITHIN.get(Closing(closing)) if closing else None
    if within is None or reopened_times >= REOPENINGS_AT_MOST:
        return CLOSED_FINAL, {}
    return CLOSED, {"reopen_by": _day(local_date(since + within))}


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"
