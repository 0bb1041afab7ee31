"""The words for officers: statuses and events as the office reads them, lateness, and why an action is refused."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.lateness import is_late
from wss.domain.lifecycle import AT_WORK, CALLED, UNASSIGNED, Action, Resolution, Status
from wss.domain.reveals import REASONS
from wss.domain.todo_filter import short_name
from wss.web.labels.message_progress import MESSAGE_LABELS
from wss.web.labels.requests import REQUEST_LABELS, event_label, office_status, reveal_reason
from wss.web.officer.last_words import mark_words
from wss.web.officer.list_entries import (
    bill_words,
    document_words,
    list_caption,
    reading_words,
    reason_words,
    times_words,
    verdict_words,
)

# The consumer reads these in the second person and about a complaint, the office in the third and about a request.
_EVENT_LABELS: dict[str, LazyString] = {
    "register": _l("Request registered"),
    Action.ASSIGN: _l("Assigned to an employee"),
    Action.FORWARD: _l("Forwarded to another office"),
    Action.SEND_BACK: _l("Sent back to check again"),
    Action.ESCALATE: _l("Escalated: not decided within the set working hours"),
    Action.SAMPLE: _l("Drawn by chance: the EE checks and decides it"),
    Action.ANSWER: _l("The consumer answered"),
    Action.WITHDRAW_QUESTION: _l("Question withdrawn: the office continues"),
    Action.PROPOSE: _l("A decision was proposed"),
    Action.CONFIRM: _l("The consumer confirmed: settled"),
    Action.REFUSE: _l("The consumer said: not settled"),
    Action.REOPEN: _l("The consumer reopened the request"),
    Action.WITHDRAW: _l("The consumer withdrew the request"),
    Action.RATE: _l("The consumer rated the service"),
    Action.ADD_DOCUMENT: _l("The consumer added a document"),
    Action.REMIND: _l("The consumer was reminded to confirm"),
    Action.REMIND_ANSWER: _l("The consumer was reminded to answer"),
    Action.CONFIRM_LAPSED: _l("Closed without the consumer's confirmation"),
    Action.CANCEL: _l("Closed by the helpdesk: the consumer did not ask for it"),
    CALLED: _l("The consumer called 1912 and asked for progress"),
}
ACTIONS = {
    Action.TAKE_UP: _l("Take up"),
    Action.ASSIGN: _l("Assign"),
    Action.FORWARD: _l("Forward to another office"),
    Action.ASK: _l("Ask the consumer"),
    Action.WITHDRAW_QUESTION: _l("Continue without the answer"),
    Action.PROPOSE: _l("Propose a decision"),
    Action.APPROVE: _l("Approve"),
    Action.SEND_BACK: _l("Send back"),
    Action.WITHDRAW_PROPOSAL: _l("Withdraw the proposal"),
}
DONE = {
    Action.TAKE_UP: _l("You have taken up this request."),
    Action.ASSIGN: _l("The request has been assigned."),
    Action.FORWARD: _l("The request has been forwarded."),
    Action.ASK: _l("Question sent. The time limit is paused until the consumer replies."),
    Action.WITHDRAW_QUESTION: _l("The question has been withdrawn. The time limit is running again."),
    Action.PROPOSE: _l("The proposal was sent. Another officer will decide."),
    Action.APPROVE: _l("Approved. The consumer has been told and will be asked to confirm."),
    Action.SEND_BACK: _l("Sent back for re-checking."),
    Action.WITHDRAW_PROPOSAL: _l("Your proposal has been withdrawn. You can change it and propose it again."),
}
# What an approval does, by the decision that was proposed; a revised bill has its own page and button.
_APPROVE = {
    Resolution.NOT_NEEDED: _l("Approve: no revision is needed"),
    Resolution.REFUSED: _l("Approve the refusal"),
}
_APPROVED = {
    Resolution.NOT_NEEDED: _l(
        "Decided: no revision is needed. The consumer has been told and will be asked to confirm."
    ),
    Resolution.REFUSED: _l(
        "The request has been refused. The consumer has been told and will be asked to confirm."
    ),
}
# The lists of requests, by their name in the address.
WHOSE = {
    "me": _l("Assigned to user"),
    "new": _l("New for your post"),
    "decide": _l("For your decision"),
    "all": _l("All in the office"),
}
# By the code of the reason why an action is refused.
BARRED = {
    "frozen": _l(
        "This request is frozen because the consumer says they did not make it. No action is possible now."
    ),
    "own_connection": _l("This connection has your own mobile or e-mail. A colleague must handle it."),
    "own_proposal": _l("You proposed this decision, so another officer must decide."),
    "not_own_proposal": _l("Another officer made this proposal. Only they can withdraw it."),
    "pooled": _l("Your office allots requests in order. Press “Take the next request” on the To-Do page."),
    "step_not_allowed": _l("This step is no longer possible."),
    "figures_disagree": _l(
        "Readings, units and basis of this proposal do not match. Send it back so that it can be proposed again."
    ),
    "bill_in_complaint": _l(
        "A bill of this proposal is in a complaint that is still open, so it cannot change now. Send the proposal back."
    ),
    "sampled": _l("Drawn by chance for a check: the EE decides it individually."),
    "over_limit": _l("The amount is above your limit. A senior officer must decide."),
}
MISSING = {
    "assignee_required": _l("Choose whom to assign it to"),
    "assignee_unknown": _l("Choose from the list. It cannot be assigned to this employee."),
    "assignee_own_connection": _l("This is the employee's own connection. Choose someone else."),
    "office_required": _l("Enter the code or the name of an office"),
    "office_unknown": _l("No such office in your discom. Choose one from the list."),
    "office_several": _l("Several offices have this name. Choose by code."),
    "office_cannot_handle": _l(
        "This office cannot decide the request or pass it to a senior officer. Choose one from the list."
    ),
    "late_stays": _l(
        "This request is overdue and stays with your office. Settle it, or ask the officer above both offices."
    ),
    "office_same": _l("It is already with this office. Choose another."),
    "resolution_required": _l("Choose a decision"),
    "remark_required": _l("Enter the reason"),
    "recheck_required": _l("Enter what needs to be re-checked"),
    "question_required": _l("Enter the question"),
    "one_question": _l("Choose a canned question or write your own, not both"),
    "text_too_long": _l("Use 1,000 characters or fewer"),
    "reason_required": _l("Choose a reason"),
}


class RequestLateness(Protocol):
    """The attributes of a request that decide whether it is late."""

    @property
    def status(self) -> str:
        """The status."""
        ...

    @property
    def promised_on(self) -> date:
        """The day by which an answer is promised."""
        ...

    @property
    def status_since(self) -> Any:
        """The moment of the last change of status."""
        ...


def office_tone(status: str) -> str:
    """Return the CSS class of a status in the office's lists: none if the office has to act, else `end`."""
    return "" if Status(status) in AT_WORK else "end"


