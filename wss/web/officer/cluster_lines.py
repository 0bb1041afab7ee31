"""Clusters in words: a line of the To-Do page, and what was reported to the circle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from wss import clock
from wss.domain.clusters import GETS_REPORTS, SEES_CLUSTERS, week_of
from wss.domain.todo_filter import TodoFilter
from wss.queries.clusters import ClusterLine, reported_to
from wss.queries.reference import Reference
from wss.services.requests.clusters import bounds_of, list_clusters
from wss.web import filters
from wss.web.access import current_staff
from wss.web.labels.bills import basis_name
from wss.web.labels.requests import localized_name, office_name
from wss.web.labels.staff import post_name


@dataclass(frozen=True, slots=True)
class ShownCluster:
    """A cluster as pages show it: address of its list, title, usual number, and its report."""

    address: str
    title: str
    usual: str
    report: str


def cluster_lines(tables: Reference) -> dict[str, list[ShownCluster]]:
    """Return the clusters for the reader's post, under their headings: found in their offices, or reported to them."""
    me = current_staff()
    if me.role not in SEES_CLUSTERS:
        return {}
    if me.role in GETS_REPORTS:
        return {_("Reported to you"): _shown(reported_to(me.office_code, me.role.value), tables)}
    return {_("Many complaints of one kind"): _shown(list_clusters(me.office_code), tables)}


def cluster_title(one: ClusterLine, tables: Reference) -> str:
    """Return how many complaints of which kind an office has in which week."""
    values = {
        "office": office_name(tables.offices.get(one.office_code)),
        "what": " · ".join(
            filter(None, (_reason(one, tables), str(basis_name(one.basis) if one.basis else "")))
        ),
        "day": filters.day(one.week),
    }
    if one.week == week_of(clock.local_date(clock.now())):
        return ngettext(
            "%(num)s open complaint this week from %(office)s: %(what)s",
            "%(num)s open complaints this week from %(office)s: %(what)s",
            one.open_requests,
            **values,
        )
    return ngettext(
        "%(num)s open complaint of the week from %(day)s from %(office)s: %(what)s",
        "%(num)s open complaints of the week from %(day)s from %(office)s: %(what)s",
        one.open_requests,
        **values,
    )


def cluster_filter(one: ClusterLine) -> TodoFilter:
    """Return the filter of the open requests of a cluster."""
    begins, ends = bounds_of(one.week)
    # The requests of exactly this office: `is_lowest` leaves out those of offices below it.
    return TodoFilter(
        one.office_code,
        is_lowest=True,
        reason=one.reason,
        basis=one.basis,
        without_basis=not one.basis,
        start=begins,
        end=ends,
    )


def usual_words(usual_tenths: int | None) -> str:
    """Return the usual number of complaints of a week."""
    if usual_tenths is None:
        return _("usual: not known yet")
    whole, rest = divmod(usual_tenths, 10)
    return _("usual: %(number)s a week", number=f"{whole}.{rest}" if rest else str(whole))


def report_words(one: ClusterLine, tables: Reference) -> str:
    """Return to whom a cluster was reported and when, and whether it was acknowledged; empty without a report."""
    if one.reported_at is None:
        return ""
    words = _(
        "Reported to the %(post)s, %(office)s on %(moment)s by %(name)s",
        post=post_name(one.report_role or ""),
        office=office_name(tables.offices.get(one.report_office or "")),
        moment=filters.moment(one.reported_at),
        name=one.reported_by,
    )
    if one.seen_at is None:
        return words
    seen = _("acknowledged on %(moment)s by %(name)s", moment=filters.moment(one.seen_at), name=one.seen_by)
    return f"{words}; {seen}"


def _shown(lines: Sequence[ClusterLine], tables: Reference) -> list[ShownCluster]:
    return [
        ShownCluster(
            url_for("officer.cluster", number=one.id),
            cluster_title(one, tables),
            usual_words(one.usual_tenths),
            report_words(one, tables),
        )
        for one in lines
    ]


def _reason(one: ClusterLine, tables: Reference) -> str:
    reason = tables.reasons.get(one.reason)
    return localized_name(reason) if reason else one.reason
