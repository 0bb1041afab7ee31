"""Lookup of a complaint by its number and four digits of its mobile; website and help-desk share one limit."""

from dataclasses import dataclass
from hmac import compare_digest

from wss.domain.identifiers import normalise_digits
from wss.domain.rate_limits import Limit
from wss.queries.tracking import TrackedRequest, tracked
from wss.services.shared import rate_limits
from wss.services.shared.login_failures import FailureKind, note_failure

LAST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class StatusLookup:
    """The result, empty for a wrong number and for wrong digits alike; the seconds to wait when tried too often,
    and whether that holds for all networks; or that a captcha has to be solved first."""

    found: TrackedRequest | None = None
    retry_after: int = 0
    is_everywhere: bool = False
    wants_captcha: bool = False


def look_up_status(complaint_no: str, last_digits: str, by: str) -> StatusLookup:
    """Look up a complaint for a network address or an employee; attempts are counted first, right ones given back."""
    counts = counts_of(complaint_no, by)
    for limit, key in counts:
        limit_result = rate_limits.consume(limit, key)
        if not limit_result.allowed:
            return StatusLookup(retry_after=limit_result.retry_after, is_everywhere=limit is Limit.TRACK_ALL)
    there = tracked(complaint_no)
    # Without a request or a mobile the comparison runs as well, so that the time reveals nothing.
    mobile = (there[1] if there else "") or "-" * LAST_DIGITS
    is_right = compare_digest(mobile[-LAST_DIGITS:].encode(), normalise_digits(last_digits).encode())
    if there is None or not is_right:
        note_failure(FailureKind.COMPLAINT_NUMBER)
        return StatusLookup()
    for limit, key in counts:
        rate_limits.give_back(limit, key)
    return StatusLookup(there[0])


def counts_of(complaint_no: str, by: str) -> tuple[tuple[Limit, str], ...]:
    """Return the counts of an attempt, whether or not there is such a complaint: its number as seen from here, all
    attempts from here, and its number over all networks."""
    return (
        (Limit.TRACK_NUMBER, f"{complaint_no} {by}"),
        (Limit.TRACK_ADDRESS, by),
        (Limit.TRACK_ALL, complaint_no),
    )
