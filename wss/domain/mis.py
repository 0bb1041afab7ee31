"""What the MIS counts: pending requests by day, events by day, and the effect of a step on the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from wss.domain.calendar import IST
from wss.domain.lateness import late_from
from wss.domain.lifecycle import BEFORE_RESOLVED, OPEN, Action, Status
from wss.domain.resolution_times import took
from wss.domain.suggestion.verdicts import SuggestionOutcome

ALL = "*"
REGISTER = "register"

# Figures of the present state. The day is the one on which a request was registered; of DUE, the last on which it is
# in time.
PENDING = "pending:"
DUE = "due"
ESCALATED = "escalated"
IN_DISPUTE = frozenset(PENDING + status for status in BEFORE_RESOLVED)
ONCE_REOPENED = "once_reopened"
PENDING_MEASURES = (*(PENDING + status for status in sorted(OPEN)), DUE, ESCALATED, ONCE_REOPENED)

# Figures of events; the day is the one of the event.
REGISTERED = "registered"
RESOLVED = "resolved"
IN_TIME = "resolved_in_time"
# In time, and neither refused nor reopened since; the day is the one of the resolution.
KEPT = "in_time_kept"
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
    KEPT,
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
# How many requests were registered with a reason; the kind of such a sum is the reason.
REASON = "reason"
# The actions of consumers after which a resolution does not count as kept.
UNDOES = (Action.REFUSE, Action.REOPEN)
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
    """A change of the sums: the measure, the day, how many, and the money. The kind is that of the request if empty.

    Money of pending requests is what is in dispute, of resolved ones by how much the bills were corrected.
    """

    measure: str
    day: date
    n: int
    paise: int = 0
    kind: str = ""


def local_day(moment: datetime) -> date:
    """Return the day in Uttar Pradesh."""
    return moment.astimezone(IST).date()


def is_in_time(promised_on: date, at: datetime) -> bool:
    """Return whether a request that is resolved now is resolved by the set date."""
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


@dataclass(frozen=True, slots=True)
class CountedStep:
    """What is counted of a line of the timeline: its action, the status after it, when it happened.

    `in_time` is of a resolution; `stopped`: for how many days the question that ended here had stopped the clock;
    `suggestion`: what it made of one. `kept_on` is the day of the resolution in time that it undoes.
    """

    action: str
    status: str
    at: datetime
    in_time: bool | None = None
    stopped: int | None = None
    suggestion: str | None = None
    kept_on: date | None = None
    corrected_paise: int = 0


def measures_of(step: CountedStep, registered_at: datetime) -> list[SumChange]:
    """Return the measures of a line of the timeline of a request that was registered at this moment."""
    measure, day = FLOW_OF.get(step.action), local_day(step.at)
    counted = [SumChange(measure, day, 1, step.corrected_paise)] if measure else []
    if measure == RESOLVED:
        counted.append(SumChange(*took(local_day(registered_at), day), 1))
    if measure == RESOLVED and step.in_time:
        counted += [SumChange(IN_TIME, day, 1), SumChange(KEPT, day, 1)]
    if step.action in UNDOES and step.kept_on:
        counted.append(SumChange(KEPT, step.kept_on, -1))
    if measure == REFUSED and step.status == Status.CLOSED:
        counted.append(SumChange(DISPUTED, day, 1))
    if step.stopped:
        counted.append(SumChange(STOPPED_DAYS, day, step.stopped))
    if step.suggestion:
        done = (Action(step.action), SuggestionOutcome(step.suggestion))
        counted += [SumChange(one, day, 1) for one in SUGGESTION_STEPS.get(done, ())]
    return counted


def past_measures(steps: Sequence[CountedStep], registered_at: datetime) -> list[SumChange]:
    """Return the measures of a timeline, oldest line first."""
    counted, kept_on = [], None
    for step in steps:
        counted += measures_of(replace(step, kept_on=kept_on), registered_at)
        if step.action == Action.APPROVE:
            kept_on = local_day(step.at) if step.in_time else None
    return counted


def sum_changes(
    before: MisRequestState | None, after: MisRequestState, step: CountedStep, paise: int = 0
) -> list[SumChange]:
    """Return how a step changes the sums of the office in which the request counts before and after it.

    `paise` is the amount that the request disputes.
    """
    was, is_now = pending_measures(before), pending_measures(after)
    changes = [pending_change(place, -1, paise) for place in was - is_now]
    changes += [pending_change(place, 1, paise) for place in is_now - was]
    return changes + measures_of(step, after.registered_at)


def pending_change(place: tuple[str, date], sign: int, paise: int) -> SumChange:
    """Return the change of a present figure by one request that disputes this amount."""
    return SumChange(*place, sign, sign * paise if place[0] in IN_DISPUTE else 0)


def amount_change(of: MisRequestState, paise: int) -> list[SumChange]:
    """Return the change of the sums when what a request disputes changes by this amount."""
    counted = [place for place in pending_measures(of) if place[0] in IN_DISPUTE]
    return [SumChange(*place, 0, paise) for place in counted if paise]


def reason_changes(reason: str | None, registered_at: datetime, sign: int = 1) -> list[SumChange]:
    """Return the change of the sums of a reason by a request that names it."""
    return [SumChange(REASON, local_day(registered_at), sign, kind=reason)] if reason else []
