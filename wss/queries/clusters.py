"""Weekly counts of complaints by office, reason and bill basis, the clusters among them, and their reports."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Select, Table, case, exists, func, select, tuple_, update

from wss.db import core, execute_count, insert
from wss.domain.clusters import USUAL_WEEKS, WEEK, ClusterKey, WeekCounts
from wss.domain.lifecycle import ENDED, Status
from wss.models import Cluster, ClusterReport, Connection, Office, ServiceRequest, Staff
from wss.models.cluster import IS_ANNOUNCED
from wss.queries._fragments import delete_some, is_in_subtree, path_of_office

# The counts of a week are written in groups of so many rows: each row has seven parameters.
_AT_ONCE = 100
LISTED = 20
# The complaints of a cluster whose addresses are read.
_LOCATED = 500

_cluster = cast(Table, Cluster.__table__)
_report = cast(Table, ClusterReport.__table__)
_connection = cast(Table, Connection.__table__)
_office = cast(Table, Office.__table__)
_request = cast(Table, ServiceRequest.__table__)
_staff = cast(Table, Staff.__table__)
_KEY = [_cluster.c[name] for name in ClusterKey.__slots__]


@dataclass(frozen=True, slots=True)
class ClusterLine:
    """A cluster with what was reported of it; the fields of the report are None without one."""

    id: int
    week: date
    office_code: str
    reason: str
    basis: str
    open_requests: int
    usual_tenths: int | None
    report_office: str | None
    report_role: str | None
    sentence: str | None
    reported_by: str | None
    reported_at: datetime | None
    seen_by: str | None
    seen_at: datetime | None


def requests_of_week(week: date, begins: datetime, ends: datetime) -> dict[ClusterKey, WeekCounts]:
    """Count the complaints with a reason that were registered in a week; withdrawn ones are left out."""
    key = (_request.c.office_code, _request.c.dispute_reason, _request.c.disputed_basis)
    is_open = case((_request.c.status.not_in(ENDED), 1), else_=0)
    statement = (
        select(*key, func.count(), func.sum(is_open))
        .where(
            _request.c.registered_at >= begins,
            _request.c.registered_at < ends,
            _request.c.dispute_reason != "",
            _request.c.status != Status.WITHDRAWN.value,
        )
        .group_by(*key)
    )
    rows: Any = core().execute(statement)
    return {ClusterKey(week, *row[:3]): WeekCounts(row[3], int(row[4])) for row in rows}


def stored_counts(week: date) -> dict[ClusterKey, WeekCounts]:
    """Return the stored counts of a week."""
    statement = select(*_KEY, _cluster.c.registered, _cluster.c.open_requests).where(_cluster.c.week == week)
    return {ClusterKey(*row[:4]): WeekCounts(row[4], row[5]) for row in core().execute(statement)}


def store_counts(counts: Mapping[ClusterKey, WeekCounts]) -> None:
    """Store counts of a week, each in its one row."""
    # In one order, so that two workers do not wait for each other's rows.
    rows = [
        {
            "week": key.week,
            "office_code": key.office_code,
            "reason": key.reason,
            "basis": key.basis,
            "registered": counts[key].registered,
            "open_requests": counts[key].open,
        }
        for key in sorted(counts, key=lambda key: (key.office_code, key.reason, key.basis))
    ]
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert(_cluster).values(rows[start : start + _AT_ONCE])
        changed = {name: statement.excluded[name] for name in ("registered", "open_requests")}
        keys = [column.name for column in _KEY]
        core().execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def first_week() -> date | None:
    """Return the first week with counts."""
    return core().execute(select(func.min(_cluster.c.week))).scalar()


def unannounced(week: date, least: int) -> dict[ClusterKey, WeekCounts]:
    """Return the counts of a week from so many open complaints on that are not announced yet."""
    statement = select(*_KEY, _cluster.c.registered, _cluster.c.open_requests).where(
        _cluster.c.week == week, _cluster.c.open_requests >= least, _cluster.c.announced_at.is_(None)
    )
    return {ClusterKey(*row[:4]): WeekCounts(row[4], row[5]) for row in core().execute(statement)}


def registered_before(keys: Collection[ClusterKey], week: date) -> dict[tuple[str, str, str], int]:
    """Return how many complaints of the same office, reason and basis were registered in the weeks before."""
    columns = (_cluster.c.office_code, _cluster.c.reason, _cluster.c.basis)
    wanted = sorted({(key.office_code, key.reason, key.basis) for key in keys})
    found: dict[tuple[str, str, str], int] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        statement = (
            select(*columns, func.sum(_cluster.c.registered))
            .where(
                tuple_(*columns).in_(wanted[start : start + _AT_ONCE]),
                _cluster.c.week >= week - USUAL_WEEKS * WEEK,
                _cluster.c.week < week,
            )
            .group_by(*columns)
        )
        rows: Any = core().execute(statement)
        found |= {(row[0], row[1], row[2]): int(row[3]) for row in rows}
    return found


def announce_if_new(key: ClusterKey, usual_tenths: int | None, at: datetime) -> int:
    """Announce a cluster with its usual number: 1, or 0 when it was announced before."""
    statement = (
        update(_cluster)
        .where(*(_cluster.c[name] == getattr(key, name) for name in ClusterKey.__slots__))
        .where(_cluster.c.announced_at.is_(None))
        .values(announced_at=at, usual_tenths=usual_tenths)
    )
    return execute_count(statement)


def clusters_of(office_code: str, since: date, least: int) -> list[ClusterLine]:
    """Return the announced clusters of an office and those below it, from a week on, the largest first."""
    statement = _in_offices(office_code).where(_cluster.c.week >= since, _cluster.c.open_requests >= least)
    ordered = statement.order_by(_cluster.c.week.desc(), _cluster.c.open_requests.desc(), _cluster.c.id)
    return [ClusterLine(*row) for row in core().execute(ordered.limit(LISTED))]


def cluster_of(cluster_id: int, office_code: str) -> ClusterLine | None:
    """Return an announced cluster of an office or one below it; None for any other."""
    found = core().execute(_in_offices(office_code).where(_cluster.c.id == cluster_id)).first()
    return ClusterLine(*found) if found else None


def cluster_addresses(seen: ClusterLine, begins: datetime, ends: datetime) -> list[str]:
    """Return the addresses of the connections of a cluster's open complaints, up to a bound."""
    statement = (
        select(_connection.c.address)
        .join(_request, _request.c.account_no == _connection.c.account_no)
        .where(
            _request.c.office_code == seen.office_code,
            _request.c.dispute_reason == seen.reason,
            _request.c.disputed_basis == seen.basis,
            _request.c.registered_at >= begins,
            _request.c.registered_at < ends,
            _request.c.status.not_in(ENDED),
        )
        .limit(_LOCATED)
    )
    return [row.address for row in core().execute(statement)]


