"""P9: the figures of the whole state, against the two queries that count them from requests and timelines."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, cast

from sqlalchemy import ColumnElement, Date, Table, and_, case, event, func, select
from sqlalchemy import cast as sql_cast

from bench.databases import configured
from bench.demo_data import demo_data
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn
from wss.clock import local_date, now
from wss.db import database, reading
from wss.domain import mis
from wss.domain.calendar import IST
from wss.domain.lateness import is_late
from wss.domain.lifecycle import BEFORE_RESOLVED, OPEN, Action, Status
from wss.domain.office_figures import SumShare, age_band, month_number, months_until
from wss.domain.resolution_times import took_measure
from wss.models import Event, Revision, ServiceRequest
from wss.queries.mis import DaysCounted, MisShare
from wss.queries.reference import Reference, reference
from wss.services.mis.figures import MisOverview, MisQuery, build_overview, overview

P9 = Goal("P9", 50, at_least=True)
_PERIOD = timedelta(days=29)
_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
_revision = cast(Table, Revision.__table__)
Look = Callable[[MisQuery, Reference, date], MisOverview]


class NotEqual(Exception):
    """The sums differ from what was counted."""


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P9 on both engines."""
    stocks = demo_data(options)
    return [
        _on(engine, count, urls[count], options)
        for engine, urls in stocks.items()
        for count in options.sizes(engine)[1:]
    ]


def _on(engine: str, count: int, url: str, options: BenchmarkOptions) -> Row:
    with configured(url):
        today = local_date(now())
        query = MisQuery(mis.ALL, mis.ALL, today - _PERIOD, today)
        with reading():
            tables = reference()
        with _noted() as statements:
            counted = _timed(recounted, query, tables, today)[1]
        if _timed(overview, query, tables, today)[1] != counted:
            raise NotEqual(engine)
        pairs = in_turn(
            lambda: 1 / _timed(overview, query, tables, today)[0],
            lambda: 1 / _seconds(statements),
            options.runs,
        )
    what = f"the MIS of the whole state, {count:,} requests, {engine}: against a recount in SQL alone, exactly equal"
    return compared(P9, what, pairs, "per second")


