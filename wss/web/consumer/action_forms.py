"""What is said on a timeline: by the consumer who takes a step, and back to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.answers import remarks
from wss.domain.deadlines import RATINGS
from wss.domain.errors import Malformed
from wss.domain.lifecycle import TABLE, Action, Status
from wss.queries.timelines import EventLine
from wss.web.retry_times import time_to_wait

# What has been done, for the page that comes after it.
DONE = {
    Action.ANSWER: _l("Your answer is with the office."),
    Action.WITHDRAW: _l("The complaint is withdrawn."),
    Action.CONFIRM: _l("Thank you. The complaint is closed, as you confirmed."),
    Action.REFUSE: _l("The office has been told that it is not settled."),
    Action.REOPEN: _l("The complaint is open again, one level up."),
    Action.RATE: _l("Thank you for your rating."),
    Action.ADD_DOCUMENT: _l("The document is with the complaint now."),
    "already_open": _l(
        "A complaint of this kind is open: this one. You need no second one: add here what is new."
    ),
    "already": _l("This bill is in this complaint already. A second one is not needed."),
}
_NEEDED = {
    Action.ANSWER: _l("Write your answer, or add a document"),
    Action.REFUSE: _l("Say what is still wrong"),
    Action.REOPEN: _l("Say why the complaint is to be opened again"),
}


@dataclass(frozen=True)
class ConsumerActionForm:
    """A step as it was sent, and what is told about it: errors by field, what was done, what others did meanwhile."""

    action: str = ""
    remark: str = ""
    rating: str = ""
    is_kept: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)
    done: str = ""
    is_late: bool = False
    meanwhile: Sequence[EventLine] = ()

    def errors_at(self, action: str, name: str) -> list[str]:
        """The errors of a field in the form of an action."""
        return self.errors.get(name, []) if action == self.action else []

    def remark_of(self, action: str) -> str:
        """What stands in the text field of an action."""
        return self.remark if action == self.action else ""

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every error with the id of its field."""
        return [(field_id(self.action, name), words) for name in self.errors for words in self.errors[name]]


def said_now() -> ConsumerActionForm:
    """What the form has sent."""
    sent = request.form
    return ConsumerActionForm(
        sent.get("action", ""), sent.get("remark", "").replace("\r\n", "\n"), sent.get("rating", "")
    )


def words_of(said: ConsumerActionForm) -> str:
    """The remark as it is kept: without marks that cannot be seen. Raises Malformed when it is too long."""
    return remarks(said.remark)


def errors_of(said: ConsumerActionForm, status: Status, *, has_documents: bool) -> dict[str, list[str]]:
    """What has to be put right before the step can be taken."""
    errors: dict[str, list[str]] = {}
    step = TABLE.get((status, Action(said.action)))
    is_needed = step is not None and step.remark_required
    if said.action == Action.ANSWER:
        is_needed = not has_documents
    try:
        if not words_of(said) and is_needed:
            errors["remark"] = [str(_NEEDED[Action(said.action)])]
    except Malformed:
        errors["remark"] = [_("1,000 characters at most: shorten it")]
    if said.action == Action.RATE and rating_of(said) is None:
        errors["rating"] = [_("Choose one of the five")]
    return errors


def too_often_today(action: str, seconds: int) -> str:
    """No more of these can be taken today: until when, and what helps."""
    time = time_to_wait(seconds)
    if action == Action.REOPEN:
        return _(
            "No more complaints can be opened again today. Try again in %(time)s, or call 1912 if it cannot wait.",
            time=time,
        )
    return _(
        "No more complaints can be withdrawn today. Try again in %(time)s. Did someone else withdraw yours? "
        "Log out everywhere in the settings, and call 1912.",
        time=time,
    )


def rating_of(said: ConsumerActionForm) -> int | None:
    """The rating as a number, if it is one of those offered."""
    return next((number for number in RATINGS if str(number) == said.rating), None)


def field_id(action: str, name: str) -> str:
    """The id of a field: several forms of the page have one of the same name."""
    return name if action == Action.ADD_DOCUMENT else f"{action}-{name}"
