"""The consumption of a connection: a bar chart, unusual months in words, and the same figures as a table."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from flask_babel import gettext as _

from wss import clock
from wss.domain import identifiers
from wss.domain.consumption import MonthlyUnits, UnitsBasis, UnitsPeak, peaks
from wss.queries.bills import consumption as used_by
from wss.queries.bills import open_disputes
from wss.queries.connections import visible_connection
from wss.web.access import current_actor
from wss.web.charts import Bar, BarValue, bars
from wss.web.consumer.blueprint import consumer
from wss.web.consumer.new_request import kind_about_bills
from wss.web.filters import month_of
from wss.web.pages import render


@consumer.get("/account/<account_no>/consumption")
def consumption(account_no: str) -> Response:
    """Show the units of the last bills, month by month."""
    own = visible_connection(current_actor(), identifiers.account_no(account_no), clock.now())
    used = used_by(own.account_no)
    high = peaks(used)
    averages = [one.bill_no for one in used if one.units_basis is UnitsBasis.AVERAGE]
    in_complaint = {
        each.bill_no for each in open_disputes([*(peak.used.bill_no for peak in high), *averages])
    }
    return render(
        "consumer/consumption.html",
        connection=own,
        used=used,
        bars=_chart_bars(used, high),
        title=_title(used) if used else "",
        peaks=[(peak, times(peak), peak.used.bill_no in in_complaint) for peak in high],
        high={peak.used.bill_no for peak in high},
        averages=len(averages),
        is_average_undisputed=not in_complaint.issuperset(averages),
        kind=kind_about_bills(own),
    )


def _chart_bars(used: Sequence[MonthlyUnits], high: Sequence[UnitsPeak]) -> list[Bar]:
    """Return the chart, one bar per bill: dashed if the meter was not read, highlighted if the units are high."""
    most = max((one.units for one in used), default=0)
    tallest = next((one.bill_no for one in used if one.units == most), None)
    high_ones = {peak.used.bill_no for peak in high}

    def look(one: MonthlyUnits) -> str:
        if one.units_basis is not UnitsBasis.READING:
            return "est"
        return "bar odd" if one.bill_no in high_ones else "bar"

    return bars([BarValue(one.bill_month[-2:], one.units, look(one), one.bill_no == tallest) for one in used])


def times(peak: UnitsPeak) -> str:
    """Return how many times the usual units a peak is: 3.6, or 4."""
    return f"{peak.tenths / 10:g}"


def _title(used: Sequence[MonthlyUnits]) -> str:
    """Return the chart in a sentence, for screen readers."""
    least, most = min(used, key=lambda one: one.units), max(used, key=lambda one: one.units)
    return _(
        "Units used each month, %(first)s to %(last)s. Lowest: %(least)s in %(low)s. Highest: "
        "%(most)s in %(high)s.",
        first=month_of(used[0].bill_month),
        last=month_of(used[-1].bill_month),
        low=month_of(least.bill_month),
        least=least.units,
        high=month_of(most.bill_month),
        most=most.units,
    )
