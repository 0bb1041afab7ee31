"""The values that a notice queued by an earlier version of the site lacks."""

from datetime import datetime, timedelta

from wss.clock import local_date
from wss.domain.lifecycle import CONFIRM_DAYS


def older_values(queued_at: datetime) -> dict[str, str]:
    """Return values for texts that name more than they did when a notice was queued; no day is later than the real
    one."""
    until = f"{local_date(queued_at + timedelta(days=CONFIRM_DAYS)):%d-%m-%Y}"
    return {"answer_by": until, "reopen_by": until, "closes_on": "", "note": "", "new_no": ""}
