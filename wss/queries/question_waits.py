"""Events that ended a question before the days for which it stopped the clock were stored with them."""

from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, func, select, update

from wss.db import core
from wss.domain.lifecycle import Action, Status
from wss.domain.mis import ENDS_QUESTION
from wss.models import Event

_event = cast(Table, Event.__table__)


class QuestionEnd(NamedTuple):
    """An event that ended a question, and when the question was asked."""

    id: int
    at: datetime
    details: dict[str, Any]
    asked_at: datetime


def unmarked_question_ends() -> list[QuestionEnd]:
    """Return the events that ended a question and do not say for how many days it had stopped the clock."""
    before, ask = _event.alias("before"), _event.alias("ask")
    asked_at = (
        select(func.max(ask.c.at))
        .where(
            ask.c.service_request_id == _event.c.service_request_id,
            ask.c.action == Action.ASK,
            ask.c.number < _event.c.number,
        )
        .scalar_subquery()
    )
    statement = select(_event.c.id, _event.c.at, _event.c.details, asked_at).where(
        _event.c.action.in_(ENDS_QUESTION),
        _event.c.details["stopped"].as_integer().is_(None),
        before.c.service_request_id == _event.c.service_request_id,
        before.c.number == _event.c.number - 1,
        before.c.status == Status.INFO_REQUESTED,
        asked_at.is_not(None),
    )
    return [QuestionEnd(*row) for row in core().execute(statement)]


def mark_question_end(end: QuestionEnd, stopped: int) -> None:
    """Store with an event for how many days the question that it ended had stopped the clock."""
    marked = end.details | {"stopped": stopped}
    core().execute(update(_event).where(_event.c.id == end.id).values(details=marked))
