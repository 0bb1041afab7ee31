"""The requests behind a figure of the MIS, page by page: as many entries as the figure says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, false, or_, select, true

from wss.db import core, database
from wss.domain import mis
from wss.domain.calendar import IST
from wss.domain.lifecycle import Action, Status
from wss.models import Event, Office, ServiceRequest
from wss.models.service_request import IS_OPEN
from wss.queries._fragments import is_kept, is_late, is_of_suggestion, offices_in_subtree

PAGE = 50
LATE = "late"

_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_office = cast(Table, Office.__table__)


@dataclass(frozen=True, slots=True)
class MisListQuery:
    """Which figure: its name, office (with those below, unless `only_own`), kind and period; and the cursor."""

    figure: str
    office_code: str
    kind: str
    first: date
    last: date
    after: int | None = None
    only_own: bool = False


@dataclass(frozen=True, slots=True)
class MisListEntry:
    """A request behind a figure; `number` is its position in the list, `at` is when the counted event happened."""

    number: int
    complaint_no: str
    office_code: str
    kind: str
    status: str
    registered_at: datetime
    promised_on: date
    holder_office_code: str
    holder_role: str
    assignee_id: str | None
    status_since: datetime
    frozen: bool
    at: datetime


def lines_behind(query: MisListQuery, today: date, at_most: int | None = None) -> list[MisListEntry]:
    """Return a page of the list, newest first, plus one entry if there are more.

    Late requests are ordered by the longest late first.
    """
    statement = _by_events(query) if query.figure in _EVENTS else _by_state(query, today)
    return [MisListEntry(*row) for row in core().execute(statement.limit((at_most or PAGE) + 1))]


def _by_state(query: MisListQuery, today: date) -> Select[Any]:
    """Select requests by their present state, or by their registration in the period."""
    conditions = _registered_between(query.first, query.last)
    if query.figure != mis.REGISTERED:
        conditions = [IS_OPEN, *_conditions(query.figure, today)]
    statement = select(_request.c.id, *_shown(), _request.c.registered_at)
    order: tuple[Any, ...] = (_request.c.id.desc(),)
    is_after = _request.c.id < query.after if query.after is not None else true()
    if query.figure == LATE:
        order = (_request.c.promised_on, _request.c.id)
        is_after = _is_due_after(query.after) if query.after is not None else true()
    return statement.where(*conditions, is_after, *_seen(query)).order_by(*order)


def _is_due_after(request_id: int) -> ColumnElement[bool]:
    """Return whether a request comes after this one in the order of promised dates."""
    last = _request.alias("last")
    due = select(last.c.promised_on).where(last.c.id == request_id).scalar_subquery()
    return or_(
        _request.c.promised_on > due,
        and_(_request.c.promised_on == due, _request.c.id > request_id),
    )


def _by_events(query: MisListQuery) -> Select[Any]:
    """Select events of timelines: a request that was refused twice appears twice, as it is counted twice."""
    start, end = _moments(query.first, query.last)
    conditions = [_EVENTS[query.figure], _event.c.at >= start, _event.c.at < end]
    if query.after is not None:
        conditions = [*conditions, _event.c.id < query.after]
    return (
        select(_event.c.id, *_shown(), _event.c.at)
        .join_from(_request, _event, _event.c.service_request_id == _request.c.id)
        .where(*conditions, *_seen(query))
        .order_by(_event.c.id.desc())
    )


def _shown() -> Sequence[ColumnElement[Any]]:
    return [_request.c[name] for name in MisListEntry.__slots__ if name not in ("number", "at")]


def _seen(query: MisListQuery) -> list[Any]:
    """Return the conditions on the office with those below it, and on the kind."""
    within: list[Any] = [_request.c.office_code.in_(offices_in_subtree(query.office_code))]
    if query.only_own:
        within = [_request.c.office_code == query.office_code]
    return within if query.kind == mis.ALL else [*within, _request.c.kind == query.kind]


def _conditions(figure: str, today: date) -> list[Any]:
    if figure.startswith(mis.AGE):
        youngest, oldest = mis.AGE_BANDS[int(figure.removeprefix(mis.AGE))]
        first = date.min if oldest is None else today - timedelta(days=oldest)
        return _registered_between(first, today - timedelta(days=youngest))
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "pending": [],
        LATE: [is_late(_request, today, is_sqlite=database().is_sqlite)],
        "waiting": [_request.c.status == Status.INFO_REQUESTED.value],
        mis.ESCALATED: [_request.c.escalation_level > 0],
        mis.ONCE_REOPENED: [_request.c.reopened_times > 0],
    }
    return conditions.get(figure, [false()])


def _registered_between(first: date, last: date) -> list[Any]:
    start, end = _moments(first, last)
    return [_request.c.registered_at >= start, _request.c.registered_at < end]


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the beginning of the first day and the end of the last, in the time zone of Uttar Pradesh."""
    start = max(first, date(1900, 1, 1))
    return datetime.combine(start, time(), IST), datetime.combine(last + timedelta(days=1), time(), IST)


_APPROVED = _event.c.action == Action.APPROVE.value
_EVENTS: dict[str, ColumnElement[bool]] = {
    **{
        measure: _event.c.action.in_([str(action) for action, to in mis.FLOW_OF.items() if to == measure])
        for measure in set(mis.FLOW_OF.values()) - {mis.REGISTERED}
    },
    **{measure: is_of_suggestion(measure, _event) for measure in mis.OF_SUGGESTIONS},
    mis.KEPT: is_kept(_event),
    mis.IN_TIME: and_(_APPROVED, _event.c.details["in_time"].as_boolean()),
    mis.DISPUTED: and_(_event.c.action == Action.REFUSE.value, _event.c.status == Status.CLOSED.value),
}
