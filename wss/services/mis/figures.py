"""Figures of the MIS: a row for each office directly below, for each kind, and for each month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from wss.db import transaction
from wss.domain.actor import Actor
from wss.domain.mis import (
    ALL,
    ASKED,
    STOPPED_DAYS,
    OfficeFigures,
    SumShare,
    counted_in_months,
    months_until,
    pending_at_month_ends,
)
from wss.domain.routing import is_in_subtree
from wss.queries.mis import MisShare, MisSumQuery, shares
from wss.queries.reference import OfficeEntry, Reference, reference
from wss.services.shared.audit import record


@dataclass(frozen=True, slots=True)
class MisQuery:
    """The office, kind and period of a query; the kind `*` means all of them."""

    office_code: str
    kind: str
    first: date
    last: date


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


def overview(query: MisQuery, tables: Reference, today: date) -> MisOverview:
    """Return everything that the page of an office shows, from one statement."""
    children = [each.code for each in _children(query, tables)]
    since = months_until(today)[0]
    found = shares(
        MisSumQuery(query.office_code, children, query.kind, query.first, query.last, today, since)
    )
    return build_overview(found, query, tables, today)


def build_overview(found: Sequence[MisShare], query: MisQuery, tables: Reference, today: date) -> MisOverview:
    """Return the rows and the whole from the shares of their sums."""
    children = _children(query, tables)
    # A pending sum names the office in which it counts: it belongs to the one of the children above that office.
    belongs = {
        code: child.code
        for child in children
        for code, each in tables.offices.items()
        if is_in_subtree(each.path, child.path)
    }
    whole = [one.part for one in found if _is_of_whole(one, query)]
    below = [(child, _sum(_parts_of(child.code, found, belongs))) for child in children]
    total = _sum(whole)
    return MisOverview(
        total,
        below,
        total.less([figures for _, figures in below]),
        _by_kind(found, query),
        list(pending_at_month_ends(total.pending, whole, today)),
        list(
            zip(
                counted_in_months(ASKED, whole, today),
                counted_in_months(STOPPED_DAYS, whole, today),
                strict=True,
            )
        ),
    )


def export_figures(actor: Actor, query: MisQuery, today: date, form: str) -> MisOverview:
    """Return the figures for a file of this form; the export is recorded in the audit trail."""
    with transaction():
        period = {"first": query.first.isoformat(), "last": query.last.isoformat()}
        record(actor, "export", f"mis:{query.office_code}", form=form, kind=query.kind, **period)
        return overview(query, reference(), today)


def _children(query: MisQuery, tables: Reference) -> list[OfficeEntry]:
    """Return the offices directly below, in the order of their codes."""
    parent = None if query.office_code == ALL else query.office_code
    return sorted(
        (each for each in tables.offices.values() if each.parent_code == parent), key=lambda each: each.code
    )


def _is_of_whole(one: MisShare, query: MisQuery) -> bool:
    return one.is_waiting or (one.office_code == query.office_code and one.kind == query.kind)


def _parts_of(child: str, found: Iterable[MisShare], belongs: dict[str, str]) -> list[SumShare]:
    return [
        one.part
        for one in found
        if (belongs.get(one.office_code) if one.is_waiting else one.office_code) == child
    ]


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
