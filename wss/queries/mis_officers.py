"""Who holds the open requests of an office and those below it: posts and employees, with the longest overdue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Table, case, func, or_, select

from wss.db import core
from wss.models import Office, ServiceRequest, Staff
from wss.models.service_request import IS_AT_POST
from wss.queries._fragments import is_in_subtree, offices_in_subtree, path_of_office

_request = cast(Table, ServiceRequest.__table__)
_staff = cast(Table, Staff.__table__)
_office = cast(Table, Office.__table__)


@dataclass(frozen=True, slots=True)
class HeldRequests:
    """What a post of an office holds, or the employee to whom it is assigned; `due_first` is its earliest promise."""

    office_code: str
    role: str
    employee_id: str | None
    n: int
    late: int
    due_first: date


def held_requests(office_code: str, today: date, at_most: int) -> list[HeldRequests]:
    """Return the holders of requests that wait for the office, the most overdue first."""
    late = func.sum(case((_request.c.promised_on < today, 1), else_=0))
    keys = (_request.c.holder_office_code, _request.c.holder_role, _request.c.assignee_id)
    statement = (
        select(*keys, func.count(), late, func.min(_request.c.promised_on))
        .where(IS_AT_POST, _request.c.office_code.in_(offices_in_subtree(office_code)))
        .group_by(*keys)
        .order_by(late.desc(), func.count().desc(), *keys)
        .limit(at_most)
    )
    return [HeldRequests(*row) for row in core().execute(statement)]


def names_within(
    office_code: str, offices: Collection[str], today: date
) -> dict[tuple[str, str], dict[str, str]]:
    """Return the names of who serves in some offices, as far as these are the first office or below it.

    By office and role, and by their ids.
    """
    statement = (
        select(_staff.c.office_code, _staff.c.role, _staff.c.employee_id, _staff.c.name)
        .join(_office, _office.c.code == _staff.c.office_code)
        .where(
            _staff.c.office_code.in_(offices),
            is_in_subtree(_office.c.path, path_of_office(office_code)),
            or_(_staff.c.left_on.is_(None), _staff.c.left_on > today),
        )
        .order_by(_staff.c.name, _staff.c.employee_id)
    )
    found: dict[tuple[str, str], dict[str, str]] = {}
    for office, role, employee_id, name in core().execute(statement):
        found.setdefault((office, role), {})[employee_id] = name
    return found
