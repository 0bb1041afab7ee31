"""What was decided about a request, and what silence does to it, for whoever is asked whether it is settled."""

from datetime import date, datetime, timedelta

from wss.clock import local_date
from wss.domain.lifecycle import CONFIRM_DAYS
from wss.queries.silences import silence_closes as silence_closes
from wss.services.steps.outcomes import outcome_of as outcome_of


def answer_until(resolved_at: datetime) -> date:
    """The day until which the answer to a resolution is waited for."""
    return local_date(resolved_at + timedelta(days=CONFIRM_DAYS))
