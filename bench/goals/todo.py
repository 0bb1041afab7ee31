"""P8: the To-Do page with many requests stored against few, and its SQL against a bare query."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

from sqlalchemy import update

from bench.databases import configured, settings
from bench.demo_data import demo_data
from bench.load import Ask, repeated
from bench.measure import BenchmarkOptions, Goal, Row, compared, in_turn
from bench.servers import SiteServer
from bench.staff_sessions import employee, staff_cookie
from wss import clock
from wss.db import database, reading, transaction
from wss.domain.actor import Role
from wss.domain.todo_filter import TodoFilter, TodoSort
from wss.models import ServiceRequest
from wss.queries import todo

P8, P8_SQL, P8_ORDER = Goal("P8", 1.2), Goal("P8", 2), Goal("P8", 1.5)
CLIENTS = 4
_LOOKS, _WARM_UP = 500, 50
_BARE = (
    "SELECT r.id, r.complaint_no, r.account_no, r.kind, r.status, r.registered_at, r.promised_on, r.status_since,"
    " r.escalation_level, r.office_code, r.holder_office_code, r.holder_role, r.assignee_id, r.frozen,"
    " r.disputed_paise, r.usual_tenths, r.suggested_verdict, r.verdict_order,"
    " c.consumer_name FROM service_request r JOIN connection c ON c.account_no = r.account_no"
    " WHERE r.office_code = '{office}' AND r.status NOT IN ('closed', 'withdrawn', 'resolved')"
    " ORDER BY r.promised_on, r.id LIMIT 51"
)


def measure(options: BenchmarkOptions) -> list[Row]:
    """Measure P8 on both engines."""
    rows = []
    for engine, urls in demo_data(options).items():
        few, *sizes = options.sizes(engine)
        for count in sizes:
            rows += [
                _page(engine, count, (urls[count], urls[few]), options),
                _sql(engine, count, urls[count], options),
            ]
            rows += _orders(engine, count, urls[count], options)
    return rows


def _page(engine: str, count: int, urls: Sequence[str], options: BenchmarkOptions) -> Row:
    """Measure the first page of a whole discom's list, for its head office.

    No list covers more offices.
    """
    with ExitStack() as opened:
        servers = []
        for url in urls:
            with configured(url):
                cookie = staff_cookie(Role.HEAD_OFFICE)
            servers.append(opened.enter_context(SiteServer(settings(url, options.folder))))
        asks = repeated([Ask("/todo", cookie)], options.asked // 4)
        for server in servers:
            server.microseconds_per_request(asks[:_WARM_UP], CLIENTS)
        pairs = in_turn(
            lambda: servers[0].microseconds_per_request(asks, CLIENTS),
            lambda: servers[1].microseconds_per_request(asks, CLIENTS),
            options.runs,
        )
    what = (
        f"To-Do page of a head office, {count:,} requests against {options.few:,}, {engine}: processor time"
    )
    return compared(P8, what, pairs, "µs")


def _sql(engine: str, count: int, url: str, options: BenchmarkOptions) -> Row:
    """Measure the SQL of a sub-division's page, as its database runs it, against the smallest possible query."""
    with configured(url):
        office = employee(Role.SDO).office_code
        drawn = _drawn(TodoFilter(office, is_lowest=True, is_work=True))
        bare = _BARE.format(office=office)
        if _rows(drawn) != _rows(bare):
            raise RuntimeError(f"{engine}: the baseline query finds other requests")
        pairs = in_turn(lambda: _microseconds(drawn), lambda: _microseconds(bare), options.runs)
    what = f"the SQL of a sub-division's page, {count:,} requests, {engine}: against the bare query"
    return compared(P8_SQL, what, pairs, "µs")


def _orders(engine: str, count: int, url: str, options: BenchmarkOptions) -> list[Row]:
    """Measure the SQL of the head office's list in each further order, against that by promised day."""
    with configured(url):
        _spread_facts()
        office = employee(Role.HEAD_OFFICE).office_code
        promised = _drawn(TodoFilter(office, is_work=True))
        further = {
            sort: _drawn(TodoFilter(office, is_work=True, sort=sort))
            for sort in TodoSort
            if sort is not TodoSort.PROMISED
        }
        return [
            compared(
                P8_ORDER,
                f"the SQL of a head office's list by {sort}, {count:,} requests, {engine}: "
                "against by promised day",
                in_turn(partial(_microseconds, drawn), partial(_microseconds, promised), options.runs),
                "µs",
            )
            for sort, drawn in further.items()
        ]


def _spread_facts() -> None:
    """Give the requests different amounts, uses and verdicts; the demo data has none."""
    with transaction() as session:
        session.execute(
            update(ServiceRequest)
            .where(ServiceRequest.disputed_paise == 0)
            .values(
                disputed_paise=ServiceRequest.id * 7919 % 1_000_003 + 1,
                usual_tenths=ServiceRequest.id % 400,
                verdict_order=ServiceRequest.id % 7,
            )
            .execution_options(synchronize_session=False)
        )


def _drawn(todo_filter: TodoFilter) -> str:
    """Return the statement of a list with its values."""
    narrowed, today = todo._narrowed_by(todo_filter), clock.local_date(clock.now())
    statement = todo._page(database().is_sqlite, narrowed, todo_filter.sort).params(
        todo._parameters(todo_filter, today)
    )
    return str(statement.compile(database().engine, compile_kwargs={"literal_binds": True}))


def _rows(sql: str) -> list[object]:
    with reading() as session:
        return list(session.connection().exec_driver_sql(sql.replace("%", "%%")).all())


def _microseconds(sql: str) -> float:
    """Return the time of one query without any layer above: the driver's cursor, all rows fetched."""
    with reading() as session:
        cursor = session.connection().connection.cursor()
        began = time.perf_counter()
        for _ in range(_LOOKS):
            cursor.execute(sql)
            cursor.fetchall()
        return (time.perf_counter() - began) / _LOOKS * 1e6