def reported_to(office_code: str, role: str) -> list[ClusterLine]:
    """Return the clusters that were reported to a post and that it has not acknowledged, the latest first."""
    to_post = (_report.c.office_code == office_code, _report.c.role == role, _report.c.seen_at.is_(None))
    statement = _lines().where(*to_post).order_by(_report.c.reported_at.desc(), _cluster.c.id).limit(LISTED)
    return [ClusterLine(*row) for row in core().execute(statement)]


def add_report(columns: dict[str, Any]) -> bool:
    """Store a report; return whether it is the first of its cluster."""
    statement = insert(_report).values(columns).on_conflict_do_nothing(index_elements=["cluster_id"])
    return core().execute(statement.returning(_report.c.cluster_id)).scalar() is not None


def acknowledge_report(cluster_id: int, employee_id: str, at: datetime) -> int:
    """Acknowledge the report of a cluster: 1, or 0 when that was done before."""
    statement = (
        update(_report)
        .where(_report.c.cluster_id == cluster_id, _report.c.seen_at.is_(None))
        .values(seen_by=employee_id, seen_at=at)
    )
    return execute_count(statement)


def delete_old_weeks(before: date, how_many: int) -> int:
    """Delete counts of weeks before a day; a cluster that was reported stays."""
    is_reported = exists().where(_report.c.cluster_id == _cluster.c.id)
    return execute_count(delete_some(Cluster, how_many, _cluster.c.week < before, ~is_reported))


def _lines() -> Select[Any]:
    """Select announced clusters with their reports; employees are named."""
    maker, reader = _staff.alias("maker"), _staff.alias("reader")
    own = [_cluster.c[name] for name in ClusterLine.__slots__[:7]]
    report = (_report.c.office_code, _report.c.role, _report.c.sentence)
    return (
        select(*own, *report, maker.c.name, _report.c.reported_at, reader.c.name, _report.c.seen_at)
        .outerjoin(_report, _report.c.cluster_id == _cluster.c.id)
        .outerjoin(maker, maker.c.employee_id == _report.c.reported_by)
        .outerjoin(reader, reader.c.employee_id == _report.c.seen_by)
        .where(IS_ANNOUNCED)
    )


def _in_offices(office_code: str) -> Select[Any]:
    """Select the announced clusters of an office and those below it."""
    below = is_in_subtree(_office.c.path, path_of_office(office_code))
    return _lines().where(_cluster.c.office_code.in_(select(_office.c.code).where(below)))
