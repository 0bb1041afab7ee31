"""The words for the codes of requests: statuses, actions, decisions, ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from wss.domain.catalogue import RequestKind
from wss.domain.lifecycle import (
    CALLED,
    FREEZE,
    NEXT_TO_ACT,
    UNFREEZE,
    Action,
    Closing,
    NextToAct,
    Resolution,
    Status,
)
from wss.queries.reference import OfficeEntry
from wss.web.labels.bills import basis_meaning, basis_name, category_name, network_name
from wss.web.labels.kinds import REQUEST_EVENTS, REQUEST_STATUS, by_kind
from wss.web.labels.staff import post_name
from wss.web.language import page_language


@dataclass(frozen=True, slots=True)
class StatusLabel:
    """The words for a status.

    `consumer`: as consumers read it. `office`: as officers and the helpdesk read it; empty if it is the same.
    `spoken`: the sentence that the help-desk reads out, with the office and the post that hold the request.
    `next_step`: what happens next; empty once the request has ended.
    """

    consumer: LazyString
    spoken: LazyString
    next_step: LazyString | str = ""
    office: LazyString | str = ""


STATUS: dict[Status, StatusLabel] = {
    Status.REGISTERED: StatusLabel(
        consumer=_l("Registered"),
        office=_l("Request registered"),
        spoken=_l("It is registered. The office %(office)s will look at it."),
        next_step=_l("The office will look at it"),
    ),
    Status.IN_REVIEW: StatusLabel(
        consumer=_l("In review"),
        spoken=_l("The office %(office)s is working on it."),
        next_step=_l("The office will check it and send its decision to a second officer for approval"),
    ),
    Status.INFO_REQUESTED: StatusLabel(
        consumer=_l("Your reply needed"),
        office=_l("Waiting for the consumer"),
        spoken=_l("The office %(office)s has asked you a question and will continue after your reply."),
        next_step=_l("You reply, then the office continues"),
    ),
    Status.PROPOSED: StatusLabel(
        consumer=_l("Decision sent for approval"),
        office=_l("Decision awaiting approval"),
        spoken=_l("A decision has been proposed. %(post)s, %(office)s must approve it."),
        next_step=_l("Not final yet: a second officer must approve it"),
    ),
    Status.RESOLVED: StatusLabel(
        consumer=_l("Resolved"),
        office=_l("Resolved, to be confirmed"),
        spoken=_l("The office %(office)s has decided it. Please tell us whether the problem is solved."),
        next_step=_l("You tell us whether your problem is solved"),
    ),
    Status.REOPENED: StatusLabel(
        consumer=_l("Reopened"),
        office=_l("Request reopened"),
        spoken=_l("It was reopened and is with the office %(office)s."),
        next_step=_l("A senior officer will look at it"),
    ),
    Status.CLOSED: StatusLabel(consumer=_l("Closed"), spoken=_l("It is closed.")),
    Status.WITHDRAWN: StatusLabel(
        consumer=_l("Withdrawn"),
        office=_l("Request withdrawn"),
        spoken=_l("It was withdrawn and is closed."),
    ),
}
# The status "resolved" of decisions that change nothing.
_RESOLVED = {
    Resolution.NOT_NEEDED: _l("No revision needed"),
    Resolution.REFUSED: _l("Refused"),
}
_TONES = {NextToAct.OFFICE: "", NextToAct.CONSUMER: "you", NextToAct.NONE: "end"}
_EVENT_LABELS = {
    "register": _l("Complaint registered"),
    Action.TAKE_UP: _l("The office started work on it"),
    Action.ASSIGN: _l("Assigned to a member of staff"),
    Action.FORWARD: _l("Sent to another office"),
    Action.ASK: _l("The office asked"),
    Action.ANSWER: _l("You answered"),
    Action.WITHDRAW_QUESTION: _l("Your reply is no longer needed: the office continues"),
    Action.PROPOSE: _l("Decision sent for approval"),
    Action.APPROVE: _l("The office has decided"),
    Action.SEND_BACK: _l("Sent back for re-checking"),
    Action.WITHDRAW_PROPOSAL: _l("The proposal was withdrawn"),
    Action.CONFIRM: _l("You answered “Yes”: the complaint is closed"),
    Action.REFUSE: _l("You answered “No”"),
    Action.REOPEN: _l("You reopened the complaint"),
    Action.WITHDRAW: _l("You withdrew the complaint"),
    Action.RATE: _l("You rated the service"),
    Action.ADD_DOCUMENT: _l("You added a document"),
    Action.ESCALATE: _l("Passed to a senior officer: no decision within the set working hours"),
    Action.SAMPLE: _l("Chosen at random for a check by a senior officer"),
    Action.REMIND: _l("You were reminded to confirm"),
    Action.REMIND_ANSWER: _l("You were reminded to answer"),
    Action.ANSWER_LAPSED: _l("No answer received: the office is continuing without it"),
    Action.CONFIRM_LAPSED: _l("Closed without your confirmation"),
    Action.CANCEL: _l("Closed: you did not ask for it"),
    FREEZE: _l("On hold until we know who registered it"),
    UNFREEZE: _l("Resumed"),
    CALLED: _l("You called 1912 and asked for progress"),
}
_RESOLUTION = {
    Resolution.REVISED: _l("The bill has been revised"),
    Resolution.NOT_NEEDED: _l("No revision is needed"),
    Resolution.REFUSED: _l("The request has been refused"),
}
_CLOSING = {
    Closing.CONFIRMED: _l("Closed: you answered “Yes”"),
    Closing.UNCONFIRMED: _l("Closed without your confirmation"),
    Closing.DISPUTED: _l("Closed: you answered “No” three times"),
}
# A decision that a second officer has not approved yet.
_PROPOSAL = {
    Resolution.REVISED: _l("Revise the bill"),
    Resolution.NOT_NEEDED: _l("No revision is needed"),
    Resolution.REFUSED: _l("Refuse the request"),
}
_RATING = {
    5: _l("5: very good"),
    4: _l("4: good"),
    3: _l("3: average"),
    2: _l("2: bad"),
    1: _l("1: very bad"),
}
_REVEAL = {
    "call_consumer": _l("To call about the matter"),
    "arrange_visit": _l("To arrange a meter visit"),
    "check_caller": _l("To check who is calling"),
}


class BilingualLabel(Protocol):
    """A thing with a name in both languages."""

    @property
    def name(self) -> str:
        """The English name."""
        ...

    @property
    def name_hi(self) -> str:
        """The Hindi name."""
        ...


def localized_name(label: BilingualLabel) -> str:
    """Return the name in the reader's language."""
    return label.name_hi if page_language() == "hi" else label.name


