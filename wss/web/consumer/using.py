"""The consumption of a connection: a chart drawn here, the months that stand out in words, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response
from flask_babel import gettext as _

from wss import clock
from wss.domain import identifiers
from wss.domain.consumption import Peak, Rests, Used, peaks
from wss.queries.bills import consumption as used_by
from wss.queries.bills import open_disputes
from wss.queries.connections import visible_connection
from wss.web.access import current_actor
from wss.web.consumer.asking import kind_about_bills
from wss.web.consumer.room import consumer
from wss.web.filters import month_of
from wss.web.pages import render

# In pixels from above; across, everything is in per cent, so that the text never shrinks.
_FOOT, _TALLEST = 150, 128
_BAR, _GAP = 0.68, 0.16


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the chart: where its bar stands, how it is drawn, what is written at it."""

    x: float
    width: float
    middle: float
    y: int
    height: int
    is_read: bool
    is_peak: bool
    month: str
    units: int | None


@consumer.get("/account/<account_no>/consumption")
def consumption(account_no: str) -> Response:
    """The units of the last bills, month by month."""
    own = visible_connection(current_actor(), identifiers.account_no(account_no), clock.now())
    used = used_by(own.account_no)
    high = peaks(used)
    in_complaint = {each.bill_no for each in open_disputes([peak.used.bill_no for peak in high])}
    return render(
        "consumer/consumption.html",
        connection=own,
        used=used,
        bars=bars(used, high),
        title=_title(used) if used else "",
        peaks=[(peak, times(peak), peak.used.bill_no in in_complaint) for peak in high],
        high={peak.used.bill_no for peak in high},
        averages=sum(one.rests_on is Rests.AVERAGE for one in used),
        kind=kind_about_bills(own),
    )


def bars(used: Sequence[Used], high: Sequence[Peak]) -> list[Bar]:
    """The bars of the chart, one a bill; the highest carries its units, every second its month."""
    most = max((one.units for one in used), default=0)
    tallest = next((one.bill_no for one in used if one.units == most), None)
    high_ones = {peak.used.bill_no for peak in high}
    step = 100 / max(1, len(used))
    drawn = []
    for place, one in enumerate(used):
        height = round(one.units * _TALLEST / most) if most else 0
        drawn.append(
            Bar(
                x=round(step * (place + _GAP), 1),
                width=round(step * _BAR, 1),
                middle=round(step * (place + 0.5), 1),
                y=_FOOT - height,
                height=height,
                is_read=one.rests_on is Rests.READING,
                is_peak=one.bill_no in high_ones,
                # Counted from the newest, whose month is always written.
                month=one.bill_month[-2:] if (len(used) - place) % 2 else "",
                units=one.units if one.bill_no == tallest else None,
            )
        )
    return drawn


def times(peak: Peak) -> str:
    """How many times the usual: 3.6, or 4."""
    return f"{peak.tenths / 10:g}"


def _title(used: Sequence[Used]) -> str:
    """The chart in a sentence, for whoever hears it."""
    least, most = min(used, key=lambda one: one.units), max(used, key=lambda one: one.units)
    return _(
        "Units of each month from %(first)s to %(last)s. Least in %(low)s: %(least)s, most in %(high)s: %(most)s.",
        first=month_of(used[0].bill_month),
        last=month_of(used[-1].bill_month),
        low=month_of(least.bill_month),
        least=least.units,
        high=month_of(most.bill_month),
        most=most.units,
    )
