"""The words of a step on several requests: what became of each, and why."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.lifecycle import Action, Status
from wss.domain.step_batches import DONE, status_of_outcome
from wss.web.labels.officer import BARRED, MISSING
from wss.web.labels.requests import office_status

# What a step does to each request.
_DONE: dict[str, LazyString] = {
    Action.ASSIGN: _l("Assigned"),
    Action.ASK: _l("Question sent"),
    Action.FORWARD: _l("Forwarded"),
}
# Why a step was not taken, by its code; the others are those of a step on a single request.
_OUTCOMES: dict[str, LazyString] = {
    "": _l("Not done: the work was interrupted. Choose it again."),
    "not_found": _l("It is not with your offices (any more)."),
    "outdated": _l("It was changed by another person at the same time. Open it and check it."),
    "canned_unfit": _l(
        "The canned question has a figure that this request does not have. Write your own question."
    ),
}
# Who gets a message.
CONSUMER_MESSAGES: dict[str, LazyString] = {
    Action.ASK: _l("They reply online. The time limit is paused until then."),
    Action.ASSIGN: _l("No message goes out. The requests are on the To-Do page of the employee."),
    Action.FORWARD: _l(
        "No message goes out. You can no longer see the requests if the office is not below yours."
    ),
}


def step_outcome(action: str, outcome: str) -> LazyString | str:
    """Return what became of a request, in words."""
    if outcome == DONE:
        return _DONE[action]
    if status := status_of_outcome(outcome):
        return _already(action, status)
    return _OUTCOMES.get(outcome) or MISSING.get(outcome) or BARRED.get(outcome, BARRED["step_not_allowed"])


def _already(action: str, status: Status) -> str:
    """Return in which status a request is, in which the step is not possible."""
    if status is Status.INFO_REQUESTED and action == Action.ASK:
        return _("The consumer has already been asked and has not answered yet.")
    return _("Not possible in its status: %(status)s", status=office_status(status))
