"""Fills an empty database with synthetic rows by the hundred thousand, each table by one statement over a series."""

from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import Table, insert, text

from bench.keys import PASSWORD
from bench.series import Columns, Number, SeriesFiller, Text, as_text
from wss.db import Database
from wss.domain.identifiers import FIRST_COMPLAINT_COUNTER
from wss.models import (
    AlertChoice,
    Bill,
    Connection,
    Consumer,
    Counter,
    DisputedBill,
    Event,
    Message,
    Ownership,
    ServiceRequest,
)
from wss.passwords import hash_password

LONG_AGO = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
BILLS_EACH = 3
EVENTS_EACH = 4
FEWEST_CONNECTIONS = 500
# Requests are stored of so many consumers where the other connections have none.
REGISTERED = 500
REQUESTS_PER_CONNECTION = 10
_FIRST_ACCOUNT = 1_000_000_000
_FIRST_BILL = 5_000_000_000
# Above the numbers of the officers, who may not work on a connection of their own.
_NO_OFFICERS_MOBILE = 6_000_100_000
_MONTHS = ("2026-03", "2026-04", "2026-05")
_KIND = "BILL_CORRECTION"


def connection_count(requests: int) -> int:
    """Return the number of connections for so many requests: each connection has as many, whatever is stored."""
    return max(FEWEST_CONNECTIONS, requests // REQUESTS_PER_CONNECTION)


def account_no(number: int) -> str:
    """Return the account number of the synthetic connection with this number; its consumer has the same id."""
    return str(_FIRST_ACCOUNT + number)


def bill_no(number: int, month: int = BILLS_EACH - 1) -> str:
    """Return the number of one of a connection's bills, by default the newest."""
    return f"{_FIRST_BILL + number}{month}"


def mobile(number: int) -> str:
    """Return the mobile on record of a connection."""
    return str(number + _NO_OFFICERS_MOBILE)


def fill(
    database: Database, office_code: str, requests: int, connections: int, unregistered: int = 0
) -> None:
    """Insert connections, consumers, bills, closed requests with their events and messages.

    The last `unregistered` connections have bills and no consumer.
    """
    add = SeriesFiller(database.engine)
    add(Connection, connections + unregistered, lambda n: _connection(n, office_code))
    password = hash_password(PASSWORD)
    add(Consumer, connections, lambda n: _consumer(n, password))
    add(
        Ownership,
        connections,
        lambda n: {"consumer_id": n, "account_no": _account(n), "created_at": LONG_AGO},
    )
    for month in range(BILLS_EACH):
        add(Bill, connections + unregistered, _bill_of(month))
    add(ServiceRequest, requests, lambda n: _request(n, connections, office_code))
    add(DisputedBill, requests, lambda n: _disputed(n, connections))
    for number in range(1, EVENTS_EACH + 1):
        add(Event, requests, _event_of(number))
    add(Message, requests, _message)
    _settle(database, requests)


def fill_budgets(database: Database, office_code: str, budgets: int, at: datetime) -> None:
    """Insert connections, each with a consumer, bills and a budget of 150 units that is to be checked at a moment.

    Of 200 budgets the projections of 100 are above.
    """
    add = SeriesFiller(database.engine)
    add(Connection, budgets, lambda n: _connection(n, office_code))
    add(Consumer, budgets, lambda n: _consumer(n, "none"))
    add(Ownership, budgets, lambda n: {"consumer_id": n, "account_no": _account(n), "created_at": LONG_AGO})
    for month in range(BILLS_EACH):
        add(Bill, budgets, _bill_of(month))
    choice = {
        **dict.fromkeys(("bill_issued", "due_soon", "overdue", "unusual"), False),
        **dict.fromkeys(("quiet_from", "quiet_to"), 0),
        **dict.fromkeys(("check_at", "updated_at"), at),
        "budget_units": 150,
        "reading": 1350,
        "read_on": at.date(),
        "projected_month": "2026-06",
    }
    add(
        AlertChoice,
        budgets,
        lambda n: {"consumer_id": n, "account_no": _account(n), "projected_units": n % 200 + 51, **choice},
    )
    _analyse(database)


def _account(number: Number) -> Text:
    return as_text(number + _FIRST_ACCOUNT)


def _account_index(number: Number, connections: int) -> Number:
    """Return the connection of a request: consecutive requests belong to different consumers."""
    return number % connections + 1


def _connection(n: Number, office_code: str) -> dict[str, Any]:
    return {
        "account_no": _account(n),
        "network": "urban",
        "subdivision_code": office_code,
        "consumer_name": "शकुन्तला देवी",
        "address": "406, Ward Kumarpur",
        "pincode": "258534",
        "mobile_on_record": as_text(n + _NO_OFFICERS_MOBILE),
        "category": "LMV-1U",
        "sanctioned_load_w": 2000,
        "billing_unit": "kWh",
        "meter_no": "UP32550680",
        "multiplying_factor_milli": 1000,
        "status": "active",
        "connected_on": date(2009, 9, 23),
    }


def _consumer(n: Number, password_hash: str) -> dict[str, Any]:
    return {
        "user_name": "consumer" + as_text(n),
        "password_hash": password_hash,
        "mobile": as_text(n + _NO_OFFICERS_MOBILE),
        "language": "hi",
        "sms_alerts": True,
        "email_alerts": False,
        "created_at": LONG_AGO,
    }


def _bill_of(month: int) -> Columns:
    start = date.fromisoformat(f"{_MONTHS[month]}-01")

    def columns(n: Number) -> dict[str, Any]:
        return {
            "bill_no": as_text(n + _FIRST_BILL) + str(month),
            "account_no": _account(n),
            "bill_month": _MONTHS[month],
            "period_from": start,
            "period_to": start.replace(day=28),
            "previous_reading": 1000 + 100 * month,
            "current_reading": 1100 + 100 * month,
            "units": 100,
            "bill_basis": "MU",
            "issue_date": start.replace(day=28),
            "due_date": start.replace(day=28),
            "fixed_charge_paise": 220_00,
            "energy_charge_paise": 550_00,
            "electricity_duty_paise": 38_50,
            "other_charge_paise": 0,
            "arrears_paise": 0,
            "amount_paise": 808_50,
        }

    return columns


def _request(n: Number, connections: int, office_code: str) -> dict[str, Any]:
    index = _account_index(n, connections)
    return {
        "complaint_no": as_text(n + FIRST_COMPLAINT_COUNTER) + "x",
        "form_token": "f" * 33 + as_text(n + _FIRST_ACCOUNT),
        "account_no": _account(index),
        "consumer_id": index,
        "kind": _KIND,
        "channel": "web",
        "language": "hi",
        "fields": {"reason": "wrong_reading", "reading_kwh": 1180, "remarks": "मीटर की रीडिंग बिल से कम है।"},
        "status": "closed",
        "resolution": "revised",
        "closing": "confirmed",
        "frozen": False,
        "office_code": office_code,
        "holder_office_code": office_code,
        "holder_role": "billing_clerk",
        "escalation_level": 0,
        "reopened_times": 0,
        "registered_at": LONG_AGO,
        "promised_on": LONG_AGO.date(),
        "status_since": LONG_AGO,
        "version": EVENTS_EACH,
        "news": EVENTS_EACH,
    }


def _disputed(n: Number, connections: int) -> dict[str, Any]:
    number = as_text(_account_index(n, connections) + _FIRST_BILL) + "0"
    return {"service_request_id": n, "bill_no": number, "first_bill_no": number, "is_open": False}


def _event_of(number: int) -> Columns:
    actions = ("register", "take_up", "propose", "approve")
    statuses = ("registered", "in_review", "proposed", "resolved")

    def columns(n: Number) -> dict[str, Any]:
        return {
            "service_request_id": n,
            "number": number,
            "action": actions[number - 1],
            "status": statuses[number - 1],
            "role": "consumer" if number == 1 else "billing_clerk",
            "remark": "" if number < EVENTS_EACH else "रीडिंग की जाँच की गई।",
            "details": {},
            "at": LONG_AGO,
        }

    return columns


def _message(n: Number) -> dict[str, Any]:
    return {
        "id": "00000000-0000-4000-8000-00" + as_text(n + _FIRST_ACCOUNT),
        "notice": "request_registered",
        "channel": "sms",
        "recipient": "6000000001",
        "language": "hi",
        "text_sealed": "g" * 200,
        "secret": False,
        "urgency": 2,
        "service_request_id": n,
        "event_number": 1,
        "sending_key": None,
        "sendings": 1,
        "gateway": "",
        "is_in_doubt": False,
        "provider_id": "",
        "state": "delivered",
        "attempts": 1,
        "reason": "",
        "due_at": LONG_AGO,
        "created_at": LONG_AGO,
        "settled_at": LONG_AGO,
    }


def _settle(database: Database, requests: int) -> None:
    """Set the complaint counter after the synthetic numbers, and update the planner's statistics."""
    with database.engine.execution_options(wss_begin="BEGIN IMMEDIATE").begin() as connection:
        connection.execute(
            insert(cast(Table, Counter.__table__)).values(
                name="complaint_no", value=FIRST_COMPLAINT_COUNTER + requests
            )
        )
    _analyse(database)


def _analyse(database: Database) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
