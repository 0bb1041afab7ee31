"""The next request after an action: of the list from which the officer came, or of their post."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from wss import clock
from wss.domain.lifecycle import AT_WORK, Status
from wss.domain.todo_filter import TodoFilter
from wss.domain.typed_values import whole_number
from wss.queries.clusters import cluster_of
from wss.queries.reference import Reference
from wss.queries.service_requests import RequestRow
from wss.queries.todo import TodoLine, place_of, post_counts, todo_page
from wss.web.access import current_staff
from wss.web.officer.cluster_lines import cluster_filter
from wss.web.officer.list_links import requested_list
from wss.web.officer.todo_filter import pending_filter, post_of, read_filter


@dataclass(frozen=True, slots=True)
class NextRequest:
    """The next row of the list, if there is one, and the number of requests that no officer has taken up."""

    line: TodoLine | None
    new: int


def next_after(seen: RequestRow, tables: Reference) -> NextRequest:
    """Return what the officer can continue with after an action on this request."""
    today = clock.local_date(clock.now())
    todo_filter = _filter_of_list(tables)
    line = _first_but(seen, replace(todo_filter, after=place_of(seen.id, todo_filter.sort)), today)
    new = post_counts(post_of(current_staff()), today).new
    return NextRequest(line or _first_but(seen, replace(todo_filter, after=None), today), new)


def _first_but(seen: RequestRow, todo_filter: TodoFilter, today: date) -> TodoLine | None:
    """Return the first other request of the list that the office can act on, or of the statuses it was filtered by."""
    lines = (line for line in todo_page(todo_filter, today) if line.id != seen.id)
    return next((line for line in lines if todo_filter.statuses or Status(line.status) in AT_WORK), None)


def _filter_of_list(tables: Reference) -> TodoFilter:
    endpoint, filter_args = requested_list()
    me = current_staff()
    if endpoint == "officer.pending":
        return pending_filter(me, tables, filter_args.get("account_no", ""), filter_args.get("sort", ""))
    if endpoint == "officer.cluster":
        found = cluster_of(whole_number(filter_args.get("number", "")) or 0, me.office_code)
        return cluster_filter(found) if found else read_filter({}, me, tables).todo_filter
    return read_filter(filter_args if endpoint == "officer.todo" else {}, me, tables).todo_filter
