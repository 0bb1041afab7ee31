"""The To-Do list: pages of the work of an office and those below it, the earliest due first."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import (
    FromClause,
    Select,
    Table,
    bindparam,
    case,
    func,
    literal,
    select,
    true,
)

from wss.db import core, database
from wss.domain.lifecycle import Status
from wss.domain.todo_filter import (
    SORT_KEYS,
    OfficerPost,
    PostCounts,
    TodoCounts,
    TodoCursor,
    TodoFilter,
    TodoSort,
)
from wss.models import Connection, Office, ServiceRequest
from wss.models.service_request import IS_OPEN, IS_WORK
from wss.queries._fragments import is_in_subtree, is_late, path_of_office
from wss.queries._todo_conditions import TODAY, filters_of, in_order, still_listed, still_there

PAGE = 50
# Requests are counted up to this bound; beyond it the list says "and more".
COUNTED_AT_MOST = 2_000

_request = cast(Table, ServiceRequest.__table__)
_office = cast(Table, Office.__table__)
_connection = cast(Table, Connection.__table__)


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
    disputed_paise: int
    usual_tenths: int
    suggested_verdict: str
    verdict_order: int
    consumer_name: str

    def place_in(self, sort: TodoSort) -> TodoCursor:
        """Return its cursor in the list of an order."""
        key = SORT_KEYS.get(sort)
        return TodoCursor(self.promised_on, self.id, getattr(self, key) if key else None)


_COLUMNS = [name for name in TodoLine.__slots__ if name != "consumer_name"]
_path = path_of_office(bindparam("office_code"))
_below = is_in_subtree(_office.c.path, _path)
_subtree = select(_office.c.code).where(_below)
# Filters with an index of their own, independent of the offices that are searched.
_HAVE_AN_INDEX = frozenset({"account_no", "assigned_to", "new_for", "to_decide"})
# The number of built statements that are kept.
_KEPT = 512


def todo_page(todo_filter: TodoFilter, today: date) -> list[TodoLine]:
    """Return a page of the list and, where there are more, the first entry of the next page."""
    statement = _page(database().is_sqlite, _narrowed_by(todo_filter), todo_filter.sort)
    return [TodoLine(*row) for row in core().execute(statement, _parameters(todo_filter, today))]


def todo_counts(office_code: str, assigned_to: str, today: date) -> TodoCounts:
    """Count the open work of an employee, or else of an office and those below it, up to a bound.

    The sums of the MIS have the same counts of an office without a bound.
    """
    todo_filter = TodoFilter(office_code, assigned_to=assigned_to)
    statement = _counts(database().is_sqlite, _narrowed_by(todo_filter))
    return TodoCounts(*core().execute(statement, _parameters(todo_filter, today)).one())


def place_of(request_id: int, sort: TodoSort) -> TodoCursor:
    """Return the cursor of a request in the list of an order; the caller may see it (already checked)."""
    key = SORT_KEYS.get(sort)
    columns = [_request.c.promised_on, _request.c.id, *([_request.c[key]] if key else [])]
    return TodoCursor(*core().execute(select(*columns).where(_request.c.id == request_id)).one())


def count_if_cheap(todo_filter: TodoFilter, today: date, at_most: int) -> int | None:
    """Count the requests of a list up to a bound; None for a list that could only be counted by reading all offices."""
    narrowed = _narrowed_by(todo_filter)
    if not narrowed & _HAVE_AN_INDEX and "is_lowest" not in narrowed:
        return None
    statement = _count(database().is_sqlite, narrowed, at_most)
    return int(core().execute(statement, _parameters(todo_filter, today)).scalar_one())


def post_counts(post: OfficerPost, today: date) -> PostCounts:
    """Return how much waits for an employee, each count up to a bound."""
    parameters = _of_post(post) | {"today": today, "assigned_to": post.employee_id}
    return PostCounts(*core().execute(_counts_of_post(database().is_sqlite), parameters).one())


def next_of_post(post: OfficerPost, not_for: list[str], today: date) -> str | None:
    """Return the most urgent complaint that a post holds without an assignee in service, except `not_for`.

    The row is locked, so that a concurrent caller gets another one.
    """
    is_sqlite, parameters = database().is_sqlite, _of_post(post) | {"today": today}
    waiting = select(_request.c.complaint_no).where(
        filters_of(frozenset({"new_for"}), is_sqlite, _request)[0]
    )
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
    return frozenset(name for name in TodoFilter.__slots__ if name != "sort" and getattr(todo_filter, name))


def _parameters(todo_filter: TodoFilter, today: date) -> dict[str, Any]:
    apart = ("after", "new_for", "to_decide")
    parameters: dict[str, Any] = {
        name: getattr(todo_filter, name) for name in _narrowed_by(todo_filter) if name not in apart
    }
    if todo_filter.after:
        after = todo_filter.after
        parameters |= {"after_day": after.promised_on, "after_id": after.id, "after_key": after.key}
    post = todo_filter.new_for or todo_filter.to_decide
    parameters |= _of_post(post) if post else {}
    return parameters | {"today": today}


# Cached for each set of filters, as are the counts: building them again would take two fifths of the page's processor
# time (9.0 ms instead of 15 to 16 ms).
@lru_cache(_KEPT)
def _page(is_sqlite: bool, narrowed: frozenset[str], sort: TodoSort = TodoSort.PROMISED) -> Select[Any]:
    if narrowed & _HAVE_AN_INDEX:
        chosen = _first_lines(_requests(narrowed, is_sqlite, _request, sort), sort)
    elif "is_lowest" in narrowed:
        chosen = _first_lines(_of_one_office(narrowed, is_sqlite, sort), sort)
    elif is_sqlite:
        chosen = _first_lines(_of_offices_one_by_one(narrowed, sort), sort)
    else:
        chosen = _first_lines(_of_offices_side_by_side(narrowed, sort), sort)
    # The names are joined only for the rows of the page.
    page = chosen.subquery("page")
    return (
        select(*page.c, _connection.c.consumer_name)
        .join_from(page, _connection, _connection.c.account_no == page.c.account_no)
        .order_by(*in_order(page.c, sort))
    )


@lru_cache(_KEPT)
def _count(is_sqlite: bool, narrowed: frozenset[str], at_most: int) -> Select[Any]:
    by_index = narrowed & _HAVE_AN_INDEX
    found = _requests(narrowed, is_sqlite, _request) if by_index else _of_one_office(narrowed, is_sqlite)
    return select(func.count()).select_from(found.limit(at_most).subquery())


@cache
def _counts(is_sqlite: bool, narrowed: frozenset[str]) -> Select[Any]:
    some = _requests(narrowed, is_sqlite, _request).limit(COUNTED_AT_MOST + 1).subquery()
    conditions = (
        is_late(some, TODAY, is_sqlite=is_sqlite),
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
        narrow = filters_of(frozenset({narrowed}), is_sqlite, _request)
        some = select(literal(1)).where(IS_OPEN, IS_WORK, *narrow).limit(COUNTED_AT_MOST + 1)
        counted.append(select(func.count()).select_from(some.subquery()).scalar_subquery())
    return select(*counted)


def _requests(
    narrowed: frozenset[str], is_sqlite: bool, table: FromClause, sort: TodoSort = TodoSort.PROMISED
) -> Select[Any]:
    """Select the requests of an account, or else the open ones, in the offices that may be seen."""
    statement = _columns_of(table).where(
        table.c.office_code.in_(_subtree), *filters_of(narrowed, is_sqlite, table, sort)
    )
    # The index of an employee covers everything open: only the same condition can use it.
    there = [] if "account_no" in narrowed else [IS_OPEN, still_there(narrowed)]
    return statement.where(*there)


def _of_one_office(
    narrowed: frozenset[str], is_sqlite: bool, sort: TodoSort = TodoSort.PROMISED
) -> Select[Any]:
    own = _request.c.office_code == bindparam("office_code")
    filters = filters_of(narrowed, is_sqlite, _request, sort)
    return _columns_of(_request).where(*still_listed(narrowed, _request, sort), own, *filters)


def _of_offices_side_by_side(narrowed: frozenset[str], sort: TodoSort) -> Select[Any]:
    """Select each office's first rows by its part of the index: the cost does not grow with the number of requests."""
    one = _request.alias("one")
    first = _first_lines(
        _columns_of(one).where(
            *still_listed(narrowed, one, sort),
            one.c.office_code == _office.c.code,
            *filters_of(narrowed, False, one, sort),
        ),
        sort,
    )
    first_of_office = first.correlate(_office).lateral("beside")
    return _columns_of(first_of_office).select_from(_office.join(first_of_office, true())).where(_below)


def _of_offices_one_by_one(narrowed: frozenset[str], sort: TodoSort) -> Select[Any]:
    """Select the same for SQLite, which has no LATERAL but runs a correlated subquery again for each row."""
    one = _request.alias("one")
    first = (
        select(one.c.id)
        .where(
            *still_listed(narrowed, one, sort),
            one.c.office_code == _office.c.code,
            *filters_of(narrowed, True, one, sort),
        )
        .order_by(*in_order(one.c, sort))
        .limit(PAGE + 1)
        .correlate(_office)
    )
    return _columns_of(_request).join_from(_office, _request, _request.c.id.in_(first)).where(_below)


def _columns_of(table: FromClause) -> Select[Any]:
    return select(*(table.c[name] for name in _COLUMNS))


def _first_lines(statement: Select[Any], sort: TodoSort) -> Select[Any]:
    return statement.order_by(*in_order(statement.selected_columns, sort)).limit(PAGE + 1)