def office_event_label(action: str) -> LazyString | str:
    """Return the heading of a timeline entry as the office reads it."""
    return _EVENT_LABELS.get(action) or event_label(action)


def approval_name(resolution: str) -> LazyString:
    """Return the button that approves a proposed decision, named after what is decided."""
    return _APPROVE.get(Resolution(resolution), ACTIONS[Action.APPROVE])


def approved_words(resolution: str | None) -> LazyString:
    """Return what an approval has just decided."""
    decided = Resolution(resolution) if resolution else Resolution.REVISED
    return _APPROVED.get(decided, DONE[Action.APPROVE])


def due_words(one: RequestLateness, today: date) -> tuple[str, bool]:
    """Return how late a request is or when it is due, and whether that needs attention; empty if there is time."""
    if is_late(Status(one.status), one.promised_on, one.status_since, today):
        days = (today - one.promised_on).days
        return ngettext("%(num)s day overdue", "%(num)s days overdue", days), True
    if one.status == Status.INFO_REQUESTED:
        return _("time limit paused"), False
    if one.status not in AT_WORK:
        return "", False
    days = (one.promised_on - today).days
    return (_("due today"), True) if days == 0 else (_("due tomorrow"), True) if days == 1 else ("", False)


TEMPLATE_LABELS: dict[str, Any] = {
    **REQUEST_LABELS,
    **MESSAGE_LABELS,
    "office_status": office_status,
    "office_tone": office_tone,
    "not_taken_up": UNASSIGNED,
    "office_event_label": office_event_label,
    "due_words": due_words,
    "short_name": short_name,
    "mark_words": mark_words,
    "list_caption": list_caption,
    "reason_words": reason_words,
    "bill_words": bill_words,
    "times_words": times_words,
    "reading_words": reading_words,
    "document_words": document_words,
    "verdict_words": verdict_words,
    "action_name": ACTIONS.get,
    "approval_name": approval_name,
    "reveal_reasons": {code: reveal_reason(code) for code in REASONS},
}
