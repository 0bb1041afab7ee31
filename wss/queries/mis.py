"""Figures of the MIS: sums of an office and of those directly below it, in one statement, exact at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, and_, case, extract, func, literal, select, union_all

from wss.db import core
from wss.domain import mis
from wss.domain.lifecycle import Status
from wss.domain.office_figures import OfficeFigures, SumShare
from wss.domain.resolution_times import days_of, took_measure
from wss.models import MisCell, MisDelta, Office
from wss.queries._fragments import offices_in_subtree

_cell = cast(Table, MisCell.__table__)
_delta = cast(Table, MisDelta.__table__)
_office = cast(Table, Office.__table__)
_COLUMNS = ("office_code", "kind", "measure", "day", "n", "paise")
# When an event happened: in the period, in the one before it, or after the one before it.
_FLAGS = ("in_period", "in_before", "is_later")
_SHOWN = (*mis.PENDING_MEASURES, *mis.FLOW)


@dataclass(frozen=True, slots=True)
class MisSumQuery:
    """A query for sums: office, kind (`*` = all) and period, and the period with which it is compared.

    `since` is the first day of the trend, if it is shown.
    """

    office_code: str
    below: Sequence[str]
    kind: str
    first: date
    last: date
    today: date
    before: tuple[date, date]
    since: date | None = None


class MisShare(NamedTuple):
    """A part of a sum. One that is not added up yet has only the office and the kind in which it counts."""

    is_waiting: bool
    office_code: str
    kind: str
    part: SumShare


class DaysCounted(NamedTuple):
    """How many resolutions of an office and month took so many days; one not added up yet has only its own office."""

    is_waiting: bool
    office_code: str
    measure: str
    days: int
    n: int


class ReasonCount(NamedTuple):
    """How many requests were registered with a reason in a period, and in the one with which it is compared."""

    reason: str
    n: int
    before: int


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """Counts of an office and those below it.

    How many requests are open, and how many of them are late, escalated, wait for their consumer's answer, or for
    their consumer to confirm.
    """

    open: int
    late: int
    escalated: int
    waiting: int
    to_confirm: int


def shares(asked: MisSumQuery) -> list[MisShare]:
    """Return every share of the figures that a page shows."""
    held = union_all(*_added_up(asked), _waiting(asked.office_code, asked.kind, _SHOWN)).subquery("held")
    is_flow = held.c.measure.in_(mis.FLOW)
    flags = (
        held.c.day.between(asked.first, asked.last),
        held.c.day.between(*asked.before),
        held.c.day > asked.before[1],
    )
    keys: list[ColumnElement[Any]] = [
        held.c.is_waiting,
        held.c.office_code,
        held.c.kind,
        held.c.measure,
        _band(held.c, asked.today).label("band"),
        *(
            case((and_(is_flow, flag), 1), else_=0).label(name)
            for name, flag in zip(_FLAGS, flags, strict=True)
        ),
    ]
    sums = [func.sum(held.c[name]).label(name) for name in ("n", "paise")]
    return [_share(row) for row in core().execute(select(*keys, *sums).group_by(*keys))]


def _share(row: Any) -> MisShare:
    flags = {name: bool(getattr(row, name)) for name in _FLAGS}
    part = SumShare(row.measure, int(row.band), n=int(row.n), paise=int(row.paise), **flags)
    return MisShare(bool(row.is_waiting), row.office_code, row.kind, part)


def days_counted(
    office_code: str, offices: Sequence[str], kind: str, months: Sequence[date]
) -> list[DaysCounted]:
    """Return for these offices, which are the office and some below it, how long the resolutions of months took."""
    measures = [took_measure(month) for month in months]
    added_up = select(literal(0).label("is_waiting"), *(_cell.c[name] for name in _COLUMNS)).where(
        _cell.c.office_code.in_(offices), _cell.c.measure.in_(measures), _cell.c.kind == kind
    )
    held = union_all(added_up, _waiting(office_code, kind, measures)).subquery("held")
    keys = [held.c[name] for name in ("is_waiting", "office_code", "measure", "day")]
    statement = select(*keys, func.sum(held.c.n)).group_by(*keys)
    return [
        DaysCounted(bool(row[0]), row[1], row[2], days_of(row[3]), int(row[4]))
        for row in core().execute(statement)
    ]


def reason_counts(
    office_code: str, period: tuple[date, date], before: tuple[date, date]
) -> list[ReasonCount]:
    """Return how many requests of an office and those below it were registered with each reason, most first."""
    columns = [literal(0).label("is_waiting"), *(_cell.c[name] for name in _COLUMNS)]
    added_up = select(*columns).where(
        _cell.c.office_code == office_code,
        _cell.c.measure == mis.REASON,
        _cell.c.kind != mis.ALL,
        _cell.c.day >= min(before[0], period[0]),
    )
    held = union_all(added_up, _waiting(office_code, mis.ALL, [mis.REASON])).subquery("held")
    sums = [
        func.sum(case((held.c.day.between(*days), held.c.n), else_=0)).label(name)
        for name, days in (("n", period), ("before", before))
    ]
    statement = select(held.c.kind, *sums).group_by(held.c.kind).order_by(sums[0].desc(), held.c.kind)
    return [
        ReasonCount(reason, int(n), int(then)) for reason, n, then in core().execute(statement) if n or then
    ]


def counts_of(office_code: str, today: date) -> OpenCounts:
    """Return the counts of open work in an office and those below it."""
    added_up = _by_measure(_cell, today).where(_cell.c.office_code == office_code, _cell.c.kind == mis.ALL)
    waiting = _by_measure(_delta, today).where(*_is_below(office_code))
    figures, to_confirm = OfficeFigures(), 0
    for measure, n, overdue in core().execute(union_all(added_up, waiting)):
        figures.add(SumShare(measure, 0, in_period=False, n=int(n)))
        figures.late += int(overdue) if measure == mis.DUE else 0
        to_confirm += int(n) if measure == mis.PENDING + Status.RESOLVED else 0
    return OpenCounts(figures.pending, figures.late, figures.escalated, figures.waiting, to_confirm)


def _by_measure(table: Table, today: date) -> Select[Any]:
    """Select the count of each measure of open requests, and how many of them were due before today."""
    overdue = func.sum(case((table.c.day < today, table.c.n), else_=0))
    statement = select(table.c.measure, func.sum(table.c.n), overdue)
    return statement.where(table.c.measure.in_(mis.PENDING_MEASURES)).group_by(table.c.measure)


def _added_up(asked: MisSumQuery) -> list[Select[Any]]:
    """Select the sums of the offices below for the kind, and the office's own sums for every kind.

    Only sums that are shown are selected.
    """
    shown = min(asked.first, asked.before[0])
    in_period = _cell.c.day >= shown
    since = min(shown, asked.since) if asked.since else shown
    own, below = _cell.c.office_code == asked.office_code, _cell.c.office_code.in_(asked.below)
    its_kind, other_kinds = _cell.c.kind == asked.kind, _cell.c.kind != mis.ALL
    chosen = [
        (own, its_kind, mis.PENDING_MEASURES, literal(True)),
        (own, its_kind, mis.FLOW, _cell.c.day >= since),
    ]
    if asked.below:
        chosen += [
            (below, its_kind, mis.PENDING_MEASURES, literal(True)),
            (below, its_kind, mis.FLOW, in_period),
        ]
    if asked.since and asked.kind == mis.ALL:
        chosen += [
            (own, other_kinds, mis.PENDING_MEASURES, literal(True)),
            (own, other_kinds, mis.FLOW, in_period),
        ]
    columns = (literal(0).label("is_waiting"), *(_cell.c[name] for name in _COLUMNS))
    return [
        select(*columns).where(office, _cell.c.measure.in_(measures), kind, days)
        for office, kind, measures, days in chosen
    ]


def _waiting(office_code: str, kind: str, measures: Sequence[str]) -> Select[Any]:
    """Select the changes that are not added up yet, of the office and everything below it."""
    columns = (literal(1).label("is_waiting"), *(_delta.c[name] for name in _COLUMNS))
    statement = select(*columns).where(_delta.c.measure.in_(measures), *_is_below(office_code))
    return statement if kind == mis.ALL else statement.where(_delta.c.kind == kind)


def _is_below(office_code: str) -> list[ColumnElement[bool]]:
    """Return the condition that a change is of an office or of one below it."""
    if office_code == mis.ALL:
        return []
    return [_delta.c.office_code.in_(offices_in_subtree(office_code))]


def _band(held: Any, today: date) -> ColumnElement[int]:
    """Return the bucket of a count: age band if pending, late or not if due, month if an event."""
    ages = [
        (held.day >= date.fromordinal(today.toordinal() - oldest), place)
        for place, (_, oldest) in enumerate(mis.AGE_BANDS)
        if oldest is not None
    ]
    return case(
        (held.measure.in_(mis.FLOW), extract("year", held.day) * 12 + extract("month", held.day) - 1),
        (held.measure == mis.DUE, case((held.day < today, 1), else_=0)),
        *ages,
        else_=len(mis.AGE_BANDS) - 1,
    )
