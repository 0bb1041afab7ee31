"""Statements that count the MIS from requests, timelines and revisions: office, measure, kind, day, how many, money."""

from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Table,
    and_,
    case,
    func,
    literal,
    select,
)
from sqlalchemy import cast as sql_cast

from wss.domain import mis
from wss.domain.lifecycle import BEFORE_RESOLVED, Action, Status
from wss.domain.resolution_times import NO_DAYS, TOOK
from wss.models import Event, Revision, ServiceRequest
from wss.models.service_request import IS_OPEN
from wss.queries._fragments import can_be_late, day_of, is_kept, is_of_suggestion

_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_revision = cast(Table, Revision.__table__)
_ONE, _NOTHING = literal(1), literal(0)
_REASON = _request.c.fields["reason"].as_string()
_APPROVED = _event.c.action == Action.APPROVE.value
# A revision is approved in the transaction of its request's resolution.
_SAME_TRANSACTION = timedelta(minutes=1)


def request_counts(*, is_sqlite: bool) -> list[Select[Any]]:
    """Select the counts from the present state of requests."""
    registered_on = day_of(_request.c.registered_at, is_sqlite=is_sqlite)
    before_resolved = _request.c.status.in_([status.value for status in BEFORE_RESOLVED])
    in_dispute = case((before_resolved, _request.c.disputed_paise), else_=0)
    due = can_be_late(_request, is_sqlite=is_sqlite)
    open_ones = [
        _counted(_request, literal(mis.PENDING) + _request.c.status, registered_on, paise=in_dispute),
        _counted(_request, literal(mis.DUE), _request.c.promised_on).where(due),
        _counted(_request, literal(mis.ESCALATED), registered_on).where(_request.c.escalation_level > 0),
        _counted(_request, literal(mis.ONCE_REOPENED), registered_on).where(_request.c.reopened_times > 0),
    ]
    return [
        *(one.where(IS_OPEN) for one in open_ones),
        _counted(_request, literal(mis.REGISTERED), registered_on),
        _counted(_request, literal(mis.REASON), registered_on, kind=_REASON).where(_REASON != ""),
    ]


def event_counts(*, is_sqlite: bool) -> list[Select[Any]]:
    """Select the counts from events, in the office where the request counts now."""
    table = _request.join(_event, _event.c.service_request_id == _request.c.id)
    on = day_of(_event.c.at, is_sqlite=is_sqlite)
    names = {str(action): measure for action, measure in mis.FLOW_OF.items() if action != mis.REGISTER}
    in_time = and_(_APPROVED, _event.c.details["in_time"].as_boolean())
    stopped = _event.c.details["stopped"].as_integer()
    ends_question = _event.c.action.in_([action.value for action in mis.ENDS_QUESTION])
    disputed = and_(_event.c.action == Action.REFUSE.value, _event.c.status == Status.CLOSED.value)
    month, took = _took(on, is_sqlite=is_sqlite)
    return [
        _counted(table, case(names, value=_event.c.action), on).where(_event.c.action.in_(list(names))),
        _counted(table, literal(mis.IN_TIME), on).where(in_time),
        _counted(table, literal(mis.KEPT), on).where(is_kept(_event)),
        _counted(table, month, took).where(_APPROVED),
        _counted(table, literal(mis.DISPUTED), on).where(disputed),
        _counted(table, literal(mis.STOPPED_DAYS), on, stopped).where(ends_question, stopped > 0),
        *(
            _counted(table, literal(one), on).where(is_of_suggestion(one, _event))
            for one in mis.OF_SUGGESTIONS
        ),
    ]


def correction_counts(*, is_sqlite: bool) -> Select[Any]:
    """Select by how much approved revisions changed the bills of requests, on the day of the resolution."""
    on = day_of(_event.c.at, is_sqlite=is_sqlite)
    is_its = and_(
        _event.c.service_request_id == _revision.c.service_request_id,
        _APPROVED,
        _event.c.at <= _revision.c.decided_at,
        _event.c.at > _earlier(_revision.c.decided_at, is_sqlite=is_sqlite),
    )
    table = _revision.join(_event, is_its).join(_request, _request.c.id == _revision.c.service_request_id)
    change = func.abs(_revision.c.issued_paise - _revision.c.revised_paise)
    counted = _counted(table, literal(mis.RESOLVED), on, _NOTHING, change)
    return counted.where(_revision.c.state == "approved")


def _earlier(moment: ColumnElement[Any], *, is_sqlite: bool) -> ColumnElement[Any]:
    if is_sqlite:
        seconds = f"-{_SAME_TRANSACTION.seconds} seconds"
        return func.strftime("%Y-%m-%d %H:%M:%f", moment, seconds, type_=_event.c.at.type)
    return moment - literal(_SAME_TRANSACTION)


def _took(on: ColumnElement[date], *, is_sqlite: bool) -> tuple[ColumnElement[str], ColumnElement[date]]:
    """Return measure and day of a resolution on a day: `took` of domain/resolution_times as SQL."""
    month = literal(TOOK) + func.substr(sql_cast(on, String), 1, 7)
    since = day_of(_request.c.registered_at, is_sqlite=is_sqlite)
    if not is_sqlite:
        return month, sql_cast(literal(NO_DAYS, Date) + (on - since), Date)
    days = sql_cast(sql_cast(func.julianday(on) - func.julianday(since), Integer), String)
    return month, func.date(NO_DAYS.isoformat(), days + literal(" days"), type_=Date)


def _counted(
    table: Any,
    measure: ColumnElement[str],
    day: ColumnElement[date],
    n: Any = _ONE,
    paise: Any = _NOTHING,
    kind: Any = _request.c.kind,
) -> Select[Any]:
    columns = (_request.c.office_code, measure.label("measure"), kind.label("kind"), day.label("day"))
    return select(*columns, n.label("n"), paise.label("paise")).select_from(table)
