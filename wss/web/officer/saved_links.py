"""The saved filters of an officer as links above the list, with the number of requests where that is cheap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from wss import clock
from wss.queries.reference import Reference
from wss.queries.saved_filters import SavedFilterRow, saved_filters
from wss.queries.staff import SignedInStaff
from wss.queries.todo import count_if_cheap
from wss.web.officer.todo_filter import TodoFilterForm, read_filter

# Requests are counted up to this number, which is shown as "99+".
_COUNTED = 100


@dataclass(frozen=True, slots=True)
class SavedFilterLink:
    """A saved filter as a link; `count` is empty for a list that would take long to count."""

    saved: SavedFilterRow
    address: str
    count: str
    is_here: bool


def saved_links(form: TodoFilterForm, me: SignedInStaff, tables: Reference) -> list[SavedFilterLink]:
    """Return the links of the reader's filters; `form` is the filter of the present list."""
    return [
        SavedFilterLink(
            saved,
            _address(saved),
            _count(saved, me, tables),
            saved.filter_args == form.filter_args,
        )
        for saved in saved_filters(me.employee_id)
    ]


def _address(saved: SavedFilterRow) -> str:
    values: dict[str, Any] = {**saved.filter_args}
    return url_for("officer.todo", **values)


def _count(saved: SavedFilterRow, me: SignedInStaff, tables: Reference) -> str:
    form = read_filter(saved.filter_args, me, tables)
    today = clock.local_date(clock.now())
    number = None if form.errors else count_if_cheap(form.todo_filter, today, _COUNTED)
    if number is None:
        return ""
    return str(number) if number < _COUNTED else f"{_COUNTED - 1}+"
