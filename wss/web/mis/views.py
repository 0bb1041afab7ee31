"""The figures of an office and of those below it, and the requests behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from wss import clock
from wss.domain.office_figures import IN_DISPUTE, KEPT_SHARE, last_day_of_month, month_before
from wss.domain.routing import LEVELS
from wss.queries.reference import OfficeEntry, Reference, reference
from wss.services.mis.figures import MisOverview, levels_below, overview
from wss.web.access import current_staff
from wss.web.charts import Bar, BarValue, bars
from wss.web.filters import day, month, short_month
from wss.web.labels.mis_levels import level_words
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
    ranked_rows,
)
from wss.web.mis.filters import MisFilterForm, read_mis_filter
from wss.web.mis.ranking import MEDIAN, RANKED, RankedRow, order_choices, order_words
from wss.web.mis.reasons import reason_rows
from wss.web.pages import render

_TILES = ("pending", "late", KEPT_SHARE, MEDIAN, IN_DISPUTE)
# An office has at most a few dozen below it. Of a level there may be a thousand: the first of the order are shown.
RANKED_ROWS = 50


@mis.get("/mis")
def figures() -> Response:
    """Show what is pending and what was resolved, office by office."""
    tables, today = reference(), clock.local_date(clock.now())
    mis_filter = read_mis_filter(request.args, current_staff(), tables, today)
    found = overview(mis_filter.query, tables, today)
    ranked = ranked_rows(found, mis_filter.order, tables, mis_filter.office)
    whole = found.medians[mis_filter.office.code]
    levels = levels_below(mis_filter.office.code, tables)
    return render(
        "mis/figures.html",
        "mis/_figures.html",
        status=422 if mis_filter.errors else 200,
        **page_context(mis_filter, tables),
        rows=office_rows(ranked, found, mis_filter.office, _("This office itself")),
        ranked=ranked[:RANKED_ROWS],
        ranked_columns=RANKED.values(),
        order_choices=order_choices(mis_filter.order),
        levels=levels,
        level_choices=_level_choices(levels),
        ranking_caption=_ranking_caption(mis_filter, len(ranked)),
        period_before=" – ".join(day(each) for each in mis_filter.query.before),
        month_of_period=f"{mis_filter.query.last:%Y-%m}",
        months_to_choose=_month_links(mis_filter, today),
        whole=RankedRow(mis_filter.office.code, _("Grand total"), "", found.whole, whole),
        reasons=reason_rows(mis_filter, tables),
        kinds=kind_rows(found, tables),
        foot=MisRow(_("Grand total"), found.whole, {}),
        detailed=not mis_filter.query.level,
        now_columns=NOW,
        period_columns=PERIOD,
        suggestion_columns=SUGGESTIONS,
        tiles=[RANKED[name] for name in _TILES],
        months=found.months,
        by_month=list(zip(found.months, found.questions, strict=True)),
        month_columns=[COLUMNS[name] for name in MONTHLY],
        bars=_chart_bars(found.months),
        chart_title=chart_title(found),
        owes=tables.claim_kind(mis_filter.office.code) is not None,
    )


def _level_choices(levels: dict[str, int]) -> list[tuple[str, str]]:
    """Return the offices that can be ranked: those directly below, or all of a level, the highest first."""
    named = [(level, levels[level]) for level in reversed(LEVELS) if level in levels]
    below = [(level.value, f"{level_words(level)} ({n})") for level, n in named]
    return [("", _("Directly below")), *below]


def _ranking_caption(mis_filter: MisFilterForm, offices: int) -> str:
    words = _("Ranking by: %(order)s", order=order_words(mis_filter.order))
    if offices <= RANKED_ROWS:
        return words
    return words + ". " + _("The first %(n)s of %(of)s offices.", n=RANKED_ROWS, of=offices)


def _month_links(mis_filter: MisFilterForm, today: date) -> list[tuple[str, str]]:
    """Return links to this month and to the last one, in words."""
    last = month_before(today.replace(day=1), last_day_of_month(today))
    periods = ((_("This month"), (today.replace(day=1), today)), (_("Last month"), last))
    addresses: list[dict[str, Any]] = [
        mis_filter.level_address | {"from": first.isoformat(), "to": to.isoformat()}
        for _words, (first, to) in periods
    ]
    return [
        (each[0], url_for("mis.figures", **address)) for each, address in zip(periods, addresses, strict=True)
    ]


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


def page_context(mis_filter: MisFilterForm, tables: Reference) -> dict[str, Any]:
    """Return the context that every page of this blueprint needs."""
    return {
        "mis_filter": mis_filter,
        "office": mis_filter.office,
        "above": _offices_above(mis_filter.office, tables),
        "kind_choices": [(code, kind_words(code, tables)) for code in tables.kinds],
        "kind_name": lambda code: kind_words(code, tables),
        "office_words": office_words,
        "requests_url": requests_url,
    }


def _offices_above(office: OfficeEntry, tables: Reference) -> list[OfficeEntry]:
    """Return the offices above that the reader may see, the highest first."""
    own, codes = current_staff().office_code, office.path.split("/")[:-1]
    return [tables.offices[code] for code in codes[codes.index(own) :]] if own in codes else []


def requests_url(mis_filter: MisFilterForm, figure: str, query_args: dict[str, str]) -> str:
    """Return the address of the requests behind a figure of a row."""
    values: dict[str, Any] = {**mis_filter.address, **query_args, "figure": figure}
    return url_for("mis.requests", **values)
