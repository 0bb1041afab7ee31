"""How long a consumer's data has to be kept, and what stands in the way of erasing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Source: Digital Personal Data Protection Rules, 2025, rule 8(3): personal data, the data of its traffic and the logs
# of its processing are kept for at least one year. A leap year, so that it is never a day too few.
RETENTION = timedelta(days=366)

# What a form asks of a person beside codes, numbers and readings; emptied with the consumer.
PERSONAL_ANSWERS = frozenset({"new_name", "new_address", "pincode", "remarks"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What a consumer has going: open complaints, and when something was last done with the data for them."""

    open_complaints: Sequence[str]
    last_processed_at: datetime


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why the data cannot be erased yet: complaints that are open, or the moment until which it has to be kept."""

    open_complaints: Sequence[str]
    until: datetime


def hindrance(standing: Standing, at: datetime) -> Hindrance | None:
    """What stands in the way of erasing now; None when nothing does."""
    until = standing.last_processed_at + RETENTION
    if standing.open_complaints or until > at:
        return Hindrance(standing.open_complaints, until)
    return None
