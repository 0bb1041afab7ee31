"""The link in a question's SMS: shows the question and takes the answer, and then further documents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from wss.clock import local_date
from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.lifecycle import ANSWER_DAYS, Action, Status
from wss.domain.uploads import NothingStored, ReadyDocument, RefusedDocument
from wss.queries import timelines
from wss.queries.service_requests import RequestRow, lock_request
from wss.services.requests._repeated_answers import repeats_answer
from wss.services.requests.request_links import ANSWER, request_behind_link
from wss.services.requests.transition import apply_transition
from wss.services.requests.transition_types import ActionRequest
from wss.services.shared import links


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """A question behind a link, empty once it is answered, and the day until which an answer is awaited.

    `received` counts the documents since the question.
    """

    complaint_no: str
    question: str
    received: int
    until: date


@dataclass(frozen=True, slots=True)
class QuestionAnswerResult:
    """The documents that were kept and those that were refused, and whether the text was taken, if any."""

    kept: Sequence[ReadyDocument]
    refused: Sequence[RefusedDocument]
    are_words_taken: bool


def question_of_link(token: str) -> QuestionAsked | None:
    """Return the question of the link, without using it; None for an expired link."""
    found = _request_of_link(token)
    if found is None:
        return None
    seen = found[1]
    asked, received = "", 0
    for event in timelines.timeline(seen.id):
        if event.action == Action.ASK:
            asked, received = event.remark, 0
        received += len(event.details.get("documents", ()))
    is_open = seen.status == Status.INFO_REQUESTED
    until = local_date(seen.status_since + timedelta(days=ANSWER_DAYS))
    return QuestionAsked(seen.complaint_no, asked if is_open else "", received, until)


def answer_question(token: str, remark: str, ready: Sequence[ReadyDocument]) -> QuestionAnswerResult:
    """Answer the question behind the link, or add documents once it is answered; text is not accepted then.

    The files are stored already. Raises NotFound for an expired link.
    """
    try:
        with transaction():
            return _take_answer(*_locked(token), ActionRequest(Action.ANSWER, remark, documents=tuple(ready)))
    except NothingStored as error:
        return QuestionAnswerResult([], error.refused, are_words_taken=not remark)
    except (Forbidden, Outdated) as error:
        raise NotFound from error


def _take_answer(actor: Actor, seen: RequestRow, action_request: ActionRequest) -> QuestionAnswerResult:
    if repeats_answer(actor, seen, action_request):
        return QuestionAnswerResult([], [], are_words_taken=True)
    is_open = seen.status == Status.INFO_REQUESTED
    if not is_open and not action_request.documents:
        return QuestionAnswerResult([], [], are_words_taken=False)
    moved = apply_transition(actor, seen, action_request if is_open else replace(action_request, remark=""))
    return QuestionAnswerResult(
        moved.kept, moved.refused, are_words_taken=is_open or not action_request.remark
    )


def _locked(token: str) -> tuple[Actor, RequestRow]:
    """Lock the request behind the link: of two answers sent at once the second sees the effect of the first."""
    found = _request_of_link(token)
    if found is not None:
        lock_request(found[1].complaint_no)
        found = _request_of_link(token)
    if found is None:
        raise NotFound
    return found


def _request_of_link(token: str) -> tuple[Actor, RequestRow] | None:
    found = request_behind_link(links.peek_link(token, ANSWER))
    return found if found and not found[1].frozen else None
