"""What a consumer does about a request: answer, confirm or refuse, withdraw, reopen, rate, add documents."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request
from flask_babel import gettext as _

from wss import clock
from wss.domain.deadlines import offered
from wss.domain.errors import Forbidden, Outdated, TooOften
from wss.domain.lifecycle import CONSUMER, TABLE, Action, Status, counted_as
from wss.domain.uploads import NothingKept, Refusal, RefusedDocument
from wss.queries import timelines
from wss.queries.service_requests import RequestRow, standing_of
from wss.services.requests.actions import take_action
from wss.services.requests.draft_documents import UploadedDocument, cleaned, sender_of
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.web.access import current_actor
from wss.web.consumer.action_forms import (
    ConsumerActionForm,
    errors_of,
    rating_of,
    said_now,
    too_often_today,
    words_of,
)
from wss.web.consumer.blueprint import consumer, shelf
from wss.web.consumer.timeline import own_request, request_page
from wss.web.labels.form_fields import words_of_refused
from wss.web.pages import redirect_to, wants_fragment
from wss.web.request_form.form_data import uploads_sent

_STEPS = {action for (_status, action), step in TABLE.items() if step.by == CONSUMER}
_WITH_DOCUMENTS = (Action.ANSWER, Action.ADD_DOCUMENT)


@consumer.post("/requests/<complaint_no>/actions")
def act(complaint_no: str) -> Response:
    """Take a step along the request's life, if the request still stands as it was seen."""
    own, said = own_request(complaint_no), said_now()
    if said.action not in _STEPS - {Action.ADD_DOCUMENT}:
        return request_page(own, ConsumerActionForm(errors={"": [_("Choose what is to be done")]}), 422)
    version = request.form.get("version", "")
    seen = int(version) if version.isdecimal() and version.isascii() and len(version) < 10 else None
    sent = uploads_sent() if said.action in _WITH_DOCUMENTS else []
    is_late = seen not in (None, own.version) and said.action not in _WITH_DOCUMENTS
    # An answer that comes late may have been sent twice, or add documents: the step knows.
    is_answer = said.action == Action.ANSWER and (sent or said.remark.strip())
    if is_late or not (is_answer or Action(said.action) in _offered(own)):
        return _too_late(own, said, seen)
    errors = errors_of(said, Status(own.status), has_documents=bool(sent))
    if errors:
        return request_page(own, replace(said, errors=errors), 422)
    return _take(own, said, seen, sent)


@consumer.post("/requests/<complaint_no>/documents")
def add_to_request(complaint_no: str) -> Response:
    """Add documents; those that cannot be taken are named, the others stay."""
    own, sent = own_request(complaint_no), uploads_sent()
    # While the office asks, what is wrong with a document is shown at the question.
    said = ConsumerActionForm(counted_as(Status(own.status), Action.ADD_DOCUMENT, has_documents=True))
    if Action(said.action) not in _offered(own):
        return _too_late(own, said, own.version)
    if not sent:
        return request_page(own, replace(said, errors={"documents": [_("Choose a document first")]}), 422)
    return _take(own, said, None, sent)


def _offered(own: RequestRow) -> list[Action]:
    return offered(standing_of(own), timelines.actions_of(own.id), clock.now())


def _take(
    own: RequestRow, said: ConsumerActionForm, seen: int | None, sent: list[UploadedDocument]
) -> Response:
    """Take the step with its documents, and show or lead to what has come of it."""
    try:
        moved, refused = _moved(own, said, seen, sent)
    except NothingKept as nothing:
        moved, refused = None, list(nothing.refused)
    except TooOften as often:
        return _too_often(own, said, often.retry_after)
    except (Forbidden, Outdated):
        return _too_late(own_request(own.complaint_no), said, seen)
    done = moved.action or said.action if moved else ""
    if not refused and not wants_fragment():
        return redirect_to("consumer.timeline", complaint_no=own.complaint_no, done=done)
    # What was refused with a step that was taken can be added later; otherwise the step waits for another document.
    own = own_request(own.complaint_no)
    waits = moved is None and Action(said.action) in _offered(own)
    after = ConsumerActionForm(said.action if waits else Action.ADD_DOCUMENT, done=done)
    if refused:
        after = replace(after, errors={"documents": words_of_refused(refused)})
    return request_page(own, after, _status_of(refused))


def _moved(
    own: RequestRow, said: ConsumerActionForm, seen: int | None, sent: list[UploadedDocument]
) -> tuple[ActionResult | None, list[RefusedDocument]]:
    """The step itself. A document that is refused does not hold up an answer in words; without these or any
    document that is taken, nothing was said."""
    with cleaned(sent, shelf(), sender_of(current_actor())) as files:
        if sent and not files.ready and (said.action == Action.ADD_DOCUMENT or not words_of(said)):
            return None, files.refused
        move = ActionRequest(
            Action(said.action),
            words_of(said),
            version=seen,
            rating=rating_of(said),
            documents=tuple(files.ready),
        )
        moved = take_action(current_actor(), own.complaint_no, move)
        files.keep(moved.kept)
    return moved, [*files.refused, *moved.refused]


def _status_of(refused: list[RefusedDocument]) -> int:
    if any(each.refusal is Refusal.UPLOAD_TOO_LARGE for each in refused):
        return 413
    return 422 if refused else 200


def _too_often(own: RequestRow, said: ConsumerActionForm, seconds: int) -> Response:
    """So many were withdrawn or opened again today: say until when, and what helps."""
    errors = {"remark": [too_often_today(said.action, seconds)]}
    response = request_page(own, replace(said, errors=errors), 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _too_late(own: RequestRow, said: ConsumerActionForm, seen: int | None) -> Response:
    """Somebody was faster, or the time for it is over: say what has happened since the page was opened."""
    events = timelines.timeline(own.id)
    meanwhile = [event for event in events if seen is not None and event.number > seen]
    return request_page(own, replace(said, is_late=True, meanwhile=meanwhile), 409)
