"""The sheet of a month: five figures of an office, its last twelve months, and the worst five below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wss.domain.mis import ALL, RESOLVED
from wss.domain.office_figures import KEPT_SHARE, OfficeFigures, last_day_of_month
from wss.domain.routing import LEVELS, is_in_subtree
from wss.queries.mis_lists import LATE, MisListEntry, MisListQuery, lines_behind
from wss.queries.reference import OfficeEntry, Reference
from wss.services.mis.figures import Medians, MisQuery, overview

WORST = 5
TREND = 12


@dataclass(frozen=True, slots=True)
class WorstOffice:
    """One of the offices with the lowest share of requests that were resolved in time and not refused."""

    office: OfficeEntry
    figures: OfficeFigures
    medians: Medians


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """What the sheet of an office and a month shows. An office with none below it has the longest overdue instead."""

    office: OfficeEntry
    first: date
    last: date
    whole: OfficeFigures
    medians: Medians
    # The number of open requests at the end of each of the months, the sheet's last.
    months: Sequence[tuple[date, int]]
    worst: Sequence[WorstOffice]
    overdue: Sequence[MisListEntry]


def month_sheet(office: OfficeEntry, month: date, tables: Reference, today: date) -> MonthSheet:
    """Return the sheet of an office for the month that begins on this day; of the present month until today."""
    last, level = min(last_day_of_month(month), today), _lowest_level(office, tables)
    found = overview(MisQuery(office.code, ALL, month, last, level), tables, today, until=month)
    worst = [
        WorstOffice(each, figures, found.medians[each.code])
        for each, figures in found.below
        if figures.of(RESOLVED)
    ]
    late = MisListQuery(LATE, office.code, ALL, month, last)
    return MonthSheet(
        office,
        month,
        last,
        found.whole,
        found.medians[office.code],
        found.months[-TREND:],
        sorted(worst, key=_badness)[:WORST],
        [] if level else lines_behind(late, today)[:WORST],
    )


def _badness(one: WorstOffice) -> tuple[float, int, str]:
    """Return the order of the worst: the lowest share first; of equals the one with more resolutions."""
    return one.figures.share(KEPT_SHARE) or 0, -one.figures.of(RESOLVED), one.office.code


def _lowest_level(office: OfficeEntry, tables: Reference) -> str:
    """Return the lowest level of the offices below an office; empty if there are none."""
    below = {
        each.level
        for each in tables.offices.values()
        if each.code != office.code and is_in_subtree(each.path, office.path)
    }
    return next((level.value for level in LEVELS if level.value in below), "")
