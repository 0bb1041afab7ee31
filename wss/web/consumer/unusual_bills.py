"""A bill far above the usual, as the consumer's first pages point it out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from wss.domain.catalogue import RequestKind
from wss.domain.consumption import MonthlyUnits, UnitsPeak, peaks, recent_peak, usual_apart_from
from wss.models import Connection
from wss.queries.bills import recent_consumption
from wss.queries.connections import ConnectionTile
from wss.web.consumer.consumption import times
from wss.web.consumer.new_request import kind_about_bills


@dataclass(frozen=True, slots=True)
class UnusualBill:
    """A bill far above the usual: how often the usual, and the kind of complaint that can be made about it.

    `share` is the usual in per cent of the bill, for the bars.
    """

    peak: UnitsPeak
    times: str
    share: float
    is_disputed: bool
    kind: RequestKind | None


def unusual_bills(connections: Sequence[Connection | ConnectionTile]) -> dict[str, UnusualBill]:
    """Return the unusual bill of each connection that has a recent one, by account number."""
    recent = recent_consumption([own.account_no for own in connections])
    found = {}
    for own in connections:
        peak = recent_peak(recent[own.account_no].used)
        if peak:
            found[own.account_no] = _unusual(own, peak, recent[own.account_no].disputed)
    return found


def unusual_bill(own: Connection, used: Sequence[MonthlyUnits], bill_no: str) -> UnusualBill | None:
    """Return a bill, if it is far above the usual of its connection."""
    peak = next((peak for peak in peaks(used) if peak.used.bill_no == bill_no), None)
    return _unusual(own, peak, ()) if peak else None


def usual_units(used: Sequence[MonthlyUnits], bill_no: str) -> int:
    """Return the usual units of a month, to compare with a bill; 0 if too few other months were read."""
    return round(next((usual_apart_from(one, used) for one in used if one.bill_no == bill_no), 0))


def _unusual(own: Connection | ConnectionTile, peak: UnitsPeak, disputed: Collection[str]) -> UnusualBill:
    is_disputed = peak.used.bill_no in disputed
    share = round(1000 / peak.tenths, 1)
    return UnusualBill(peak, times(peak), share, is_disputed, kind_about_bills(own))
