"""The link in a question's SMS: it shows the question and takes the answer, and after that further documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.errors import Forbidden, NotFound, Outdated
from wss.domain.lifecycle import Action, Status
from wss.domain.uploads import NothingKept, ReadyDocument
from wss.queries import timelines
from wss.queries.service_requests import RequestRow, lock_request
from wss.services.steps import links
from wss.services.steps.behind_links import ANSWER, behind_link
from wss.services.steps.moves import Move, Moved
from wss.services.steps.moves import SentIn as SentIn
from wss.services.steps.taking import take_step


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """A question behind a link; it is empty once it has been answered. `received` counts the documents since then."""

    complaint_no: str
    question: str
    received: int


def question_behind(token: str) -> QuestionAsked | None:
    """Return what the link asks for; None for a link that has expired. Looking uses nothing up."""
    found = _behind(token)
    if found is None:
        return None
    seen = found[1]
    asked, received = "", 0
    for event in timelines.timeline(seen.id):
        if event.action == Action.ASK:
            asked, received = event.remark, 0
        received += len(event.details.get("documents", ()))
    is_open = seen.status == Status.INFO_REQUESTED
    return QuestionAsked(seen.complaint_no, asked if is_open else "", received)


def answer_question(token: str, remark: str, ready: Sequence[ReadyDocument]) -> SentIn | None:
    """Answer the question behind the link, or add documents once it is answered; None when only words came too late.

    The documents lie in the store already. Raises NotFound for a link that has expired.
    """
    try:
        moved = _take_step(token, Move(Action.ANSWER, remark, documents=tuple(ready)))
    except NothingKept as nothing:
        return SentIn([], nothing.refused)
    except (Forbidden, Outdated):
        return None
    return SentIn(moved.kept, moved.refused)


def _take_step(token: str, move: Move) -> Moved:
    with transaction():
        found = _behind(token)
        if found is not None:
            # Of two answers that are sent at once the second sees what the first has done.
            lock_request(found[1].complaint_no)
            found = _behind(token)
        if found is None:
            raise NotFound
        return take_step(*found, move)


def _behind(token: str) -> tuple[Actor, RequestRow] | None:
    found = behind_link(links.look_at(token, ANSWER))
    return found if found and not found[1].frozen else None
