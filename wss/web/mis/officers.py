"""Who holds the open requests of an office and those below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response, request

from wss import clock
from wss.queries.mis import counts_of
from wss.queries.mis_officers import HeldRequests, held_requests, names_within
from wss.queries.reference import OfficeEntry, Reference, reference
from wss.web.access import current_staff
from wss.web.labels.staff import post_name
from wss.web.mis.blueprint import mis
from wss.web.mis.filters import read_mis_filter
from wss.web.mis.request_lists import NAMED
from wss.web.mis.views import page_context
from wss.web.pages import render

# The holders are counted when the page is opened: of an office with more open requests those below it are offered.
COUNTED_AT_MOST = 50_000
SHOWN = 100


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """A post or an employee with the requests that they hold; without names for those of offices above."""

    post: str
    names: str
    is_assigned: bool
    office: OfficeEntry
    held: HeldRequests
    days_late: int


@mis.get("/mis/officers")
def officers() -> Response:
    """Show which post or employee holds how many open requests, and how many of them are overdue."""
    tables, today = reference(), clock.local_date(clock.now())
    mis_filter = read_mis_filter({"office": request.args.get("office", "")}, current_staff(), tables, today)
    code = mis_filter.office.code
    is_counted = counts_of(code, today).open <= COUNTED_AT_MOST
    return render(
        "mis/officers.html",
        **page_context(mis_filter, tables),
        is_counted=is_counted,
        rows=_rows(code, tables, today) if is_counted else [],
        below=[each for each in tables.offices.values() if each.parent_code == code],
        shown=SHOWN,
    )


def _rows(office_code: str, tables: Reference, today: date) -> list[OfficerRow]:
    held = held_requests(office_code, today, SHOWN)
    names = names_within(current_staff().office_code, {one.office_code for one in held}, today)
    return [_row(one, names.get((one.office_code, one.role), {}), tables, today) for one in held]


def _row(held: HeldRequests, serving: dict[str, str], tables: Reference, today: date) -> OfficerRow:
    named = [serving.get(held.employee_id, held.employee_id)] if held.employee_id else list(serving.values())
    days_late = max(0, (today - held.due_first).days) if held.late else 0
    office = tables.offices[held.office_code]
    is_assigned = held.employee_id is not None
    return OfficerRow(
        str(post_name(held.role)), ", ".join(named[:NAMED]), is_assigned, office, held, days_late
    )
