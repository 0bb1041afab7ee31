"""The sheet of a month: a page to print, and the same as a PDF of one A4 page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, request
from flask_babel import gettext as _

from wss import clock
from wss.domain.errors import NotFound
from wss.domain.identifiers import grouped_complaint_no
from wss.domain.mis import REFUSED, REGISTERED, RESOLVED
from wss.domain.office_figures import KEPT_SHARE, months_until
from wss.gateways.pdf import month_sheet as draw_sheet
from wss.gateways.pdf_text import MonthSheetText, SheetFigure, TableText
from wss.queries.reference import OfficeEntry, Reference, reference
from wss.services.mis.month_sheet import MonthSheet, WorstOffice, month_sheet
from wss.web.access import current_staff
from wss.web.filters import day, month, short_month
from wss.web.labels.staff import post_name
from wss.web.language import page_language
from wss.web.mis.blueprint import mis
from wss.web.mis.columns import COLUMNS, office_words
from wss.web.mis.filters import read_mis_filter
from wss.web.mis.ranking import MEDIAN, RANKED, RankedColumn, Worse
from wss.web.mis.views import page_context
from wss.web.pages import render
from wss.web.pdf_downloads import pdf_response

_FIGURES = (
    RankedColumn(REGISTERED, COLUMNS[REGISTERED].words, Worse.NEITHER),
    RankedColumn(RESOLVED, COLUMNS[RESOLVED].words, Worse.LESS),
    RANKED[KEPT_SHARE],
    RANKED[MEDIAN],
)


@dataclass(frozen=True, slots=True)
class AskedSheet:
    """The sheet that an address asks for."""

    sheet: MonthSheet
    tables: Reference
    today: date


@mis.get("/mis/sheet")
def sheet() -> Response:
    """Show the sheet of an office and a month, ready to print."""
    asked = _asked_sheet()
    mis_filter = read_mis_filter(
        {"office": asked.sheet.office.code}, current_staff(), asked.tables, asked.today
    )
    words = _sheet_words(asked)
    most = max((n for _, n in words.bars), default=0) or 1
    return render(
        "mis/sheet.html",
        **page_context(mis_filter, asked.tables),
        sheet=words,
        month=asked.sheet.first,
        months=[(f"{one:%Y-%m}", month(one)) for one in reversed(months_until(asked.today))],
        bars=[(words, n, round(100 * max(n, 0) / most)) for words, n in words.bars],
    )


@mis.get("/mis/sheet.pdf")
def sheet_pdf() -> Response:
    """Send the sheet of an office and a month as a PDF."""
    asked = _asked_sheet()
    name = f"mis-{asked.sheet.office.code}-{asked.sheet.first:%Y-%m}"
    return pdf_response(name, draw_sheet, _sheet_words(asked))


def _asked_sheet() -> AskedSheet:
    """Return the sheet that the address asks for. Raises NotFound for a month before the last thirteen."""
    tables, today = reference(), clock.local_date(clock.now())
    office = request.args.get("office", "")
    mis_filter = read_mis_filter({"office": office}, current_staff(), tables, today)
    months = {f"{one:%Y-%m}": one for one in months_until(today)}
    typed = request.args.get("month") or max(months)
    if typed not in months:
        raise NotFound
    return AskedSheet(month_sheet(mis_filter.office, months[typed], tables, today), tables, today)


def _sheet_words(asked: AskedSheet) -> MonthSheetText:
    found = asked.sheet
    until = "" if found.last != asked.today else _("until %(day)s", day=day(found.last))
    table = _worst_offices(found.worst, asked) if found.worst else _overdue(asked) if found.overdue else None
    if found.overdue:
        worst = _("The longest overdue now")
    else:
        worst = _("The lowest shares of requests resolved in time and not refused")
    return MonthSheetText(
        _("MIS report of %(month)s", month=month(found.first)) + (f", {until}" if until else ""),
        office_words(found.office),
        _figures(found),
        _("Open at the end of each month"),
        tuple((short_month(at), n) for at, n in found.months),
        worst if table else _("Nothing to name: no request was resolved in this month, and none is overdue."),
        table,
        (
            _(
                "In time and not refused: resolved by the set date, and neither refused nor reopened by the"
                " consumer since. Days: from registration to resolution, the median of all resolutions of the month."
            ),
            _("Printed on %(day)s. Compared with the month before.", day=day(asked.today)),
        ),
        page_language(),
    )


def _figures(found: MonthSheet) -> tuple[SheetFigure, ...]:
    shown = []
    for column in _FIGURES:
        change = column.change(found.whole, found.medians)
        said = (change.arrow, change.words) if change else ()
        shown.append(
            SheetFigure(str(column.words), column.shown(column.value(found.whole, found.medians)), *said)
        )
    (_then, before), (_at, open_at_end) = found.months[-2:]
    arrow = "=" if before == open_at_end else "▲" if open_at_end > before else "▼"
    shown.append(SheetFigure(_("Open at the end"), str(open_at_end), arrow, _("was %(was)s", was=before)))
    return tuple(shown)


def _worst_offices(worst: Sequence[WorstOffice], asked: AskedSheet) -> TableText:
    columns = (RANKED[KEPT_SHARE], COLUMNS[RESOLVED], RANKED[MEDIAN], COLUMNS[REFUSED])
    lines = [
        (
            str(place),
            _name_with_office_above(one.office, asked),
            RANKED[KEPT_SHARE].shown(one.figures.share(KEPT_SHARE)),
            str(one.figures.of(RESOLVED)),
            RANKED[MEDIAN].shown(one.medians.days),
            str(one.figures.of(REFUSED)),
        )
        for place, one in enumerate(worst, 1)
    ]
    head = (_("Rank"), _("Office"), *(str(column.words) for column in columns))
    return TableText(head, tuple(lines), (2, 3, 4, 5))


def _name_with_office_above(office: OfficeEntry, asked: AskedSheet) -> str:
    above = asked.tables.offices.get(office.parent_code or "")
    is_direct = above is None or above.code == asked.sheet.office.code
    return (
        office_words(office)
        if is_direct or above is None
        else f"{office_words(office)}, {office_words(above)}"
    )


def _overdue(asked: AskedSheet) -> TableText:
    offices = asked.tables.offices
    lines = [
        (
            str(place),
            grouped_complaint_no(line.complaint_no),
            str((asked.today - line.promised_on).days),
            f"{post_name(line.holder_role)}, {office_words(offices[line.holder_office_code])}",
            offices[line.holder_office_code].phone,
        )
        for place, line in enumerate(asked.sheet.overdue, 1)
    ]
    head = (_("Rank"), _("Complaint number"), _("Days overdue"), _("With whom"), _("Telephone"))
    return TableText(head, tuple(lines), (2,))
