"""Figures of the MIS: a row for each office directly below or of one level, for each kind, and for each month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.mis import ALL, ASKED, STOPPED_DAYS
from wss.domain.office_figures import (
    OfficeFigures,
    SumShare,
    counted_in_months,
    month_before,
    months_until,
    pending_at_month_ends,
)
from wss.domain.resolution_times import added, median, months_between, took_measure
from wss.domain.routing import is_in_subtree
from wss.queries.mis import DaysCounted, MisShare, MisSumQuery, days_counted, shares
from wss.queries.reference import OfficeEntry, Reference, reference
from wss.services.shared.audit import record


@dataclass(frozen=True, slots=True)
class MisQuery:
    """The office, kind and period of a query; the kind `*` means all of them.

    Its rows are the offices directly below, or all below of a `level`.
    """

    office_code: str
    kind: str
    first: date
    last: date
    level: str = ""

    @property
    def before(self) -> tuple[date, date]:
        """Return the first and last day of the period with which it is compared."""
        return month_before(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Medians:
    """The median of the days until a resolution in the months of the period, and in those of the period before."""

    days: float | None = None
    before: float | None = None


@dataclass(frozen=True, slots=True)
class MisOverview:
    """The figures of an office: its rows add up to the whole. `own` counts the office itself."""

    whole: OfficeFigures
    below: Sequence[tuple[OfficeEntry, OfficeFigures]]
    own: OfficeFigures
    kinds: Sequence[tuple[str, OfficeFigures]]
    months: Sequence[tuple[date, int]]
    # For each month: how many questions were asked, and for how many days those that ended stopped the clock.
    questions: Sequence[tuple[int, int]]
    # By office: the office itself, with everything below it, and each row.
    medians: dict[str, Medians]


def overview(query: MisQuery, tables: Reference, today: date, until: date | None = None) -> MisOverview:
    """Return everything that the page of an office shows, from two statements. The trend ends now, or with `until`."""
    children = [each.code for each in _rows(query, tables)]
    since, whole = months_until(until or today)[0], query.office_code
    period = (query.first, query.last, today, query.before)
    found = shares(MisSumQuery(whole, children, query.kind, *period, since))
    months = sorted({*months_between(query.first, query.last), *months_between(*query.before)})
    days = days_counted(whole, [whole, *children], query.kind, months)
    return build_overview(found, days, query, tables, until or today)


def build_overview(
    found: Sequence[MisShare], days: Sequence[DaysCounted], query: MisQuery, tables: Reference, until: date
) -> MisOverview:
    """Return the rows and the whole from the shares of their sums."""
    children = _rows(query, tables)
    belongs = _row_of_offices(children, tables)
    parts_of: dict[str | None, list[SumShare]] = {}
    for one in found:
        if one.is_waiting or one.kind == query.kind:
            row = belongs.get(one.office_code) if one.is_waiting else one.office_code
            parts_of.setdefault(row, []).append(one.part)
    whole = [one.part for one in found if _is_of_whole(one, query)]
    below = [(child, _sum(parts_of.get(child.code, ()))) for child in children]
    total = _sum(whole)
    return MisOverview(
        total,
        below,
        total.less([figures for _, figures in below]),
        _by_kind(found, query),
        list(pending_at_month_ends(total.pending, whole, until)),
        list(
            zip(
                counted_in_months(ASKED, whole, until),
                counted_in_months(STOPPED_DAYS, whole, until),
                strict=True,
            )
        ),
        _medians(days, query, [each.code for each in children], belongs),
    )


def export_figures(actor: Actor, query: MisQuery, today: date, form: str) -> MisOverview:
    """Return the figures for a file of this form; the export is recorded in the audit trail."""
    with transaction():
        period = {"first": query.first.isoformat(), "last": query.last.isoformat()}
        record(actor, "export", f"mis:{query.office_code}", form=form, kind=query.kind, **period)
        return overview(query, reference(), today)


def levels_below(office_code: str, tables: Reference) -> dict[str, int]:
    """Return how many offices of each level are below an office, except the level directly below it."""
    own = tables.offices.get(office_code)
    counts: dict[str, int] = {}
    for each in tables.offices.values():
        if each.parent_code != (own.code if own else None) and (
            own is None or (each.code != own.code and is_in_subtree(each.path, own.path))
        ):
            counts[each.level] = counts.get(each.level, 0) + 1
    return counts


def _rows(query: MisQuery, tables: Reference) -> list[OfficeEntry]:
    """Return the offices of the rows, in the order of their codes."""
    parent = None if query.office_code == ALL else query.office_code
    if query.level:
        top = tables.offices[query.office_code].path if parent else ""
        found = [
            each
            for each in tables.offices.values()
            if each.level == query.level and (not top or is_in_subtree(each.path, top))
        ]
    else:
        found = [each for each in tables.offices.values() if each.parent_code == parent]
    return sorted(found, key=lambda each: each.code)


def _row_of_offices(rows: Iterable[OfficeEntry], tables: Reference) -> dict[str, str]:
    """Return the row of each office: a change that waits names the office in which it counts, perhaps far below."""
    codes = {each.code for each in rows}
    return {
        code: above
        for code, each in tables.offices.items()
        for above in each.path.split("/")
        if above in codes
    }


def _is_of_whole(one: MisShare, query: MisQuery) -> bool:
    return one.is_waiting or (one.office_code == query.office_code and one.kind == query.kind)


def _medians(
    days: Sequence[DaysCounted], query: MisQuery, rows: Sequence[str], belongs: dict[str, str]
) -> dict[str, Medians]:
    counted: dict[tuple[str, str], list[dict[int, int]]] = {}
    for one in days:
        offices = {query.office_code, belongs.get(one.office_code)} if one.is_waiting else {one.office_code}
        for office in offices - {None}:
            counted.setdefault((str(office), one.measure), []).append({one.days: one.n})
    periods = (months_between(query.first, query.last), months_between(*query.before))
    found = {}
    for office in (query.office_code, *rows):
        of_office = [
            median(added(part for month in months for part in counted.get((office, took_measure(month)), ())))
            for months in periods
        ]
        found[office] = Medians(*of_office)
    return found


def _by_kind(found: Sequence[MisShare], query: MisQuery) -> list[tuple[str, OfficeFigures]]:
    """Return a row for each kind; none where one kind is chosen."""
    if query.kind != ALL:
        return []
    of_kinds: dict[str, list[SumShare]] = {}
    for one in found:
        if one.kind != ALL and (one.is_waiting or one.office_code == query.office_code):
            of_kinds.setdefault(one.kind, []).append(one.part)
    sums = [(kind, _sum(parts)) for kind, parts in sorted(of_kinds.items())]
    return [(kind, figures) for kind, figures in sums if not figures.is_empty]


def _sum(parts: Iterable[SumShare]) -> OfficeFigures:
    figures = OfficeFigures()
    for part in parts:
        figures.add(part)
    return figures
