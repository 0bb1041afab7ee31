"""The figures of an office and of those below it, and the requests behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from wss import clock
from wss.domain.compensation import open_period
from wss.domain.lifecycle import Status
from wss.domain.mis import FIGURES
from wss.domain.typed_values import whole_number
from wss.queries.mis_lists import LATE, PAGE, MisListEntry, MisListQuery, lines_behind
from wss.queries.officers import names_of
from wss.queries.reference import OfficeEntry, Reference, reference
from wss.services.mis.figures import MisOverview, overview
from wss.services.requests.owed_sums import owed_now
from wss.web.access import current_staff
from wss.web.charts import Bar, BarValue, bars
from wss.web.filters import month, short_month
from wss.web.labels.requests import office_status
from wss.web.labels.staff import post_name
from wss.web.mis.blueprint import mis
from wss.web.mis.columns import (
    COLUMNS,
    MONTHLY,
    NOW,
    PERIOD,
    SUGGESTIONS,
    MisRow,
    kind_rows,
    kind_words,
    office_rows,
    office_words,
)
from wss.web.mis.filters import MisFilterForm, read_mis_filter
from wss.web.pages import render

_TILES = ("pending", "late", "resolved_in_time", "refused", "closed_unconfirmed")


@mis.get("/mis")
def figures() -> Response:
    """Show what is pending and what was resolved, office by office."""
    tables, today = reference(), clock.local_date(clock.now())
    mis_filter = read_mis_filter(request.args, current_staff(), tables, today)
    found = overview(mis_filter.query, tables, today)
    return render(
        "mis/figures.html",
        "mis/_figures.html",
        status=422 if mis_filter.errors else 200,
        **page_context(mis_filter, tables),
        rows=office_rows(found, mis_filter.office, _("This office itself")),
        kinds=kind_rows(found, tables),
        foot=MisRow(_("Grand total"), found.whole, {}),
        now_columns=NOW,
        period_columns=PERIOD,
        suggestion_columns=SUGGESTIONS,
        tiles=[COLUMNS[name] for name in _TILES],
        months=found.months,
        by_month=list(zip(found.months, found.questions, strict=True)),
        month_columns=[COLUMNS[name] for name in MONTHLY],
        bars=_chart_bars(found.months),
        chart_title=chart_title(found),
        owes=tables.claim_kind(mis_filter.office.code) is not None,
    )


def _chart_bars(months: Sequence[tuple[date, int]]) -> list[Bar]:
    """Return the bars of the months: the highest is highlighted, and has its number as the last one does."""
    most = max((n for _, n in months), default=0)
    tallest = next((place for place, (_, n) in enumerate(months) if n == most), 0)
    return bars(
        [
            BarValue(
                short_month(month),
                n,
                "bar odd" if place == tallest and most else "bar",
                is_labelled=place in (tallest, len(months) - 1),
            )
            for place, (month, n) in enumerate(months)
        ]
    )


@mis.get("/mis/requests")
def requests() -> Response:
    """Show the requests behind a figure, exactly as many as it counts."""
    tables, today = reference(), clock.local_date(clock.now())
    mis_filter = read_mis_filter(request.args, current_staff(), tables, today)
    figure, after = request.args.get("figure", ""), request.args.get("after", "")
    place = whole_number(after)
    if mis_filter.errors or figure not in FIGURES or (after and place is None):
        abort(404)
    own, query = request.args.get("own") == "1", mis_filter.query
    list_query = MisListQuery(figure, query.office_code, query.kind, query.first, query.last, place, own)
    lines = lines_behind(list_query, today)
    return render(
        "mis/requests.html",
        **page_context(mis_filter, tables),
        column=COLUMNS[figure],
        is_of_period=COLUMNS[figure] in (*PERIOD, *SUGGESTIONS),
        is_of_late=figure == LATE,
        today=today,
        owed=_owed_sums(lines[:PAGE], tables, today) if figure == LATE else {},
        names=names_of({line.assignee_id for line in lines[:PAGE] if line.assignee_id}),
        lines=lines[:PAGE],
        list_args={"figure": figure, **({"own": "1"} if own else {})},
        after=lines[PAGE - 1].number if len(lines) > PAGE else None,
        is_first=place is None,
        offices=tables.offices,
        status_words=status_words,
        post_name=post_name,
    )


def _owed_sums(lines: Sequence[MisListEntry], tables: Reference, today: date) -> dict[str, int]:
    """Return what is owed for late requests since their present promise, by complaint number."""
    found = {}
    for line in lines:
        period = open_period(Status(line.status), line.promised_on, line.status_since, today)
        if period and not line.frozen and tables.compensation_rate(line.kind, line.office_code):
            found[line.complaint_no] = owed_now(line.kind, line.office_code, period, tables)
    return found


def chart_title(found: MisOverview) -> str:
    """Return the chart in a sentence, for screen readers."""
    least, most = (chosen(found.months, key=lambda one: one[1]) for chosen in (min, max))
    return _(
        "Open at the end of each month, %(first)s to %(last)s. Lowest: %(least)s in %(low)s. "
        "Highest: %(most)s in %(high)s.",
        first=month(found.months[0][0]),
        last=month(found.months[-1][0]),
        low=month(least[0]),
        least=least[1],
        high=month(most[0]),
        most=most[1],
    )


def status_words(status: str) -> str:
    """Return a status as offices read it."""
    return str(office_status(status))


def page_context(mis_filter: MisFilterForm, tables: Reference) -> dict[str, Any]:
    """Return the context that every page of this blueprint needs."""
    return {
        "mis_filter": mis_filter,
        "office": mis_filter.office,
        "above": _offices_above(mis_filter.office, tables),
        "kind_choices": [(code, kind_words(code, tables)) for code in tables.kinds],
        "kind_name": lambda code: kind_words(code, tables),
        "office_words": office_words,
        "requests_url": _requests_url,
    }


def _offices_above(office: OfficeEntry, tables: Reference) -> list[OfficeEntry]:
    """Return the offices above that the reader may see, the highest first."""
    own, codes = current_staff().office_code, office.path.split("/")[:-1]
    return [tables.offices[code] for code in codes[codes.index(own) :]] if own in codes else []


def _requests_url(mis_filter: MisFilterForm, figure: str, query_args: dict[str, str]) -> str:
    """Return the address of the requests behind a figure of a row."""
    values: dict[str, Any] = {**mis_filter.address, **query_args, "figure": figure}
    return url_for("mis.requests", **values)
