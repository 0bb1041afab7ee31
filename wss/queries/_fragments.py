"""Conditions that several statements share; the only module of queries that other queries may import."""

from datetime import date
from typing import Any, cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Delete,
    FromClause,
    ScalarSelect,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    inspect,
    literal,
    or_,
    select,
)
from sqlalchemy import cast as sql_cast

from wss.domain.lifecycle import AT_WORK, Action, Status
from wss.domain.mis import SUGGESTION_STEPS, UNDOES
from wss.models import Bill, Event, Office

_bill = cast(Table, Bill.__table__)
_office = cast(Table, Office.__table__)
_later = cast(Table, Event.__table__).alias("later")


def path_of_office(code: Any) -> ScalarSelect[str]:
    """Select the path of an office: the codes from the discom down to it, separated by slashes."""
    return select(_office.c.path).where(_office.c.code == code).scalar_subquery()


def is_in_subtree(path: Any, top: Any) -> ColumnElement[bool]:
    """Return whether the office with this path is the office of the path `top` or lies below it.

    Compares by position, since a code may hold characters that are wildcards in a pattern.
    """
    prefix = top + literal("/")
    return func.substr(path + literal("/"), 1, func.length(prefix)) == prefix


def offices_in_subtree(code: Any) -> Select[tuple[str]]:
    """Select the codes of an office and of every office below it."""
    return select(_office.c.code).where(is_in_subtree(_office.c.path, path_of_office(code)))


def day_of(moment: ColumnElement[Any], *, is_sqlite: bool) -> ColumnElement[date]:
    """Return the date of a moment in the time zone of Uttar Pradesh."""
    if is_sqlite:
        return func.date(moment, "+5 hours", "+30 minutes", type_=Date)
    return sql_cast(func.timezone("Asia/Kolkata", moment), Date)


def is_of_suggestion(measure: str, event: FromClause) -> ColumnElement[bool]:
    """Return whether an event of a timeline counts as this measure of suggestions."""
    outcome = event.c.details["suggestion"].as_string()
    steps = [step for step, measures in SUGGESTION_STEPS.items() if measure in measures]
    return or_(*(and_(event.c.action == action.value, outcome == made.value) for action, made in steps))


def is_kept(event: FromClause) -> ColumnElement[bool]:
    """Return whether an event is a resolution in time that the consumer has neither refused nor reopened since.

    Only such a step leads from one resolution to the next, so that any later one undoes it.
    """
    undone = exists().where(
        _later.c.service_request_id == event.c.service_request_id,
        _later.c.number > event.c.number,
        _later.c.action.in_([action.value for action in UNDOES]),
    )
    in_time = event.c.details["in_time"].as_boolean()
    return and_(event.c.action == Action.APPROVE.value, in_time, ~undone)


def can_be_late(request: FromClause, *, is_sqlite: bool) -> ColumnElement[bool]:
    """Return whether a request can become late after its promised day: `late_from` of domain/lateness as SQL."""
    at_work = request.c.status.in_([status.value for status in AT_WORK])
    asked_on = day_of(request.c.status_since, is_sqlite=is_sqlite)
    was_late_when_asked = and_(
        request.c.status == Status.INFO_REQUESTED.value, request.c.promised_on < asked_on
    )
    return or_(at_work, was_late_when_asked)


def is_late(request: FromClause, today: Any, *, is_sqlite: bool) -> ColumnElement[bool]:
    """Return whether a request is late on this day, a date or a parameter: `is_late` of domain/lateness as SQL."""
    return and_(request.c.promised_on < today, can_be_late(request, is_sqlite=is_sqlite))


def _earlier_bills() -> CTE:
    bill, before = _bill.alias(), _bill.alias()
    columns = (bill.c.bill_no.label("asked"), bill.c.bill_no, bill.c.revises)
    asked = bill.c.bill_no.in_(bindparam("bill_nos", expanding=True))
    start = select(*columns).where(asked).cte("earlier", recursive=True)
    step = select(start.c.asked, before.c.bill_no, before.c.revises)
    return start.union_all(step.join(start, before.c.bill_no == start.c.revises))


# Of each of the bills of the parameter `bill_nos` (`asked`) itself and the bills that it revises, back to the one that
# was issued first, which revises none.
EARLIER_BILLS = _earlier_bills()


def delete_some(model: Any, how_many: int, *conditions: ColumnElement[bool]) -> Delete:
    """Delete at most so many rows.

    Large deletes run in such batches, so that they do not block other writers for long.
    """
    return delete(model).where(_key(model).in_(some_of(model, how_many, *conditions)))


def some_of(model: Any, how_many: int, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the keys of at most so many rows."""
    return select(_key(model)).where(*conditions).limit(how_many)


def _key(model: Any) -> Any:
    return inspect(model).primary_key[0]
