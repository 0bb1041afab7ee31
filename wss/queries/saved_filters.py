"""Filters of the To-Do list that officers have saved, each officer's own."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, delete, func, select, update

from wss.db import core, execute_count, insert
from wss.models import SavedFilter, Staff

_filter = cast(Table, SavedFilter.__table__)
_staff = cast(Table, Staff.__table__)


@dataclass(frozen=True, slots=True)
class SavedFilterRow:
    """A saved filter: its name, and the query arguments of its list."""

    id: int
    name: str
    filter_args: dict[str, str]
    is_default: bool


def saved_filters(employee_id: str) -> list[SavedFilterRow]:
    """Return the filters of an employee, by name."""
    statement = (
        select(*(_filter.c[name] for name in SavedFilterRow.__slots__))
        .where(_filter.c.employee_id == employee_id)
        .order_by(func.lower(_filter.c.name), _filter.c.id)
    )
    return [SavedFilterRow(*row) for row in core().execute(statement)]


def default_filter(employee_id: str) -> dict[str, str]:
    """Return the query arguments of the filter that an employee's list begins with; empty without one."""
    statement = select(_filter.c.filter_args).where(
        _filter.c.employee_id == employee_id, _filter.c.is_default
    )
    return core().execute(statement).scalar() or {}


def put_filter(employee_id: str, name: str, filter_args: dict[str, Any]) -> None:
    """Save a filter; one of the same name is replaced."""
    added = insert(_filter).values(
        employee_id=employee_id, name=name, filter_args=filter_args, is_default=False
    )
    core().execute(
        added.on_conflict_do_update(
            index_elements=["employee_id", "name"], set_={"filter_args": added.excluded.filter_args}
        )
    )


def rename_filter(employee_id: str, filter_id: int, name: str) -> bool:
    """Rename a filter; False for one that is not the employee's."""
    return bool(execute_count(update(_filter).where(*_own(employee_id, filter_id)).values(name=name)))


def delete_filter(employee_id: str, filter_id: int) -> bool:
    """Delete a filter; False for one that is not the employee's."""
    return bool(execute_count(delete(_filter).where(*_own(employee_id, filter_id))))


def set_default(employee_id: str, filter_id: int | None) -> None:
    """Make one filter, or none, the employee's default; in one statement, so that there are never two."""
    is_it = _filter.c.id == (filter_id or 0)
    core().execute(update(_filter).where(_filter.c.employee_id == employee_id).values(is_default=is_it))


def delete_of_former_staff(today: date) -> int:
    """Delete the filters of employees who have left: their names are the employee's own words."""
    former = select(_staff.c.employee_id).where(_staff.c.left_on <= today)
    return execute_count(delete(_filter).where(_filter.c.employee_id.in_(former)))


def _own(employee_id: str, filter_id: int) -> tuple[Any, ...]:
    return _filter.c.id == filter_id, _filter.c.employee_id == employee_id
