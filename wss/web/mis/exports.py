"""The MIS figures as spreadsheet files: after the second factor, and with an entry in the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Response, abort, make_response, request
from flask_babel import gettext as _

from wss import clock
from wss.gateways.workbooks import Worksheet, as_csv, as_xlsx
from wss.queries.reference import Reference, reference
from wss.services.mis.figures import MisOverview, export_figures
from wss.web.access import current_actor, current_staff, needs_step_up
from wss.web.downloads import A_CSV, AN_XLSX, as_download
from wss.web.filters import day, month
from wss.web.mis.blueprint import mis
from wss.web.mis.columns import (
    COLUMNS,
    MONTHLY,
    NOW,
    PERIOD,
    SUGGESTIONS,
    MisRow,
    kind_rows,
    office_rows,
    ranked_rows,
    table_of,
)
from wss.web.mis.filters import MisFilterForm, read_mis_filter
from wss.web.mis.ranking import RANKED, RankedColumn, RankedRow


@mis.get("/mis.csv")
def csv_file() -> Response:
    """Return the tables of the page as CSV, one below the other."""
    return needs_step_up() or _file("csv", as_csv, A_CSV)


@mis.get("/mis.xlsx")
def xlsx_file() -> Response:
    """Return the tables of the page as XLSX, each on a sheet."""
    return needs_step_up() or _file("xlsx", as_xlsx, AN_XLSX)


def _file(form: str, write: Callable[[Sequence[Worksheet]], bytes], media_type: str) -> Response:
    tables, today = reference(), clock.local_date(clock.now())
    mis_filter = read_mis_filter(request.args, current_staff(), tables, today)
    if mis_filter.errors:
        abort(404)
    found = export_figures(current_actor(), mis_filter.query, today, form)
    response = make_response(write(_sheets(mis_filter, found, tables)))
    return as_download(response, media_type, f"mis-{mis_filter.office.code}-{today.isoformat()}")


def _sheets(mis_filter: MisFilterForm, found: MisOverview, tables: Reference) -> list[Worksheet]:
    ranked = ranked_rows(found, mis_filter.order, tables, mis_filter.office)
    rows = office_rows(ranked, found, mis_filter.office, _("This office itself"))
    foot = MisRow(_("Grand total"), found.whole, {})
    kinds = kind_rows(found, tables)
    period = f"{day(mis_filter.query.first)} – {day(mis_filter.query.last)}"
    months: list[list[str | int]] = [[_("Month"), *(str(COLUMNS[name].words) for name in MONTHLY)]]
    for (at, pending), questions in zip(found.months, found.questions, strict=True):
        months.append([month(at), pending, *questions])
    sheets = [
        Worksheet(_("Ranking"), _ranking(mis_filter, ranked)),
        Worksheet(_("Open now"), table_of(rows, foot, NOW, _("Office"))),
        Worksheet(_("In the period"), table_of(rows, foot, PERIOD, f"{_('Office')}, {period}")),
        Worksheet(_("Suggestions"), table_of(rows, foot, SUGGESTIONS, f"{_('Office')}, {period}")),
    ]
    if kinds:
        sheets.append(Worksheet(_("By kind"), table_of(kinds, foot, (*NOW, *PERIOD), _("Kind"))))
    return [*sheets, Worksheet(_("By month"), months)]


def _ranking(mis_filter: MisFilterForm, ranked: Sequence[RankedRow]) -> list[list[str | int]]:
    """Return the ranking as a file holds it; after each figure that of the month before."""
    first, last = mis_filter.query.before
    before = f"{day(first)} – {day(last)}"
    heads = [one for column in RANKED.values() for one in (str(column.words), f"{column.words}, {before}")]
    return [
        [_("Rank"), _("Office"), *heads],
        *(
            [place, row.words, *(one for column in RANKED.values() for one in _both(column, row))]
            for place, row in enumerate(ranked, 1)
        ),
    ]


def _both(column: RankedColumn, row: RankedRow) -> list[str]:
    values = (column.value(row.figures, row.medians, is_before=is_before) for is_before in (False, True))
    return [column.shown(value) for value in values]
