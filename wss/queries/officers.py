"""Officers who handle requests: possible assignees, own connections, and offices with a pooled queue."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, exists, func, literal, or_, select

from wss.db import core
from wss.domain.actor import HANDLING_ROLES
from wss.models import Connection, Consumer, Event, Office, Ownership, ServiceRequest, Staff
from wss.queries._fragments import is_in_subtree, path_of_office

_staff = cast(Table, Staff.__table__)
_office = cast(Table, Office.__table__)
_connection = cast(Table, Connection.__table__)
_consumer = cast(Table, Consumer.__table__)
_event = cast(Table, Event.__table__)
_request = cast(Table, ServiceRequest.__table__)
_ownership = cast(Table, Ownership.__table__)


@dataclass(frozen=True, slots=True)
class Colleague:
    """An employee as officers see each other."""

    employee_id: str
    name: str
    role: str
    office_code: str


_colleague = [_staff.c[name] for name in Colleague.__slots__]
_serves = or_(_staff.c.left_on.is_(None), _staff.c.left_on > bindparam("today"))
_colleagues = (
    select(*_colleague)
    .join(_office, _office.c.code == _staff.c.office_code)
    .where(
        _staff.c.role.in_(HANDLING_ROLES),
        _serves,
        # At or below the officer's own office, and at or above the office where the request counts: others could not
        # see the request.
        is_in_subtree(_office.c.path, path_of_office(bindparam("office_code"))),
        is_in_subtree(path_of_office(bindparam("seen_from")), _office.c.path),
    )
    .order_by(_staff.c.office_code.desc(), _staff.c.name, _staff.c.employee_id)
)
# The consumer who made the request, and the present owner of the connection.
_is_of_connection = or_(
    _consumer.c.id == bindparam("consumer_id"),
    _consumer.c.id.in_(
        select(_ownership.c.consumer_id).where(
            _ownership.c.account_no == bindparam("account_no"), _ownership.c.ended_at.is_(None)
        )
    ),
)
_same_consumer = exists().where(
    _is_of_connection,
    or_(
        _consumer.c.mobile == _staff.c.mobile,
        func.lower(_consumer.c.email) == func.lower(_staff.c.email),
    ),
)
_own_connection = select(literal(1)).where(
    _staff.c.employee_id == bindparam("employee_id"),
    _connection.c.account_no == bindparam("account_no"),
    or_(
        _staff.c.mobile == _connection.c.mobile_on_record,
        func.lower(_staff.c.email) == func.lower(_connection.c.email_on_record),
        _same_consumer,
    ),
)


def colleagues_for(office_code: str, seen_from: str, today: date) -> list[Colleague]:
    """Return to whom an officer of this office can assign a request that counts in another office of theirs."""
    asked = {"office_code": office_code, "seen_from": seen_from, "today": today}
    return [Colleague(*row) for row in core().execute(_colleagues, asked)]


def colleague(employee_id: str) -> Colleague | None:
    """Return an employee, including one who has left."""
    found = core().execute(select(*_colleague).where(_staff.c.employee_id == employee_id)).first()
    return Colleague(*found) if found else None


def names_of(employee_ids: set[str]) -> dict[str, str]:
    """Return the names of employees; to be shown to officers only."""
    statement = select(_staff.c.employee_id, _staff.c.name).where(_staff.c.employee_id.in_(employee_ids))
    return {row.employee_id: row.name for row in core().execute(statement)} if employee_ids else {}


def is_own_connection(employee_id: str, account_no: str, consumer_id: int | None) -> bool:
    """Return whether an employee's mobile or e-mail is that of a connection or of its consumer."""
    asked = {"employee_id": employee_id, "account_no": account_no, "consumer_id": consumer_id}
    return core().execute(_own_connection, asked).first() is not None


def is_pooled(office_code: str) -> bool:
    """Return whether an office has a pooled queue, which assigns the next request itself."""
    return bool(core().execute(select(_office.c.pooled).where(_office.c.code == office_code)).scalar())


def who_did(request_id: int) -> dict[int, str]:
    """Return the employee of each event of a timeline, by the event's number."""
    statement = select(_event.c.number, _event.c.employee_id).where(
        _event.c.service_request_id == request_id, _event.c.employee_id.is_not(None)
    )
    return {row.number: row.employee_id for row in core().execute(statement)}


def follow_up_of(complaint_no: str) -> str | None:
    """Return the follow-up complaint of a complaint that was closed by a third refusal."""
    statement = select(_request.c.complaint_no).where(_request.c.form_token == f"follows {complaint_no}")
    return core().execute(statement).scalar()
