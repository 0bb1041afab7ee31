"""The actions of a consumer on a request: answer, confirm or refuse, withdraw, reopen, rate, add documents."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request
from flask_babel import gettext as _

from wss import clock
from wss.domain.deadlines import offered_actions
from wss.domain.errors import Forbidden, Outdated, TooOften
from wss.domain.lifecycle import CONSUMER, TABLE, Action, Status, counted_as
from wss.domain.typed_values import VERSION_DIGITS, whole_number
from wss.domain.uploads import NothingStored, Refusal, RefusedDocument
from wss.queries import timelines
from wss.queries.service_requests import RequestRow, deadlines_of
from wss.services.requests.actions import take_action
from wss.services.requests.draft_documents import UploadedDocument, cleaned, sender_of
from wss.services.requests.transition_types import ActionRequest, ActionResult
from wss.web.access import current_actor
from wss.web.consumer.action_forms import ConsumerActionForm, checked, done_words, too_often_today
from wss.web.consumer.blueprint import consumer, document_storage
from wss.web.consumer.call_backs import ask_about
from wss.web.consumer.timeline import kind_of, own_request, request_page
from wss.web.labels.documents import refused_document_words
from wss.web.pages import redirect_to, wants_fragment
from wss.web.request_form.form_data import uploads_sent

_ACTIONS = {action for (_status, action), step in TABLE.items() if step.by == CONSUMER}
_WITH_DOCUMENTS = (Action.ANSWER, Action.ADD_DOCUMENT)


@consumer.post("/requests/<complaint_no>/actions")
def act(complaint_no: str) -> Response:
    """Take an action of the life cycle, unless the request has changed since the page was made."""
    own, form = own_request(complaint_no), ConsumerActionForm.sent()
    # No step of the life cycle: it is possible in every status.
    if form.action == "call_back":
        return ask_about(own.complaint_no)
    if form.action not in _ACTIONS - {Action.ADD_DOCUMENT}:
        return request_page(own, ConsumerActionForm().with_error("", _("Choose what you want to do")), 422)
    seen = whole_number(request.form.get("version", ""), VERSION_DIGITS)
    sent = uploads_sent() if form.action in _WITH_DOCUMENTS else []
    is_late = seen not in (None, own.version) and form.action not in _WITH_DOCUMENTS
    # A late answer may be the same answer sent twice, or add documents: the service decides.
    is_answer = form.action == Action.ANSWER and (sent or form.typed["remark"].strip())
    if is_late or not (is_answer or Action(form.action) in _offered(own)):
        return _too_late(own, form, seen)
    form = checked(form, Status(own.status), has_documents=bool(sent))
    if form.errors:
        return request_page(own, form, 422)
    return _take(own, form, seen, sent)


@consumer.post("/requests/<complaint_no>/documents")
def add_to_request(complaint_no: str) -> Response:
    """Add documents; refused ones are listed, the others are saved."""
    own, sent = own_request(complaint_no), uploads_sent()
    # While the office waits for an answer, errors of documents are shown at the question.
    form = ConsumerActionForm(counted_as(Status(own.status), Action.ADD_DOCUMENT, has_documents=True))
    if Action(form.action) not in _offered(own):
        return _too_late(own, form, own.version)
    if not sent:
        return request_page(own, form.with_error("documents", _("Choose a document first")), 422)
    return _take(own, form, None, sent)


def _offered(own: RequestRow) -> list[Action]:
    return offered_actions(deadlines_of(own), timelines.actions_of(own.id), clock.now())


def _take(
    own: RequestRow, form: ConsumerActionForm, seen: int | None, sent: list[UploadedDocument]
) -> Response:
    """Take the action with its documents, then show the result or redirect to it."""
    try:
        moved, refused = _moved(own, form, seen, sent)
    except NothingStored as nothing:
        moved, refused = None, list(nothing.refused)
    except TooOften as often:
        return _too_often(own, form, often.retry_after)
    except (Forbidden, Outdated):
        return _too_late(own_request(own.complaint_no), form, seen)
    done = moved.action or form.action if moved else ""
    if not refused and not wants_fragment():
        return redirect_to("consumer.timeline", complaint_no=own.complaint_no, done=done)
    # If the action succeeded, a refused document can be added later; otherwise the action waits for one.
    own = own_request(own.complaint_no)
    waits = moved is None and Action(form.action) in _offered(own)
    after = ConsumerActionForm(
        form.action if waits else Action.ADD_DOCUMENT,
        done=done_words(done, own.status, own.holder_role, kind_of(own)),
    )
    if refused:
        after = after.with_error("documents", *refused_document_words(refused))
    return request_page(own, after, _status_of(refused))


def _moved(
    own: RequestRow, form: ConsumerActionForm, seen: int | None, sent: list[UploadedDocument]
) -> tuple[ActionResult | None, list[RefusedDocument]]:
    """Take the action.

    A refused document does not prevent an answer in words; without words and without an accepted document there is
    no answer.
    """
    with cleaned(sent, document_storage(), sender_of(current_actor())) as files:
        if sent and not files.ready and (form.action == Action.ADD_DOCUMENT or not form.remark):
            return None, files.refused
        move = ActionRequest(
            Action(form.action),
            form.remark,
            version=seen,
            rating=form.rating,
            documents=tuple(files.ready),
        )
        moved = take_action(current_actor(), own.complaint_no, move)
        files.keep(moved.kept)
    return moved, [*files.refused, *moved.refused]


def _status_of(refused: list[RefusedDocument]) -> int:
    if any(each.refusal is Refusal.UPLOAD_TOO_LARGE for each in refused):
        return 413
    return 422 if refused else 200


def _too_often(own: RequestRow, form: ConsumerActionForm, seconds: int) -> Response:
    """Show until when no more can be withdrawn or reopened today, and what to do."""
    response = request_page(own, form.with_error("remark", too_often_today(form.action, seconds)), 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _too_late(own: RequestRow, form: ConsumerActionForm, seen: int | None) -> Response:
    """Show that the request has changed, or that the deadline of the action has passed, and what has happened since."""
    events = timelines.timeline(own.id)
    later = [event for event in events if seen is not None and event.number > seen]
    return request_page(own, replace(form, later_events=later), 409)