def office_name(office: OfficeEntry | None) -> str:
    """Return an office's name in the reader's language."""
    return localized_name(office) if office else ""


def status_name(
    status: str, resolution: str | None = None, kind: RequestKind | None = None
) -> LazyString | str:
    """Return a status as consumers read it; with the resolution, a refusal does not read as solved."""
    of_request = by_kind(kind, {}, REQUEST_STATUS)
    if status == Status.RESOLVED and resolution in _RESOLVED:
        return of_request.get(resolution) or _RESOLVED[Resolution(resolution)]
    return of_request.get(status) or STATUS[Status(status)].consumer


def office_status(status: str) -> LazyString | str:
    """Return a status as officers and the helpdesk read it."""
    label = STATUS[Status(status)]
    return label.office or label.consumer


def status_tone(status: str) -> str:
    """Return the CSS class of a status: `you` if the consumer has to act, `end` once it has ended, else none."""
    return _TONES[NEXT_TO_ACT[Status(status)]]


def next_step_label(
    status: str, *, frozen: bool = False, resolution: str | None = None, kind: RequestKind | None = None
) -> LazyString | str:
    """Return what happens next to a request; empty once it has ended. After a refusal, whether they agree."""
    if frozen:
        return _l("The helpdesk is finding out who registered it")
    if status == Status.RESOLVED and resolution in _RESOLVED:
        return _l("You tell us whether you agree with the decision")
    if status == Status.RESOLVED and kind is not None and kind.is_request:
        return _l("You tell us whether everything is right")
    return STATUS[Status(status)].next_step


def event_label(action: str, kind: RequestKind | None = None) -> LazyString | str:
    """Return the heading of a timeline entry."""
    return by_kind(kind, {}, REQUEST_EVENTS).get(action) or _EVENT_LABELS.get(action, action)


def resolution_name(resolution: str, *, has_bills: object) -> LazyString | str:
    """Return a decision in words; without a disputed bill no bill can be revised, and the request is done as asked."""
    if resolution == Resolution.REVISED and not has_bills:
        return _l("The request has been accepted")
    return _RESOLUTION[Resolution(resolution)]


def own_resolution_name(resolution: str, *, has_bills: object) -> LazyString | str:
    """Return a decision in words to the consumer."""
    if resolution == Resolution.REVISED and not has_bills:
        return _l("We have accepted what you asked for")
    if resolution == Resolution.REFUSED:
        return _l("We have not accepted what you asked for")
    return resolution_name(resolution, has_bills=has_bills)


def own_proposal_name(resolution: str, *, has_bills: object) -> LazyString | str:
    """Return a decision in words to the consumer as long as it is only proposed."""
    if resolution == Resolution.REFUSED:
        return _l("Do not accept what you asked for")
    if resolution == Resolution.REVISED:
        return _l("Revise your bill") if has_bills else _l("Accept what you asked for")
    return proposal_name(resolution, has_bills=has_bills)


def proposal_name(resolution: str, *, has_bills: object) -> LazyString | str:
    """Return a decision in words as long as it is only proposed."""
    if resolution == Resolution.REVISED and not has_bills:
        return _l("Accept the request")
    return _PROPOSAL[Resolution(resolution)]


def closing_name(closing: str) -> LazyString | str:
    """Return how a request was closed."""
    return _CLOSING[Closing(closing)]


def rating_name(rating: int) -> LazyString | str:
    """Return a rating in words."""
    return _RATING.get(rating, "")


def reveal_reason(code: str) -> LazyString | str:
    """Return the reason for which a whole mobile number was shown."""
    return _REVEAL.get(code, code)


REQUEST_LABELS = {
    word.__name__: word
    for word in (
        by_kind,
        localized_name,
        office_name,
        status_name,
        status_tone,
        next_step_label,
        event_label,
        resolution_name,
        own_resolution_name,
        own_proposal_name,
        proposal_name,
        closing_name,
        post_name,
        rating_name,
        basis_name,
        basis_meaning,
        category_name,
        network_name,
    )
}
