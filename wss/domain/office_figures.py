"""The figures of one office, added up from shares of sums, with those of the month before; the trend of its months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

from wss.domain.lifecycle import Status
from wss.domain.mis import (
    AGE,
    AGE_BANDS,
    DUE,
    ESCALATED,
    FLOW,
    IN_TIME,
    KEPT,
    ONCE_REOPENED,
    OPENS_OR_ENDS,
    PENDING,
    RESOLVED,
)

MONTHS = 13
# Names of figures that are no counts of requests.
PENDING_BEFORE, IN_DISPUTE, CORRECTED = "pending_before", "in_dispute", "corrected"
LATE_SHARE, IN_TIME_SHARE, KEPT_SHARE = "late_share", "in_time_share", "kept_share"
# Each share: its part and its whole.
SHARES = {
    LATE_SHARE: ("late", "pending"),
    IN_TIME_SHARE: (IN_TIME, RESOLVED),
    KEPT_SHARE: (KEPT, RESOLVED),
}


def age_band(registered_on: date, today: date) -> int:
    """Return the age band of a pending request."""
    age = (today - registered_on).days
    return next(place for place, (_, oldest) in enumerate(AGE_BANDS) if oldest is None or age <= oldest)


def month_number(day: date) -> int:
    """Return a running number of the month, so that the month before is one less."""
    return day.year * 12 + day.month - 1


def months_until(today: date) -> list[date]:
    """Return the first days of the months of the trend, the present one last."""
    last = month_number(today)
    return [_month(number) for number in range(last - MONTHS + 1, last + 1)]


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def last_day_of_month(day: date) -> date:
    """Return the last day of the month of a day."""
    return _month(month_number(day) + 1) - timedelta(days=1)


def month_before(first: date, last: date) -> tuple[date, date]:
    """Return the same days of the month before; the whole month for a period that ends with its month."""
    to = last_day_of_month(_month(month_number(last) - 1))
    if last != last_day_of_month(last):
        to = to.replace(day=min(last.day, to.day))
    of_first = last_day_of_month(_month(month_number(first) - 1))
    return of_first.replace(day=min(first.day, of_first.day)), to


@dataclass(frozen=True, slots=True)
class SumShare:
    """A share of a sum. `band` is the age band; of DUE 1 if late; of events the month.

    `in_before`: in the period with which the period is compared; `is_later`: after it.
    """

    measure: str
    band: int
    in_period: bool
    n: int
    paise: int = 0
    in_before: bool = False
    is_later: bool = False


@dataclass(slots=True)
class OfficeFigures:
    """The figures of one office or kind. Those of `before` are of the period with which it is compared."""

    ages: list[int] = field(default_factory=lambda: [0] * len(AGE_BANDS))
    waiting: int = 0
    late: int = 0
    escalated: int = 0
    once_reopened: int = 0
    in_dispute: int = 0
    corrected: int = 0
    flow: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FLOW, 0))
    # By how much the events since the end of the period of before have changed the number of open requests.
    opened_since: int = 0
    corrected_before: int = 0
    before: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FLOW, 0))

    @property
    def pending(self) -> int:
        """Return the number of open requests."""
        return sum(self.ages)

    @property
    def is_empty(self) -> bool:
        """Return whether all figures of now and of the period are zero."""
        return not (any(self.ages) or any(self.flow.values()) or self.corrected or self.late)

    def of(self, name: str) -> int:
        """Return the figure with this name."""
        if name.startswith(AGE):
            return self.ages[int(name.removeprefix(AGE))]
        return self.flow[name] if name in self.flow else int(getattr(self, name))

    def of_before(self, name: str) -> int | None:
        """Return the same figure of the period before; None if it is of the present and no earlier one is kept."""
        if name == "pending":
            return self.pending - self.opened_since
        return self.corrected_before if name == CORRECTED else self.before.get(name)

    def share(self, name: str, *, is_before: bool = False) -> float | None:
        """Return a share between 0 and 1; None without a whole, or if no earlier one is kept."""
        part, whole = (self.of_before(one) if is_before else self.of(one) for one in SHARES[name])
        return part / whole if part is not None and whole else None

    def add(self, part: SumShare) -> None:
        """Add a share of a sum."""
        if part.measure.startswith(PENDING):
            self.ages[part.band] += part.n
            self.in_dispute += part.paise
            self.waiting += part.n if part.measure == PENDING + Status.INFO_REQUESTED else 0
        elif part.measure == DUE:
            self.late += part.n if part.band else 0
        elif part.measure == ESCALATED:
            self.escalated += part.n
        elif part.measure == ONCE_REOPENED:
            self.once_reopened += part.n
        else:
            self._add_event(part)

    def _add_event(self, part: SumShare) -> None:
        if part.in_period:
            self.flow[part.measure] += part.n
            self.corrected += part.paise
        if part.in_before:
            self.before[part.measure] += part.n
            self.corrected_before += part.paise
        if part.is_later:
            self.opened_since += part.n * OPENS_OR_ENDS.get(part.measure, 0)

    def less(self, others: Sequence[OfficeFigures]) -> OfficeFigures:
        """Return the figures less those of the others: what is counted in the office itself."""
        rest = OfficeFigures()
        for each in fields(self):
            own, theirs = getattr(self, each.name), [getattr(one, each.name) for one in others]
            setattr(rest, each.name, _difference(own, theirs))
        return rest


def _difference(own: object, others: Sequence[object]) -> object:
    """Return a field of figures less the same field of others: a number, or numbers in a list or by name."""
    if isinstance(own, dict):
        return {name: n - sum(one[name] for one in others) for name, n in own.items()}  # type: ignore[index]
    if isinstance(own, list):
        return [n - sum(one[place] for one in others) for place, n in enumerate(own)]  # type: ignore[index]
    return own - sum(others)  # type: ignore[operator, arg-type]


def counted_in_months(measure: str, parts: Sequence[SumShare], today: date) -> list[int]:
    """Return the number of events in each month of the trend, newest last."""
    counted: dict[int, int] = {}
    for part in parts:
        if part.measure == measure:
            counted[part.band] = counted.get(part.band, 0) + part.n
    return [counted.get(month_number(month), 0) for month in months_until(today)]


def pending_at_month_ends(pending: int, parts: Sequence[SumShare], today: date) -> Iterator[tuple[date, int]]:
    """Yield how many requests were pending at the end of each month, newest last; of the present month, now."""
    change: dict[int, int] = {}
    for part in parts:
        if part.measure in OPENS_OR_ENDS:
            change[part.band] = change.get(part.band, 0) + part.n * OPENS_OR_ENDS[part.measure]
    for month in months_until(today):
        later = sum(n for number, n in change.items() if number > month_number(month))
        yield month, pending - later
