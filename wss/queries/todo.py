"""The To-Do list: pages of the work of an office and those below it, the earliest due first."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Table,
    TextClause,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from wss.db import core, database
from wss.domain.actor import Role
from wss.domain.lifecycle import AT_WORK, Status
from wss.domain.todo_filter import OfficerPost, PostCounts, TodoCounts, TodoCursor, TodoFilter
from wss.models import Connection, Office, ServiceRequest, Staff
from wss.models.service_request import IS_AT_POST, IS_OPEN, IS_WORK
from wss.queries._fragments import is_in_subtree, is_late, path_of_office

PAGE = 50
# Requests are counted up to this bound; beyond it the list says "and more".
COUNTED_AT_MOST = 2_000
_TODAY = bindparam("today", type_=Date)

_request = cast(Table, ServiceRequest.__table__)
_office = cast(Table, Office.__table__)
_connection = cast(Table, Connection.__table__)
_staff = cast(Table, Staff.__table__)


@dataclass(frozen=True, slots=True)
class TodoLine:
    """A request as the list shows it."""

    id: int
    complaint_no: str
    account_no: str
    kind: str
    status: str
    registered_at: datetime
    promised_on: date
    status_since: datetime
    escalation_level: int
    office_code: str
    holder_office_code: str
    holder_role: str
    assignee_id: str | None
    frozen: bool
    consumer_name: str

    @property
    def place(self) -> TodoCursor:
        """Return its cursor in the list."""
        return TodoCursor(self.promised_on, self.id)


_COLUMNS = [name for name in TodoLine.__slots__ if name != "consumer_name"]
# A request in review without an assignee was forwarded or escalated, or its assignee has left.
_NEW = [status.value for status in AT_WORK if status is not Status.PROPOSED]
_path = path_of_office(bindparam("office_code"))
_below = is_in_subtree(_office.c.path, _path)
_subtree = select(_office.c.code).where(_below)
_post_path = path_of_office(bindparam("post_office"))
_offices_of_post = select(_office.c.code).where(is_in_subtree(_office.c.path, _post_path))
# Filters with an index of their own, independent of the offices that are searched.
_HAVE_AN_INDEX = frozenset({"account_no", "assigned_to", "new_for", "to_decide"})


def todo_page(todo_filter: TodoFilter, today: date) -> list[TodoLine]:
    """Return a page of the list and, where there are more, the first entry of the next page."""
    statement = _page(database().is_sqlite, _narrowed_by(todo_filter))
    return [TodoLine(*row) for row in core().execute(statement, _parameters(todo_filter, today))]


def todo_counts(office_code: str, assigned_to: str, today: date) -> TodoCounts:
    """Count the open work of an employee, or else of an office and those below it, up to a bound.

    The sums of the MIS have the same counts of an office without a bound.
    """
    todo_filter = TodoFilter(office_code, assigned_to=assigned_to)
    statement = _counts(database().is_sqlite, _narrowed_by(todo_filter))
    return TodoCounts(*core().execute(statement, _parameters(todo_filter, today)).one())


def post_counts(post: OfficerPost, today: date) -> PostCounts:
    """Return how much waits for an employee, each count up to a bound."""
    parameters = _of_post(post) | {"today": today, "assigned_to": post.employee_id}
    return PostCounts(*core().execute(_counts_of_post(database().is_sqlite), parameters).one())


def next_of_post(post: OfficerPost, not_for: list[str], today: date) -> str | None:
    """Return the most urgent complaint that a post holds without an assignee in service, except `not_for`.

    The row is locked, so that a concurrent caller gets another one.
    """
    is_sqlite, parameters = database().is_sqlite, _of_post(post) | {"today": today}
    waiting = select(_request.c.complaint_no).where(_filters(frozenset({"new_for"}), is_sqlite, _request)[0])
    most_urgent = (
        waiting.where(_request.c.complaint_no.not_in(not_for))
        .order_by(_request.c.promised_on, _request.c.escalation_level.desc(), _request.c.id)
        .limit(1)
    )
    if is_sqlite:
        return core().execute(most_urgent, parameters).scalar()
    most_urgent = most_urgent.with_for_update(skip_locked=True, of=_request)
    while (number := core().execute(most_urgent, parameters).scalar()) is not None:
        # For a row that changed just before it was locked, PostgreSQL checks its new columns but not the subquery
        # for an assignee again: only the next statement sees that a colleague has it now.
        if core().execute(waiting.where(_request.c.complaint_no == number), parameters).first() is not None:
            return number
    return None


def _of_post(post: OfficerPost) -> dict[str, str]:
    return {"post_role": post.role, "post_office": post.office_code, "post_employee": post.employee_id}


def _narrowed_by(todo_filter: TodoFilter) -> frozenset[str]:
    """Return the filters that are in use: each set of them is one cached statement."""
    return frozenset(name for name in TodoFilter.__slots__ if getattr(todo_filter, name))


def _parameters(todo_filter: TodoFilter, today: date) -> dict[str, Any]:
    apart = ("after", "new_for", "to_decide")
    parameters: dict[str, Any] = {
        name: getattr(todo_filter, name) for name in _narrowed_by(todo_filter) if name not in apart
    }
    if todo_filter.after:
        parameters |= {"after_day": todo_filter.after.promised_on, "after_id": todo_filter.after.id}
    post = todo_filter.new_for or todo_filter.to_decide
    parameters |= _of_post(post) if post else {}
    return parameters | {"today": today}


# Cached for each set of filters, as are the counts: building them again would take two fifths of the page's processor
# time (9.0 ms instead of 15 to 16 ms).
@cache
def _page(is_sqlite: bool, narrowed: frozenset[str]) -> Select[Any]:
    if narrowed & _HAVE_AN_INDEX:
        chosen = _first_lines(_requests(narrowed, is_sqlite, _request))
    elif "is_lowest" in narrowed:
        chosen = _first_lines(_of_one_office(narrowed, is_sqlite))
    elif is_sqlite:
        chosen = _first_lines(_of_offices_one_by_one(narrowed))
    else:
        chosen = _first_lines(_of_offices_side_by_side(narrowed))
    # The names are joined only for the rows of the page.
    page = chosen.subquery("page")
    return (
        select(*page.c, _connection.c.consumer_name)
        .join_from(page, _connection, _connection.c.account_no == page.c.account_no)
        .order_by(page.c.promised_on, page.c.id)
    )


@cache
def _counts(is_sqlite: bool, narrowed: frozenset[str]) -> Select[Any]:
    some = _requests(narrowed, is_sqlite, _request).limit(COUNTED_AT_MOST + 1).subquery()
    conditions = (
        is_late(some, _TODAY, is_sqlite=is_sqlite),
        some.c.escalation_level > 0,
        some.c.status == Status.INFO_REQUESTED.value,
        some.c.status == Status.RESOLVED.value,
    )
    sums = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions)
    return select(func.count(), *sums).select_from(some)


@cache
def _counts_of_post(is_sqlite: bool) -> Select[Any]:
    """Select each count by the index that serves it."""
    counted = []
    for narrowed in ("new_for", "assigned_to", "to_decide"):
        narrow = _filters(frozenset({narrowed}), is_sqlite, _request)
        some = select(literal(1)).where(IS_OPEN, IS_WORK, *narrow).limit(COUNTED_AT_MOST + 1)
        counted.append(select(func.count()).select_from(some.subquery()).scalar_subquery())
    return select(*counted)


def _requests(narrowed: frozenset[str], is_sqlite: bool, table: FromClause) -> Select[Any]:
    """Select the requests of an account, or else the open ones, in the offices that may be seen."""
    statement = _columns_of(table).where(
        table.c.office_code.in_(_subtree), *_filters(narrowed, is_sqlite, table)
    )
    # The index of an employee covers everything open: only the same condition can use it.
    there = [] if "account_no" in narrowed else [IS_OPEN, _still_there(narrowed)]
    return statement.where(*there)


def _still_there(narrowed: frozenset[str]) -> TextClause:
    """Return the condition for requests that have not ended, written as in the index that serves it."""
    return IS_WORK if "is_work" in narrowed else IS_OPEN


def _of_one_office(narrowed: frozenset[str], is_sqlite: bool) -> Select[Any]:
    own = _request.c.office_code == bindparam("office_code")
    return _columns_of(_request).where(_still_there(narrowed), own, *_filters(narrowed, is_sqlite, _request))


def _of_offices_side_by_side(narrowed: frozenset[str]) -> Select[Any]:
    """Select each office's first rows by its part of the index: the cost does not grow with the number of requests."""
    one = _request.alias("one")
    first = _first_lines(
        _columns_of(one).where(
            _still_there(narrowed), one.c.office_code == _office.c.code, *_filters(narrowed, False, one)
        )
    )
    first_of_office = first.correlate(_office).lateral("beside")
    return _columns_of(first_of_office).select_from(_office.join(first_of_office, true())).where(_below)


