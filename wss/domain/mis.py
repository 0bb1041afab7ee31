"""The figures of the MIS: pending requests and their age, events per day, and the effect of a step on the sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from wss.domain.calendar import IST
from wss.domain.lateness import late_from
from wss.domain.lifecycle import OPEN, Action, Status
from wss.domain.suggestion.verdicts import SuggestionOutcome

ALL = "*"
REGISTER = "register"

# Figures of the present state. The day is the one on which a request was registered; of DUE, the last on which it is
# in time.
PENDING = "pending:"
DUE = "due"
ESCALATED = "escalated"
ONCE_REOPENED = "once_reopened"
PENDING_MEASURES = (*(PENDING + status for status in sorted(OPEN)), DUE, ESCALATED, ONCE_REOPENED)

# Figures of events; the day is the one of the event.
REGISTERED = "registered"
RESOLVED = "resolved"
IN_TIME = "resolved_in_time"
REFUSED = "refused"
REOPENED = "reopened"
CONFIRMED = "closed_confirmed"
UNCONFIRMED = "closed_unconfirmed"
DISPUTED = "closed_disputed"
WITHDRAWN = "withdrawn"
ASKED = "asked"
# Working days by which promised days were postponed; the day is the one on which the question ended.
STOPPED_DAYS = "stopped_days"
# Steps of the office on a disputed bill for which a suggestion was sure, and what became of the suggestion.
SUGGESTED = "suggested"
SUGGESTION_TAKEN = "suggestion_taken"
SUGGESTION_CHANGED = "suggestion_changed"
SUGGESTION_SENT_BACK = "suggestion_sent_back"
SUGGESTION_REFUSED = "suggestion_refused"
OF_SUGGESTIONS = (
    SUGGESTED,
    SUGGESTION_TAKEN,
    SUGGESTION_CHANGED,
    SUGGESTION_SENT_BACK,
    SUGGESTION_REFUSED,
)
FLOW = (
    REGISTERED,
    RESOLVED,
    IN_TIME,
    REFUSED,
    REOPENED,
    CONFIRMED,
    UNCONFIRMED,
    DISPUTED,
    WITHDRAWN,
    ASKED,
    STOPPED_DAYS,
    *OF_SUGGESTIONS,
)
# The measures of a step and of what it made of a suggestion. A proposal that is sent back or refused counts against the
# suggestion only if it was proposed as it was.
SUGGESTION_STEPS: dict[tuple[Action, SuggestionOutcome], tuple[str, ...]] = {
    (Action.ASK, SuggestionOutcome.OTHER): (SUGGESTED,),
    (Action.PROPOSE, SuggestionOutcome.OTHER): (SUGGESTED,),
    (Action.PROPOSE, SuggestionOutcome.TAKEN): (SUGGESTED, SUGGESTION_TAKEN),
    (Action.PROPOSE, SuggestionOutcome.CHANGED): (SUGGESTED, SUGGESTION_CHANGED),
    (Action.SEND_BACK, SuggestionOutcome.TAKEN): (SUGGESTION_SENT_BACK,),
    (Action.REFUSE, SuggestionOutcome.TAKEN): (SUGGESTION_REFUSED,),
}
AGAINST_PROPOSAL = (Action.SEND_BACK, Action.REFUSE)
# The effect of each event on the number of pending requests: past numbers are computed from the present one.
OPENS_OR_ENDS = {REGISTERED: 1, REOPENED: 1, CONFIRMED: -1, UNCONFIRMED: -1, DISPUTED: -1, WITHDRAWN: -1}
FLOW_OF = {
    REGISTER: REGISTERED,
    Action.APPROVE: RESOLVED,
    Action.REFUSE: REFUSED,
    Action.REOPEN: REOPENED,
    Action.CONFIRM: CONFIRMED,
    Action.CONFIRM_LAPSED: UNCONFIRMED,
    Action.WITHDRAW: WITHDRAWN,
    Action.CANCEL: WITHDRAWN,
    Action.ASK: ASKED,
}
# Lines of a timeline that can end a question; those that did record for how many days it stopped the clock.
ENDS_QUESTION = (
    Action.ANSWER,
    Action.WITHDRAW_QUESTION,
    Action.ANSWER_LAPSED,
    Action.WITHDRAW,
    Action.CANCEL,
)

# The first and last day of each age band; the last band is open.
AGE_BANDS = ((0, 7), (8, 15), (16, 30), (31, None))
AGE = "age_"
MONTHS = 13

# The figures that are shown for an office.
PRESENT_FIGURES = (
    "pending",
    *(f"{AGE}{place}" for place in range(len(AGE_BANDS))),
    "late",
    ESCALATED,
    ONCE_REOPENED,
    "waiting",
)
# The figures that have a list with the same number of requests.
FIGURES = (*PRESENT_FIGURES, *(measure for measure in FLOW if measure != STOPPED_DAYS))


class MisRequestState(Protocol):
    """The fields of a request that the MIS uses."""

    @property
    def status(self) -> str:
        """Return the status."""

    @property
    def registered_at(self) -> datetime:
        """Return the moment of registration."""

    @property
    def promised_on(self) -> date:
        """Return the day by which it is to be settled."""

    @property
    def status_since(self) -> datetime:
        """Return the moment since which the request has its status."""

    @property
    def escalation_level(self) -> int:
        """Return how often it was escalated because no officer acted."""

    @property
    def reopened_times(self) -> int:
        """Return how often its consumer reopened it."""


@dataclass(frozen=True, slots=True)
class CountedRequest:
    """A request as the MIS counts it."""

    status: str
    registered_at: datetime
    promised_on: date
    status_since: datetime
    escalation_level: int = 0
    reopened_times: int = 0


@dataclass(frozen=True, slots=True)
class SumChange:
    """A change of the sums: the measure, the day and the amount."""

    measure: str
    day: date
    n: int


def local_day(moment: datetime) -> date:
    """Return the day in Uttar Pradesh."""
    return moment.astimezone(IST).date()


def is_in_time(promised_on: date, at: datetime) -> bool:
    """Return whether a request that is resolved now is resolved by the promised day."""
    return local_day(at) <= promised_on


def pending_measures(of: MisRequestState | None) -> frozenset[tuple[str, date]]:
    """Return the measures and days under which a request is counted in its present state; none if it has ended."""
    if of is None or of.status not in OPEN:
        return frozenset()
    registered_on = local_day(of.registered_at)
    counted = {(PENDING + of.status, registered_on)}
    begins = late_from(Status(of.status), of.promised_on, of.status_since)
    if begins is not None:
        counted.add((DUE, begins - timedelta(days=1)))
    if of.escalation_level:
        counted.add((ESCALATED, registered_on))
    if of.reopened_times:
        counted.add((ONCE_REOPENED, registered_on))
    return frozenset(counted)


def measures_of(
    action: str,
    status: str,
    at: datetime,
    in_time: bool | None = None,
    stopped: int | None = None,
    suggestion: str | None = None,
) -> list[SumChange]:
    """Return the measures of a line of the timeline.

    They follow from its action, the status after it, whether it was in time, for how many days the question that
    it ended had stopped the clock, and what it made of a suggestion.
    """
    measure, day = FLOW_OF.get(action), local_day(at)
    counted = [SumChange(measure, day, 1)] if measure else []
    if measure == RESOLVED and in_time:
        counted.append(SumChange(IN_TIME, day, 1))
    if measure == REFUSED and status == Status.CLOSED:
        counted.append(SumChange(DISPUTED, day, 1))
    if stopped:
        counted.append(SumChange(STOPPED_DAYS, day, stopped))
    if suggestion:
        step = (Action(action), SuggestionOutcome(suggestion))
        counted += [SumChange(one, day, 1) for one in SUGGESTION_STEPS.get(step, ())]
    return counted


def sum_changes(
    before: MisRequestState | None,
    after: MisRequestState,
    action: str,
    at: datetime,
    stopped: int | None = None,
    suggestion: str | None = None,
) -> list[SumChange]:
    """Return how a step changes the sums of the office in which the request counts before and after it."""
    was, is_now = pending_measures(before), pending_measures(after)
    in_time = before is not None and is_in_time(before.promised_on, at)
    changes = [SumChange(*place, -1) for place in was - is_now]
    changes += [SumChange(*place, 1) for place in is_now - was]
    return changes + measures_of(action, after.status, at, in_time, stopped, suggestion)


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
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


@dataclass(frozen=True, slots=True)
class SumShare:
    """A share of a sum. `band` is the age band; of DUE 1 if late; of events the month."""

    measure: str
    band: int
    in_period: bool
    n: int


@dataclass(slots=True)
class OfficeFigures:
    """The figures of one office or kind."""

    ages: list[int] = field(default_factory=lambda: [0] * len(AGE_BANDS))
    waiting: int = 0
    late: int = 0
    escalated: int = 0
    once_reopened: int = 0
    flow: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FLOW, 0))

    @property
    def pending(self) -> int:
        """Return the number of open requests."""
        return sum(self.ages)

    @property
    def is_empty(self) -> bool:
        """Return whether all figures are zero."""
        return self == OfficeFigures()

    def of(self, name: str) -> int:
        """Return the figure with this name."""
        if name.startswith(AGE):
            return self.ages[int(name.removeprefix(AGE))]
        return self.flow[name] if name in self.flow else int(getattr(self, name))

    def add(self, part: SumShare) -> None:
        """Add a share of a sum."""
        if part.measure.startswith(PENDING):
            self.ages[part.band] += part.n
            self.waiting += part.n if part.measure == PENDING + Status.INFO_REQUESTED else 0
        elif part.measure == DUE:
            self.late += part.n if part.band else 0
        elif part.measure == ESCALATED:
            self.escalated += part.n
        elif part.measure == ONCE_REOPENED:
            self.once_reopened += part.n
        elif part.in_period:
            self.flow[part.measure] += part.n

    def less(self, others: Sequence[OfficeFigures]) -> OfficeFigures:
        """Return the figures less those of the others: what is counted in the office itself."""
        rest = OfficeFigures(
            [own - sum(one.ages[band] for one in others) for band, own in enumerate(self.ages)],
            self.waiting - sum(one.waiting for one in others),
            self.late - sum(one.late for one in others),
            self.escalated - sum(one.escalated for one in others),
            self.once_reopened - sum(one.once_reopened for one in others),
        )
        rest.flow = {name: n - sum(one.flow[name] for one in others) for name, n in self.flow.items()}
        return rest


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
