"""What a discom owes for a late decision: the days after the limit, times the rate that it has configured.

The limit follows the promised day: it counts working days, and moves by the working days for which a question to the
consumer stopped the clock (wss/services/requests/_holder.py). A reopened request gets a new promise; the days of
the decision before it still count.

Background: UPERC standards of performance, 2019; amounts and limits are known from a draft only. Rate, limit and what
is counted are therefore rows of configuration with their source, and off until a discom switches them on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wss.domain.calendar import IST, Calendar
from wss.domain.lifecycle import AT_WORK, Status

ALL_KINDS = "*"


class CountedDays(StrEnum):
    """Which days after the limit count."""

    CALENDAR = "calendar"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class CompensationRate:
    """The rate of an office and those below it, for a kind of request or for all (`*`).

    `grace_days`: working days from the promised day to the limit. `is_confirmed`: False while it is a placeholder.
    """

    office_code: str
    kind: str
    rate_paise: int
    max_amount_paise: int | None
    grace_days: int
    counted: str
    source: str
    source_hi: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class PromisedPeriod:
    """A promise, and the last day on which the office could still be late with it: the decision, or today."""

    promised_on: date
    until: date


@dataclass(frozen=True, slots=True)
class OwedSum:
    """The days after the limit, and the sum for them."""

    days: int
    paise: int


def rate_for(
    rates: Iterable[CompensationRate], kind: str, office_path: Sequence[str]
) -> CompensationRate | None:
    """Return the rate for a kind in an office; the nearest office decides, and there the kind before `*`.

    `office_path`: the codes from the discom down to the office.
    """
    known = {(rate.office_code, rate.kind): rate for rate in rates}
    wanted = ((code, which) for code in reversed(office_path) for which in (kind, ALL_KINDS))
    return next((known[key] for key in wanted if key in known), None)


def open_period(
    status: Status, promised_on: date, status_since: datetime, today: date
) -> PromisedPeriod | None:
    """Return the present promise of a request that is not decided; None for others.

    While the consumer is asked, the days since the question do not count.
    """
    if status in AT_WORK:
        return PromisedPeriod(promised_on, today)
    if status is Status.INFO_REQUESTED:
        return PromisedPeriod(promised_on, status_since.astimezone(IST).date())
    return None


def owed_sum(rate: CompensationRate, periods: Iterable[PromisedPeriod], calendar: Calendar) -> OwedSum:
    """Return what is owed for all promises of a request, at most the largest sum of the rate."""
    days = sum(_days_after_limit(rate, period, calendar) for period in periods)
    paise = days * rate.rate_paise
    return OwedSum(days, paise if rate.max_amount_paise is None else min(paise, rate.max_amount_paise))


def _days_after_limit(rate: CompensationRate, period: PromisedPeriod, calendar: Calendar) -> int:
    limit = calendar.working_day(period.promised_on, rate.grace_days)
    if period.until <= limit:
        return 0
    if rate.counted == CountedDays.WORKING:
        return calendar.working_days_between(limit, period.until)
    return (period.until - limit).days
