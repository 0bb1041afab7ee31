"""The queue of a clerk's work: what is assigned to them and what is new for their post, by promised date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response
from flask_babel import LazyString

from wss import clock
from wss.domain.catalogue import RequestField
from wss.domain.lifecycle import UNASSIGNED, Action, Status
from wss.domain.suggestion.evidence import Suggestion
from wss.domain.todo_filter import TodoFilter
from wss.queries.service_requests import RequestRow, visible_request
from wss.queries.todo import TodoLine, todo_page
from wss.services.requests.officer_checks import is_pool_member
from wss.services.revisions.suggestions import suggestion_for
from wss.web.access import current_actor, current_staff
from wss.web.labels.suggestions import VERDICT_CHIPS
from wss.web.officer.todo_filter import post_of
from wss.web.pages import redirect_to

# The statuses in which a request can be worked on.
WORKED_ON = (*UNASSIGNED, Status.IN_REVIEW)
# The number of rows below the page; a verdict is computed for each.
SHOWN = 6


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A row of the queue: the request, and the verdict on its bills; None for a request about no bill."""

    line: TodoLine
    chip: LazyString | None
    is_sure: bool


def work_queue() -> list[TodoLine]:
    """Return the requests that the reader can work on, the earliest promised first.

    In an office that assigns the next request only those that are assigned.
    """
    me, today = current_staff(), clock.local_date(clock.now())
    lines = todo_page(TodoFilter(me.office_code, is_work=True, assigned_to=me.employee_id), today)
    if not is_pool_member(current_actor()):
        lines += todo_page(TodoFilter(me.office_code, is_work=True, new_for=post_of(me)), today)
    by_id = {one.id: one for one in lines if one.status in WORKED_ON and not one.frozen}
    return sorted(by_id.values(), key=_place)


def next_in(queue: Sequence[TodoLine], seen: RequestRow) -> TodoLine | None:
    """Return the request after this one in the queue, or the first other one."""
    others = [one for one in queue if one.id != seen.id]
    later = (one for one in others if _place(one) > (seen.promised_on, seen.id))
    return next(later, others[0] if others else None)


def shown_lines(
    queue: Sequence[TodoLine], seen: RequestRow, suggestion: Suggestion | None
) -> list[QueueLine]:
    """Return the first rows from this request on, with their verdicts; that of this request is known."""
    from_here = [one for one in queue if _place(one) >= (seen.promised_on, seen.id)]
    return [_with_verdict(one, seen, suggestion) for one in from_here[:SHOWN]]


def is_about_bills(seen: RequestRow) -> bool:
    """Return whether a request is about bills, so that something can be suggested."""
    return RequestField.BILL_NO in seen.fields


def open_next(seen: RequestRow, done: Action) -> Response:
    """Open the next request of the queue, which says what was done with this one."""
    after = {"did": done.value, "before": seen.complaint_no}
    line = next_in(work_queue(), seen)
    if line is None:
        return redirect_to("officer.work", **after)
    return redirect_to("officer.work_page", complaint_no=line.complaint_no, **after)


def _with_verdict(one: TodoLine, seen: RequestRow, suggestion: Suggestion | None) -> QueueLine:
    if one.id != seen.id:
        other = visible_request(current_actor(), one.complaint_no, clock.now())
        suggestion = suggestion_for(other) if is_about_bills(other) else None
    if suggestion is None:
        return QueueLine(one, None, is_sure=False)
    return QueueLine(one, VERDICT_CHIPS[suggestion.verdict], suggestion.is_sure)


def _place(one: TodoLine) -> tuple[object, int]:
    return one.promised_on, one.id