def _of_offices_one_by_one(narrowed: frozenset[str]) -> Select[Any]:
    """Select the same for SQLite, which has no LATERAL but runs a correlated subquery again for each row."""
    one = _request.alias("one")
    first = (
        select(one.c.id)
        .where(_still_there(narrowed), one.c.office_code == _office.c.code, *_filters(narrowed, True, one))
        .order_by(one.c.promised_on, one.c.id)
        .limit(PAGE + 1)
        .correlate(_office)
    )
    return _columns_of(_request).join_from(_office, _request, _request.c.id.in_(first)).where(_below)


def _columns_of(table: FromClause) -> Select[Any]:
    return select(*(table.c[name] for name in _COLUMNS))


def _first_lines(statement: Select[Any]) -> Select[Any]:
    day, number = (statement.selected_columns[name] for name in ("promised_on", "id"))
    return statement.order_by(day, number).limit(PAGE + 1)


def _filters(narrowed: frozenset[str], is_sqlite: bool, table: FromClause) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters that are in use."""
    conditions: dict[str, ColumnElement[bool]] = {
        "assigned_to": table.c.assignee_id == bindparam("assigned_to"),
        "new_for": _is_new(table),
        "to_decide": _is_to_decide(table),
        "account_no": table.c.account_no == bindparam("account_no"),
        "kinds": table.c.kind.in_(bindparam("kinds", expanding=True)),
        "statuses": table.c.status.in_(bindparam("statuses", expanding=True)),
        "start": table.c.registered_at >= bindparam("start"),
        "end": table.c.registered_at < bindparam("end"),
        "late": is_late(table, _TODAY, is_sqlite=is_sqlite),
        "escalated": table.c.escalation_level > 0,
        "after": tuple_(table.c.promised_on, table.c.id)
        > tuple_(bindparam("after_day", type_=Date), bindparam("after_id", type_=_request.c.id.type)),
    }
    return [conditions[name] for name in sorted(narrowed & conditions.keys())]


def _is_new(table: FromClause) -> ColumnElement[bool]:
    """Return the condition that a post holds the request and that it has no assignee in service."""
    has_it = exists().where(
        _staff.c.employee_id == table.c.assignee_id,
        or_(_staff.c.left_on.is_(None), _staff.c.left_on > bindparam("today", type_=Date)),
    )
    held = table.c.holder_role == bindparam("post_role")
    return and_(IS_AT_POST, held, *_at_post(table), table.c.status.in_(_NEW), ~has_it)


def _is_to_decide(table: FromClause) -> ColumnElement[bool]:
    """Return the condition that another person proposed it and no post above holds it."""
    own = bindparam("post_role", type_=_request.c.holder_role.type)
    held = table.c.holder_role.in_([Role.BILLING_CLERK.value, own])
    is_anothers = func.coalesce(table.c.proposed_by, "") != bindparam("post_employee")
    # An expression instead of the column: SQLite would use the index of all proposed requests, in every office.
    is_proposed = table.c.status.concat("") == Status.PROPOSED.value
    return and_(IS_AT_POST, held, *_at_post(table), is_proposed, is_anothers)


def _at_post(table: FromClause) -> list[ColumnElement[bool]]:
    return [table.c.holder_office_code.in_(_offices_of_post), table.c.frozen.is_(False)]
