"""Clusters: many complaints of one office, reason and bill basis in one week, and the usual number of such weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from wss.domain.actor import HANDLING_ROLES, Role, rank
from wss.domain.lifecycle import APPROVERS

WEEK = timedelta(days=7)
# The usual number is the mean of so many weeks before.
USUAL_WEEKS = 8
# The weeks that are counted and shown: this one and those before it.
COUNTED_WEEKS = 4
# A cluster is listed while so many of its complaints are open: one alone is an ordinary complaint.
LEAST_LISTED = 2
SENTENCE_LENGTH = 500

# SDO and EE find clusters on their To-Do page; senior posts get those that an EE reports.
SEES_CLUSTERS = frozenset(role for role in HANDLING_ROLES if rank(role) >= min(map(rank, APPROVERS)))
REPORTS_CLUSTERS = frozenset({Role.EE})
GETS_REPORTS = SEES_CLUSTERS - APPROVERS


@dataclass(frozen=True, slots=True)
class ClusterRule:
    """The rule of an office and those below it: how many complaints a week, and how many times the usual number."""

    office_code: str
    least: int
    times_usual: int

    def is_met(self, complaints: int, usual_tenths: int | None) -> bool:
        """Return whether so many complaints are a cluster; without a usual number the least alone decides."""
        return complaints >= self.least and complaints * 10 >= self.times_usual * (usual_tenths or 0)


@dataclass(frozen=True, slots=True)
class ClusterKey:
    """What the complaints of a cluster have in common; `week` is its Monday."""

    week: date
    office_code: str
    reason: str
    basis: str


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """The complaints of a week that were not withdrawn, and how many of them are open."""

    registered: int = 0
    open: int = 0


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def usual_tenths(registered: int, weeks: int) -> int | None:
    """Return ten times the mean of some weeks; None without a week."""
    return (registered * 10 + weeks // 2) // weeks if weeks > 0 else None


def weeks_known(first: date | None, week: date) -> int:
    """Return of how many of the weeks before this one there are counts; `first` is the first week with any."""
    return min((week - first) // WEEK, USUAL_WEEKS) if first else 0
