"""The form of a consumer's action on a timeline: fields, validation, and the message after success."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from wss.domain.catalogue import RequestKind
from wss.domain.deadlines import RATINGS
from wss.domain.errors import Malformed
from wss.domain.lifecycle import TABLE, Action, Status
from wss.domain.typed_values import remarks
from wss.web.action_form import ActionForm
from wss.web.labels.kinds import by_kind
from wss.web.labels.staff import post_name
from wss.web.retry_times import time_to_wait

# The result of an action, for the page that follows it.
DONE = {
    Action.ANSWER: _l("Your answer has been sent to the office."),
    Action.WITHDRAW: _l("The complaint has been withdrawn."),
    Action.CONFIRM: _l("Thank you. The complaint is closed, as you confirmed."),
    Action.REFUSE: _l("Your answer “No” has been sent."),
    Action.REOPEN: _l("The complaint has been reopened and sent to a senior officer."),
    Action.RATE: _l("Thank you for your rating."),
    Action.ADD_DOCUMENT: _l("Your document has been added to the complaint."),
    "already_open": _l(
        "You already have an open complaint of this kind, so we opened it instead of a new form. To add something, "
        "write it on paper and send a photo of it from this page."
    ),
    "already": _l(
        "This bill is already in this complaint. You do not need another one for it. "
        "Another bill can have a complaint of its own."
    ),
}
# The same of a request, where the words differ.
_REQUEST_DONE = {
    Action.WITHDRAW: _l("The request has been withdrawn."),
    Action.CONFIRM: _l("Thank you. The request is closed, as you confirmed."),
    Action.REOPEN: _l("The request has been reopened and sent to a senior officer."),
    Action.ADD_DOCUMENT: _l("Your document has been added to the request."),
    "already_open": _l(
        "You already have an open request of this kind, so we opened it instead of a new form. To add something, "
        "write it on paper and send a photo of it from this page."
    ),
}


def done_words(action: str, status: str, holder_role: str, kind: RequestKind | None) -> LazyString | str:
    """Return the result of an action: after a refusal also who looks at it now."""
    if action == Action.REFUSE and status == Status.REOPENED:
        words = by_kind(
            kind,
            _l("The complaint has been sent to the %(post)s, who will look at it."),
            _l("The request has been sent to the %(post)s, who will look at it."),
        )
        return str(words) % {"post": post_name(holder_role)}
    return by_kind(kind, {}, _REQUEST_DONE).get(action) or DONE.get(action, "")


_NEEDED = {
    Action.ANSWER: _l("Write your answer, or add a document"),
    Action.REFUSE: _l("Tell us what is not right"),
    Action.REOPEN: _l("Tell us why you want to reopen it"),
}


class ConsumerActionForm(ActionForm):
    """An action on a timeline: a remark, a rating, or documents (which are read by `uploads_sent`)."""

    field_lengths: ClassVar = {"remark": None, "rating": None}

    def id_of(self, name: str) -> str:
        """Return the id of a field; the page has one form that only adds documents."""
        return name if self.action == Action.ADD_DOCUMENT else super().id_of(name)

    @property
    def remark(self) -> str:
        """Return the remark as it is stored. Raises Malformed if it is too long."""
        return remarks(self.typed.get("remark", ""))

    @property
    def rating(self) -> int | None:
        """Return the rating as a number; None unless it is one of those offered."""
        return next((number for number in RATINGS if str(number) == self.typed.get("rating")), None)


def checked(form: ConsumerActionForm, status: Status, *, has_documents: bool) -> ConsumerActionForm:
    """Return the form with the errors that have to be corrected before the action can be taken."""
    step = TABLE.get((status, Action(form.action)))
    is_needed = step is not None and step.remark_required
    if form.action == Action.ANSWER:
        is_needed = not has_documents
    try:
        if not form.remark and is_needed:
            form = form.with_error("remark", _NEEDED[Action(form.action)])
    except Malformed:
        form = form.with_error("remark", _("Use 1,000 characters or fewer"))
    if form.action == Action.RATE and form.rating is None:
        form = form.with_error("rating", _("Choose one of the five"))
    return form


def too_often_today(action: str, seconds: int) -> str:
    """Return why no more of these actions are possible today, until when, and what to do."""
    time = time_to_wait(seconds)
    if action == Action.REOPEN:
        return _(
            "You cannot reopen anything else today. Try again in %(time)s. If it is urgent, call 1912.",
            time=time,
        )
    return _(
        "You cannot withdraw anything else today. Try again in %(time)s. If someone else withdrew yours, "
        "log out everywhere in the settings and call 1912.",
        time=time,
    )