@contextmanager
def _noted() -> Iterator[list[tuple[str, Any]]]:
    """Note the statements that are executed, with their values."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if sql.startswith("SELECT") and "set_config" not in sql:
            statements.append((sql, values))

    event.listen(database().engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database().engine, "before_cursor_execute", note)


def _seconds(statements: list[tuple[str, Any]]) -> float:
    """Return the time of the driver alone for these statements, all rows fetched."""
    with reading() as session:
        cursor: Any = session.connection().connection.cursor()
        if not database().is_sqlite:
            cursor.execute("SET LOCAL statement_timeout = 0")
        began = time.perf_counter()
        for sql, values in statements:
            cursor.execute(sql, values)
            cursor.fetchall()
        return time.perf_counter() - began


def _timed(look: Look, *asked: Any) -> tuple[float, MisOverview]:
    began = time.perf_counter()
    with reading() as session:
        if not database().is_sqlite:
            session.execute(func.set_config("statement_timeout", "0", True).select())
        found = look(*asked)
    return time.perf_counter() - began, found


def recounted(query: MisQuery, tables: Reference, today: date) -> MisOverview:
    """Return the same figures without any sums: each of the two tables is scanned once."""
    found = [*_of_requests(query, today), *_of_events(query, today), *_of_revisions(query)]
    return build_overview(found, list(_days(query)), query, tables, today)


def _of_requests(query: MisQuery, today: date) -> Iterator[MisShare]:
    table = _request.c
    is_open = table.status.in_(sorted(OPEN))
    day, asked_on = _day_of(table.registered_at), _day_of(table.status_since)
    keys: list[ColumnElement[Any]] = [
        table.office_code,
        table.kind,
        table.status,
        case((is_open, table.promised_on)),
        case((is_open, asked_on)),
        case((is_open, table.escalation_level > 0), else_=False),
        case((is_open, table.reopened_times > 0), else_=False),
        day,
        case((table.status.in_(BEFORE_RESOLVED), table.disputed_paise), else_=0),
    ]
    for office, kind, status, promised_on, since, escalated, reopened, on, paise, n in _grouped(
        keys, _request
    ):
        band = age_band(on, today)
        yield _share(office, kind, _event_share(mis.REGISTERED, on, n, query))
        if status not in OPEN:
            continue
        yield _share(office, kind, SumShare(mis.PENDING + status, band, False, n, n * paise))
        moment = datetime.combine(since, time_of_day(12), IST)
        if is_late(Status(status), promised_on, moment, today):
            yield _share(office, kind, SumShare(mis.DUE, 1, False, n))
        if escalated:
            yield _share(office, kind, SumShare(mis.ESCALATED, band, False, n))
        if reopened:
            yield _share(office, kind, SumShare(mis.ONCE_REOPENED, band, False, n))


def _of_events(query: MisQuery, today: date) -> Iterator[MisShare]:
    since = datetime.combine(months_until(today)[0], time_of_day(), IST).astimezone(UTC)
    counted = {str(action) for action in (*mis.FLOW_OF, *mis.ENDS_QUESTION) if action != mis.REGISTER}
    keys: list[ColumnElement[Any]] = [
        _request.c.office_code,
        _request.c.kind,
        _event.c.action,
        _event.c.status,
        case((_event.c.details["in_time"].as_boolean(), 1), else_=0),
        case((_is_undone(), 1), else_=0),
        func.coalesce(_event.c.details["stopped"].as_integer(), 0),
        _day_of(_event.c.at),
    ]
    source = _request.join(_event, _event.c.service_request_id == _request.c.id)
    rows = _grouped(keys, source, _event.c.action.in_(counted), _event.c.at >= since)
    for office, kind, action, status, in_time, undone, stopped, on, n in rows:
        step = mis.CountedStep(action, status, since, bool(in_time), int(stopped))
        for one in mis.measures_of(step, since):
            if one.measure in mis.FLOW and not (one.measure == mis.KEPT and undone):
                yield _share(office, kind, _event_share(one.measure, on, n * one.n, query))


def _is_undone() -> ColumnElement[bool]:
    """Return whether the last step of a consumer against the resolution of a request is later than the event."""
    later = _event.alias()
    last = select(func.max(later.c.number)).where(
        later.c.service_request_id == _event.c.service_request_id,
        later.c.action.in_([action.value for action in mis.UNDOES]),
    )
    is_resolution = _event.c.action == Action.APPROVE.value
    return and_(is_resolution, func.coalesce(last.scalar_subquery(), 0) > _event.c.number)


def _of_revisions(query: MisQuery) -> Iterator[MisShare]:
    keys: list[ColumnElement[Any]] = [
        _request.c.office_code,
        _request.c.kind,
        _day_of(_revision.c.decided_at),
        func.abs(_revision.c.issued_paise - _revision.c.revised_paise),
    ]
    source = _request.join(_revision, _revision.c.service_request_id == _request.c.id)
    for office, kind, on, paise, n in _grouped(keys, source, _revision.c.state == "approved"):
        yield _share(office, kind, _event_share(mis.RESOLVED, on, 0, query, n * paise))


def _days(query: MisQuery) -> Iterator[DaysCounted]:
    keys: list[ColumnElement[Any]] = [
        _request.c.office_code,
        _day_of(_event.c.at),
        _day_of(_request.c.registered_at),
    ]
    source = _request.join(_event, _event.c.service_request_id == _request.c.id)
    since = datetime.combine(query.before[0].replace(day=1), time_of_day(), IST).astimezone(UTC)
    rows = _grouped(keys, source, _event.c.action == Action.APPROVE.value, _event.c.at >= since)
    for office, on, registered_on, n in rows:
        yield DaysCounted(True, office, took_measure(on), (on - registered_on).days, n)


def _event_share(measure: str, on: date, n: int, query: MisQuery, paise: int = 0) -> SumShare:
    first, last = query.before
    flags = (first <= on <= last, on > last)
    return SumShare(measure, month_number(on), query.first <= on <= query.last, n, paise, *flags)


def _grouped(keys: list[ColumnElement[Any]], source: Any, *conditions: Any) -> Iterator[Any]:
    labelled = [key.label(f"key_{place}") for place, key in enumerate(keys)]
    statement = select(*labelled, func.count()).select_from(source).where(*conditions).group_by(*labelled)
    with reading() as session:
        yield from session.execute(statement)


def _share(office: str, kind: str, part: SumShare) -> MisShare:
    return MisShare(True, office, kind, part)


def _day_of(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    if database().is_sqlite:
        return func.date(moment, "+5 hours", "+30 minutes", type_=Date)
    return sql_cast(func.timezone("Asia/Kolkata", moment), Date)
