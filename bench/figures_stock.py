"""Fills a database with requests of more than a year, in every office, kind and status, for measuring the MIS."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import CTE, ColumnElement, Engine, String, Table, case, insert, select, text
from sqlalchemy import cast as sql_cast

from bench.stock import Number, as_column, numbers
from wss.clock import local_date, now
from wss.db import Base, Database, reading, transaction
from wss.domain.routing import Level
from wss.models import Connection, Event, ServiceRequest
from wss.queries.reference import reference
from wss.services.mis import rebuild

DAYS = 400
_RECENT = 20
_ACCOUNT = "1999999999"
_OPEN = ("registered", "in_review", "info_requested", "proposed", "resolved", "reopened", "in_review")
# What has happened to what is closed, and so many days after it was registered.
_PAST = (
    ("take_up", "in_review", 1),
    ("propose", "proposed", 2),
    ("approve", "resolved", 3),
    ("confirm", "closed", 5),
)


@dataclass(frozen=True)
class _World:
    offices: Sequence[str]
    kinds: Sequence[str]
    today: date


def fill_with_requests(database: Database, how_many: int) -> None:
    """Requests day by day, half of the last weeks open, nearly all of the others closed; and the sums of the MIS."""
    with reading():
        tables = reference()
    offices = [each.code for each in tables.offices.values() if each.level is Level.SUBDIVISION]
    world = _World(offices, list(tables.kinds), local_date(now()))
    engine = database.engine.execution_options(wss_begin="BEGIN IMMEDIATE")
    _add_connection(offices[0])
    for day in range(DAYS):
        counted = numbers(how_many * day // DAYS + 1, how_many * (day + 1) // DAYS)
        _add_a_day(engine, world, counted, day)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    rebuild()


def _add_a_day(engine: Engine, world: _World, counted: CTE, day: int) -> None:
    """The requests registered on one day, and what has happened to those that are closed."""
    n, is_recent = counted.c.n, day >= DAYS - _RECENT
    is_open = n % 2 == 0 if is_recent else n % 50 == 0
    at = datetime.combine(world.today - timedelta(days=DAYS - 1 - day), time(6), UTC)
    _add(engine, ServiceRequest, counted, _request(n, is_open, at, world))
    if not is_recent:
        for number, (action, status, later) in enumerate(_PAST, start=2):
            line = _event(n, number, at + timedelta(days=later)) | {"action": action, "status": status}
            _add(engine, Event, counted, line, ~is_open)


def _add(engine: Engine, model: type[Base], counted: CTE, columns: dict[str, Any], where: Any = None) -> None:
    table = cast(Table, model.__table__)
    chosen = select(*(as_column(table, name, value) for name, value in columns.items())).select_from(counted)
    chosen = chosen if where is None else chosen.where(where)
    with engine.begin() as connection:
        connection.execute(insert(table).from_select(list(columns), chosen))


def _request(n: Number, is_open: ColumnElement[bool], at: datetime, world: _World) -> dict[str, Any]:
    office = case({place: code for place, code in enumerate(world.offices)}, value=n % len(world.offices))
    kind = case({place: code for place, code in enumerate(world.kinds)}, value=n % 7 % len(world.kinds))
    status = case({place: status for place, status in enumerate(_OPEN)}, value=n % 13 % len(_OPEN))
    return {
        "complaint_no": sql_cast(n + 10_000_000, String) + "x",
        "form_token": sql_cast(n + 10_000_000, String),
        "account_no": _ACCOUNT,
        "kind": kind,
        "channel": "web",
        "language": "hi",
        "fields": {},
        "status": case((is_open, status), else_="closed"),
        "frozen": False,
        "office_code": office,
        "holder_office_code": office,
        "holder_role": "sdo",
        "escalation_level": case((n % 11 == 0, 1), else_=0),
        "reopened_times": case((n % 17 == 0, 1), else_=0),
        "registered_at": at,
        "promised_on": at.date() + timedelta(days=9),
        "status_since": at + timedelta(days=5),
        "version": 1,
        "news": 1,
    }


def _event(n: Number, number: int, at: datetime) -> dict[str, Any]:
    return {
        "service_request_id": n,
        "number": number,
        "role": "sdo",
        "remark": "",
        "details": {"in_time": True},
        "at": at,
    }


def _add_connection(office_code: str) -> None:
    with transaction() as session:
        session.add(
            Connection(
                account_no=_ACCOUNT,
                network="urban",
                subdivision_code=office_code,
                consumer_name="शकुन्तला देवी",
                address="406, Ward Kumarpur",
                pincode="258534",
                category="LMV-1U",
                sanctioned_load_w=2000,
                billing_unit="kWh",
                meter_no="UP32550680",
                multiplying_factor_milli=1000,
                status="active",
                connected_on=date(2009, 9, 23),
            )
        )
