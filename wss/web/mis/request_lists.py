"""The requests behind a figure, page by page and as a file: who holds each, and by which number they can be called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, abort, make_response, request
from flask_babel import gettext as _

from wss import clock
from wss.domain.compensation import open_period
from wss.domain.identifiers import grouped_complaint_no
from wss.domain.lifecycle import Status
from wss.domain.mis import FIGURES
from wss.domain.typed_values import whole_number
from wss.gateways.workbooks import Worksheet, as_csv
from wss.queries.mis_lists import LATE, PAGE, MisListEntry, MisListQuery, lines_behind
from wss.queries.mis_officers import names_within
from wss.queries.reference import Reference, reference
from wss.services.mis.request_files import AT_MOST, export_requests
from wss.services.requests.owed_sums import owed_now
from wss.web.access import current_actor, current_staff, needs_step_up
from wss.web.downloads import A_CSV, as_download
from wss.web.filters import day
from wss.web.labels.requests import office_status
from wss.web.labels.staff import post_name
from wss.web.mis.blueprint import mis
from wss.web.mis.columns import COLUMNS, PERIOD, SUGGESTIONS, kind_words, office_words
from wss.web.mis.filters import MisFilterForm, read_mis_filter
from wss.web.mis.views import page_context
from wss.web.pages import render

# Of a post that several employees have so many are named.
NAMED = 3


@dataclass(frozen=True, slots=True)
class AskedList:
    """The list that an address asks for: the filter, the figure, and the query."""

    mis_filter: MisFilterForm
    figure: str
    query: MisListQuery

    @property
    def arguments(self) -> dict[str, str]:
        """Return the query arguments of the list, beyond those of the filter."""
        return {"figure": self.figure, **({"own": "1"} if self.query.only_own else {})}


@mis.get("/mis/requests")
def requests() -> Response:
    """Show the requests behind a figure, exactly as many as it counts."""
    tables, today = reference(), clock.local_date(clock.now())
    asked = _asked_list(tables, today)
    found = lines_behind(asked.query, today)
    lines, is_late = found[:PAGE], asked.figure == LATE
    return render(
        "mis/requests.html",
        **page_context(asked.mis_filter, tables),
        column=COLUMNS[asked.figure],
        is_of_period=COLUMNS[asked.figure] in (*PERIOD, *SUGGESTIONS),
        is_of_late=is_late,
        days_late=lambda line: (today - line.promised_on).days,
        owed=_owed_sums(lines, tables, today) if is_late else {},
        names=HolderNames(lines, today),
        lines=lines,
        list_args=asked.arguments,
        after=lines[-1].number if len(found) > PAGE else None,
        is_first=asked.query.after is None,
        offices=tables.offices,
        status_words=status_words,
        post_name=post_name,
    )


@mis.get("/mis/requests.csv")
def requests_file() -> Response:
    """Return the requests behind a figure as CSV, in the order of the page."""
    if redirect := needs_step_up():
        return redirect
    tables, today = reference(), clock.local_date(clock.now())
    asked = _asked_list(tables, today)
    file = export_requests(current_actor(), asked.query, today)
    names = HolderNames(file.lines, today)
    heads = [_("Complaint number"), _("Office"), _("Kind"), _("Status"), _("Created"), _("Decide by")]
    heads += [_("Days overdue"), _("With whom"), _("Name"), _("Office of the holder"), _("Telephone")]
    rows = [heads, *(_cells(line, names, tables, today) for line in file.lines)]
    if file.is_cut:
        rows.append([_("There are more than %(n)s requests. Choose an office below this one.", n=AT_MOST)])
    content = as_csv([Worksheet(str(COLUMNS[asked.figure].words), rows)])
    name = f"mis-{asked.figure}-{asked.mis_filter.office.code}-{today.isoformat()}"
    return as_download(make_response(content), A_CSV, name)


def _asked_list(tables: Reference, today: date) -> AskedList:
    """Return the list that the address asks for. Answers 404 if no figure has such a list."""
    mis_filter = read_mis_filter(request.args, current_staff(), tables, today)
    figure, after = request.args.get("figure", ""), request.args.get("after", "")
    place = whole_number(after)
    if mis_filter.errors or figure not in FIGURES or (after and place is None):
        abort(404)
    own, query = request.args.get("own") == "1", mis_filter.query
    listed = MisListQuery(figure, query.office_code, query.kind, query.first, query.last, place, own)
    return AskedList(mis_filter, figure, listed)


class HolderNames:
    """The names of those who hold requests, as far as they serve in the reader's office or below it."""

    def __init__(self, lines: Sequence[MisListEntry], today: date) -> None:
        offices = {line.holder_office_code for line in lines}
        self._names = names_within(current_staff().office_code, offices, today)

    def of(self, line: MisListEntry) -> str:
        """Return the name of the employee to whom a request is assigned, or of those who have its post."""
        serving = self._names.get((line.holder_office_code, line.holder_role), {})
        if line.assignee_id:
            return serving.get(line.assignee_id, line.assignee_id)
        return ", ".join(list(serving.values())[:NAMED])


def _cells(line: MisListEntry, names: HolderNames, tables: Reference, today: date) -> list[str | int]:
    holder = tables.offices[line.holder_office_code]
    late = (today - line.promised_on).days
    return [
        grouped_complaint_no(line.complaint_no),
        office_words(tables.offices[line.office_code]),
        kind_words(line.kind, tables),
        status_words(line.status),
        day(line.registered_at),
        day(line.promised_on),
        max(late, 0),
        str(post_name(line.holder_role)),
        names.of(line),
        office_words(holder),
        holder.phone,
    ]


def _owed_sums(lines: Sequence[MisListEntry], tables: Reference, today: date) -> dict[str, int]:
    """Return what is owed for late requests since their present promise, by complaint number."""
    found = {}
    for line in lines:
        period = open_period(Status(line.status), line.promised_on, line.status_since, today)
        if period and not line.frozen and tables.compensation_rate(line.kind, line.office_code):
            found[line.complaint_no] = owed_now(line.kind, line.office_code, period, tables)
    return found


def status_words(status: str) -> str:
    """Return a status as offices read it."""
    return str(office_status(status))
