"""P9: the figures of the whole state, against the two queries that count them from requests and timelines."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, cast

from sqlalchemy import ColumnElement, Date, Table, case, event, extract, func, select
from sqlalchemy import cast as sql_cast

from bench.databases import configured
from bench.demo_data import demo_data
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn
from wss.clock import local_date, now
from wss.db import database, reading
from wss.domain import mis
from wss.domain.calendar import IST
from wss.domain.lateness import is_late
from wss.domain.lifecycle import OPEN, Status
from wss.models import Event, ServiceRequest
from wss.queries.mis import MisShare
from wss.queries.reference import Reference, reference
from wss.services.mis.figures import MisOverview, MisQuery, build_overview, overview

P9 = Goal("P9", 50, at_least=True)
_PERIOD = timedelta(days=29)
_request = cast(Table, ServiceRequest.__table__)
_event = cast(Table, Event.__table__)
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
    found = [*_of_requests(query, today), *_of_events(query, today)]
    return build_overview(found, query, tables, today)


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
    ]
    for office, kind, status, promised_on, since, escalated, reopened, on, n in _grouped(keys, _request):
        band = mis.age_band(on, today)
        in_period = query.first <= on <= query.last
        yield _share(office, kind, mis.SumShare(mis.REGISTERED, mis.month_number(on), in_period, n))
        if status not in OPEN:
            continue
        yield _share(office, kind, mis.SumShare(mis.PENDING + status, band, False, n))
        moment = datetime.combine(since, time_of_day(12), IST)
        if is_late(Status(status), promised_on, moment, today):
            yield _share(office, kind, mis.SumShare(mis.DUE, 1, False, n))
        if escalated:
            yield _share(office, kind, mis.SumShare(mis.ESCALATED, band, False, n))
        if reopened:
            yield _share(office, kind, mis.SumShare(mis.ONCE_REOPENED, band, False, n))


def _of_events(query: MisQuery, today: date) -> Iterator[MisShare]:
    since = datetime.combine(mis.months_until(today)[0], time_of_day(), IST).astimezone(UTC)
    counted = {str(action) for action in (*mis.FLOW_OF, *mis.ENDS_QUESTION) if action != mis.REGISTER}
    month = extract("month", _day_of(_event.c.at)) + 12 * extract("year", _day_of(_event.c.at)) - 1
    keys: list[ColumnElement[Any]] = [
        _request.c.office_code,
        _request.c.kind,
        _event.c.action,
        _event.c.status,
        case((_event.c.details["in_time"].as_boolean(), 1), else_=0),
        func.coalesce(_event.c.details["stopped"].as_integer(), 0),
        _day_of(_event.c.at).between(query.first, query.last),
        month,
    ]
    source = _request.join(_event, _event.c.service_request_id == _request.c.id)
    rows = _grouped(keys, source, _event.c.action.in_(counted), _event.c.at >= since)
    for office, kind, action, status, in_time, stopped, in_period, number, n in rows:
        for one in mis.measures_of(action, status, since, bool(in_time), int(stopped)):
            yield _share(office, kind, mis.SumShare(one.measure, int(number), bool(in_period), n * one.n))


def _grouped(keys: list[ColumnElement[Any]], source: Any, *conditions: Any) -> Iterator[Any]:
    labelled = [key.label(f"key_{place}") for place, key in enumerate(keys)]
    statement = select(*labelled, func.count()).select_from(source).where(*conditions).group_by(*labelled)
    with reading() as session:
        yield from session.execute(statement)


def _share(office: str, kind: str, part: mis.SumShare) -> MisShare:
    return MisShare(True, office, kind, part)


def _day_of(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    if database().is_sqlite:
        return func.date(moment, "+5 hours", "+30 minutes", type_=Date)
    return sql_cast(func.timezone("Asia/Kolkata", moment), Date)
