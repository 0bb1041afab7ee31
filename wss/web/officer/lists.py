"""The lists of requests of an office: To-Do with the billing system's filters, and pending billing requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask_wtf.csrf import generate_csrf

from wss import clock
from wss.domain.errors import Malformed
from wss.domain.identifiers import account_no, complaint_no
from wss.domain.lifecycle import APPROVERS, OFFICERS
from wss.domain.step_batches import CHOOSABLE, ChosenRequest
from wss.domain.todo_filter import TodoCounts, TodoFilter, TodoSort, parse_cursor
from wss.domain.triage_values import VERDICT_ORDER
from wss.queries import revisions
from wss.queries.mis import OpenCounts, counts_of
from wss.queries.officers import names_of
from wss.queries.reference import Reference, reference
from wss.queries.saved_filters import default_filter
from wss.queries.staff import SignedInStaff
from wss.queries.timelines import has_forwarded
from wss.queries.todo import (
    COUNTED_AT_MOST,
    PAGE,
    TodoLine,
    post_counts,
    todo_counts,
    todo_page,
)
from wss.queries.triage import triage_of
from wss.services.requests.officer_checks import is_held_above, is_pool_member
from wss.services.requests.pool import take_next
from wss.web.access import current_actor, current_staff
from wss.web.fields import OFFICE_MESSAGES, row_id
from wss.web.labels.officer import TEMPLATE_LABELS, WHOSE
from wss.web.labels.requests import localized_name, office_status
from wss.web.labels.suggestions import VERDICT_CHIPS
from wss.web.officer.blueprint import officer
from wss.web.officer.cluster_lines import cluster_lines
from wss.web.officer.disputed_bills import disputed_bills
from wss.web.officer.list_entries import ORDERS
from wss.web.officer.list_links import redirect_to_list, remember_list
from wss.web.officer.saved_links import saved_links
from wss.web.officer.todo_filter import (
    STATUSES,
    TodoFilterForm,
    is_lowest,
    offices_below,
    pending_filter,
    post_of,
    read_filter,
    whose_for,
)
from wss.web.pages import redirect_to, render

# The number of new requests that are shown at once; a link leads to the others.
NEW_AT_MOST = 5


@officer.get("/todo")
def todo() -> Response:
    """Show the open requests of the reader's offices, as the query filters them.

    Without a query it is the filter that the officer begins with, if they have chosen one.
    """
    if not request.args and (default := default_filter(current_staff().employee_id)):
        return redirect_to("officer.todo", **default)
    return list_page()


@officer.post("/todo/next")
def next_request() -> Response:
    """Take up the most urgent request and open it."""
    number = take_next(current_actor())
    if number is None:
        return redirect_to_list(none="1")
    if request.form.get("opens") == "work":
        return redirect_to("officer.work_page", complaint_no=number)
    return redirect_to("officer.request_page", complaint_no=number, done="take_up")


@officer.get("/pending")
def pending() -> Response:
    """Show the billing requests that are not decided yet, all or those of an account."""
    me, tables, typed = current_staff(), reference(), request.args.get("account_no", "").strip()
    error, number = "", ""
    if typed:
        try:
            number = account_no(typed)
        except Malformed as wrong:
            error = str(OFFICE_MESSAGES[wrong.code])
    todo_filter = pending_filter(me, tables, number, request.args.get("sort", ""))
    sort = todo_filter.sort
    todo_filter = replace(todo_filter, after=parse_cursor(request.args.get("after", ""), sort))
    address = {"account_no": number, "sort": "" if sort is TodoSort.PROMISED else sort.value}
    return render(
        "officer/pending.html",
        "officer/_pending.html",
        status=422 if error else 200,
        typed=typed,
        error=error,
        opens="officer.revision",
        disputed_bills=disputed_bills(number, me.office_code, tables) if number else [],
        forwarded=forwarded_number(),
        address={name: value for name, value in address.items() if value},
        orders=ORDERS,
        sort_links=_sort_links("officer.pending", address),
        **_own_waiting(me.office_code),
        **lines_context(todo_filter, tables, is_wrong=bool(error)),
    )


def _own_waiting(office_code: str) -> dict[str, object]:
    """Return a page of the revisions without a complaint, and the cursor of the next page."""
    cursor = request.args.get("waiting_after", 0, type=row_id)
    waiting = revisions.waiting_revisions(office_code, cursor)
    has_more = len(waiting) > revisions.PAGE
    return {
        "may_propose": current_staff().role in OFFICERS,
        "own_sent_back": revisions.sent_back_to(current_staff().employee_id),
        "own_waiting": waiting[: revisions.PAGE],
        "own_after": waiting[revisions.PAGE - 1].id if has_more else None,
    }


def list_page(name: str = "", name_error: str = "") -> Response:
    """Show the list of the query; with the name of a filter that could not be saved, and why."""
    me, tables = current_staff(), reference()
    form = read_filter(request.args, me, tables)
    remember_list({name: form.typed.get(name, value) for name, value in request.args.items()})
    today, todo_filter = clock.local_date(clock.now()), form.todo_filter
    counts: OpenCounts | TodoCounts = (
        todo_counts(todo_filter.office_code, todo_filter.assigned_to, today)
        if todo_filter.assigned_to
        else counts_of(todo_filter.office_code, today)
    )
    return render(
        "officer/todo.html",
        "officer/_todo.html",
        status=422 if form.errors or name_error else 200,
        me=me,
        filter=form,
        office=tables.offices[todo_filter.office_code],
        offices=offices_below(me, tables),
        kind_choices=[(kind.code, localized_name(kind)) for kind in tables.kinds.values()],
        whose_choices=[(whose, WHOSE[whose]) for whose in whose_for(me)],
        status_choices=[(status.value, office_status(status)) for status in STATUSES],
        reason_choices=[(reason.code, localized_name(reason)) for reason in tables.reasons.values()],
        verdict_choices=[(verdict.value, VERDICT_CHIPS[verdict]) for verdict in VERDICT_ORDER],
        order_choices=[("" if sort is TodoSort.PROMISED else sort.value, ORDERS[sort]) for sort in ORDERS],
        sort_links=_sort_links("officer.todo", form.address),
        saved=saved_links(form, me, tables),
        saved_name=name,
        saved_name_error=name_error,
        counts=counts,
        is_cut=counts.open > COUNTED_AT_MOST and bool(todo_filter.assigned_to),
        queue=post_counts(post_of(me), today),
        own_to_decide=revisions.waiting_for(me.office_code, me.employee_id) if me.role in APPROVERS else 0,
        own_sent_back=len(revisions.sent_back_to(me.employee_id)),
        is_none_waiting=request.args.get("none") == "1",
        forwarded=forwarded_number(),
        clusters=cluster_lines(tables) if form.is_untouched else {},
        **lines_context(todo_filter, tables, is_wrong=bool(form.errors), new=_new_lines(form, me, today)),
    )


def _sort_links(endpoint: str, address: Mapping[str, str]) -> dict[TodoSort, str]:
    """Return the address of the same list in each order, from its first page on."""
    others: dict[str, Any] = {name: value for name, value in address.items() if value and name != "sort"}
    values = {sort: others | ({} if sort is TodoSort.PROMISED else {"sort": sort.value}) for sort in TodoSort}
    return {sort: url_for(endpoint, **each) for sort, each in values.items()}


def _new_lines(form: TodoFilterForm, me: SignedInStaff, today: date) -> list[TodoLine]:
    """Return the first requests that no officer has taken up; they are listed above the others."""
    if not form.is_untouched:
        return []
    return todo_page(TodoFilter(me.office_code, is_work=True, new_for=post_of(me)), today)[:NEW_AT_MOST]


def forwarded_number() -> str:
    """Return the number of a request that the reader has forwarded and can no longer see; else nothing.

    Any other number in the address is ignored, so that a link cannot show a number of its author's choice.
    """
    try:
        number = complaint_no(request.args.get("forwarded", ""))
    except Malformed:
        return ""
    return number if has_forwarded(current_staff().employee_id, number) else ""


def lines_context(
    todo_filter: TodoFilter, tables: Reference, *, is_wrong: bool, new: Sequence[TodoLine] = ()
) -> dict[str, Any]:
    """Return the requests of a page and the cursor of the next one; `new` are shown above and not repeated."""
    today = clock.local_date(clock.now())
    lines: list[TodoLine] = [] if is_wrong else todo_page(todo_filter, today)
    after = str(lines[PAGE - 1].place_in(todo_filter.sort)) if len(lines) > PAGE else ""
    new_ids = {line.id for line in new}
    shown = [line for line in lines[:PAGE] if line.id not in new_ids]
    all_lines = [*new, *shown]
    triage = triage_of([line.id for line in all_lines])
    facts: dict[str, object] = {
        "triage": triage,
        "may_take_up": not is_pool_member(current_actor()),
        # Not offered as the next step: a senior post has them, although any post that sees them may take them up.
        "held_above": {line.id for line in all_lines if is_held_above(current_actor(), line.holder_role)},
        # The holder is named in lists of late requests and in lists of several offices.
        "shows_holder": todo_filter.late or not is_lowest(todo_filter.office_code, tables),
        "sort": todo_filter.sort,
        "tables": tables,
        "today": today,
        "names": names_of({line.assignee_id for line in all_lines if line.assignee_id}),
        "choosable": CHOOSABLE,
    }
    return {
        "new_lines": new,
        "lines": shown,
        "after": after,
        "is_first": replace(todo_filter, after=None) == todo_filter,
        # The macros of the rows have no context of their own.
        "words": {**TEMPLATE_LABELS, **facts, "token": generate_csrf()},
        "chosen_page": [
            ChosenRequest(line.complaint_no, triage[line.id].version)
            for line in all_lines
            if line.status in CHOOSABLE and not line.frozen
        ],
        **facts,
    }
