"""The conditions and orders of the To-Do list, for any alias of the table of requests."""

from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Table,
    TextClause,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from wss.domain.actor import Role
from wss.domain.lifecycle import AT_WORK, Status
from wss.domain.todo_filter import SORT_KEYS, TodoSort
from wss.models import Office, ServiceRequest, Staff
from wss.models.service_request import IS_AT_POST, IS_OPEN, IS_WORK
from wss.queries._fragments import is_in_subtree, is_late, path_of_office

TODAY = bindparam("today", type_=Date)

_request = cast(Table, ServiceRequest.__table__)
_office = cast(Table, Office.__table__)
_staff = cast(Table, Staff.__table__)
# A request in review without an assignee was forwarded or escalated, or its assignee has left.
_NEW = [status.value for status in AT_WORK if status is not Status.PROPOSED]
_post_path = path_of_office(bindparam("post_office"))
_offices_of_post = select(_office.c.code).where(is_in_subtree(_office.c.path, _post_path))
# The columns of each order, and whether it begins with the highest values. Each order has an index of an office.
_ORDERS: dict[TodoSort, tuple[tuple[str, ...], bool]] = {
    TodoSort.PROMISED: (("promised_on", "id"), False),
    TodoSort.AMOUNT: (("disputed_paise", "id"), True),
    TodoSort.TIMES_USUAL: (("usual_tenths", "id"), True),
    TodoSort.NEWEST: (("id",), True),
    TodoSort.VERDICT: (("verdict_order", "promised_on", "id"), False),
}
_AFTER = {
    "promised_on": bindparam("after_day", type_=Date),
    "id": bindparam("after_id", type_=_request.c.id.type),
    **{key: bindparam("after_key", type_=BigInteger) for key in SORT_KEYS.values()},
}


def still_there(narrowed: frozenset[str]) -> TextClause:
    """Return the condition for requests that have not ended, written as in the index that serves it."""
    return IS_WORK if "is_work" in narrowed else IS_OPEN


def still_listed(narrowed: frozenset[str], table: FromClause, sort: TodoSort) -> list[Any]:
    """Return the same where the index of an order finds them; only that by promised day has one of work alone."""
    if sort is TodoSort.PROMISED:
        return [still_there(narrowed)]
    return [IS_OPEN, table.c.status != Status.RESOLVED.value] if "is_work" in narrowed else [IS_OPEN]


def in_order(columns: Any, sort: TodoSort) -> list[ColumnElement[Any]]:
    """Return the columns by which a list of this order is sorted."""
    names, is_descending = _ORDERS[sort]
    return [columns[name].desc() if is_descending else columns[name] for name in names]


def _after(table: FromClause, sort: TodoSort) -> ColumnElement[bool]:
    """Return the condition that a request comes after the cursor."""
    names, is_descending = _ORDERS[sort]
    place, cursor = tuple_(*(table.c[name] for name in names)), tuple_(*(_AFTER[name] for name in names))
    return place < cursor if is_descending else place > cursor


def filters_of(
    narrowed: frozenset[str], is_sqlite: bool, table: FromClause, sort: TodoSort = TodoSort.PROMISED
) -> list[ColumnElement[bool]]:
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
        "late": is_late(table, TODAY, is_sqlite=is_sqlite),
        "escalated": table.c.escalation_level > 0,
        "reason": table.c.dispute_reason == bindparam("reason"),
        "verdict": table.c.suggested_verdict == bindparam("verdict"),
        "basis": table.c.disputed_basis == bindparam("basis"),
        "without_basis": table.c.disputed_basis == "",
        "with_photo": table.c.photos > 0,
        "without_photo": table.c.photos == 0,
        "amount_from": table.c.disputed_paise >= bindparam("amount_from"),
        "amount_to": table.c.disputed_paise.between(1, bindparam("amount_to")),
        "after": _after(table, sort),
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
