"""Factories of test rows: offices, connections, bills, consumers and requests.

A test passes only the values that it is about.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa

from tests.fixtures.site import Visitor
from wss import clock, vault
from wss.db import Base, transaction
from wss.domain.delivery import DeliveryState, Urgency
from wss.domain.lifecycle import AT_WORK
from wss.models import (
    Bill,
    Connection,
    Consumer,
    DisputedBill,
    EscalationStep,
    Event,
    KindRow,
    Message,
    Office,
    Ownership,
    Reason,
    ServiceRequest,
    SignedIn,
    StaffCredential,
)
from wss.passwords import hash_password

Row = TypeVar("Row", bound=Base)

PASSWORD = "seven blue lamps"
OFFICE = "PVVNL-Z06-C1-D1-S2"
ACCOUNT_NO = "7950761921"
ACCOUNT_NO_RURAL = "511820841163"
MOBILE = "8539436110"


def given(*rows: Row) -> Row:
    """Insert rows into the database in this order and return the first."""
    with transaction() as session:
        for row in rows:
            session.add(row)
            session.flush()
    return rows[0]


def update_rows(model: type[Base], *conditions: Any, **columns: Any) -> None:
    """Set columns of every row of a table, or of the rows that meet the conditions."""
    with transaction() as session:
        session.execute(sa.update(model).where(*conditions).values(**columns))


def execute(statement: str, **values: Any) -> None:
    """Execute a statement of SQL in a transaction."""
    with transaction() as session:
        session.execute(sa.text(statement), values)


def offices(code: str = OFFICE) -> list[Office]:
    """Return an office and all offices above it: discom, zone, circle, division, sub-division."""
    levels = ("discom", "zone", "circle", "division", "subdivision")
    parts = code.split("-")
    chain = ["-".join(parts[: depth + 1]) for depth in range(len(parts))]
    return [
        Office(
            code=own,
            parent_code=chain[depth - 1] if depth else None,
            level=levels[depth],
            name=f"Office {own}",
            name_hi=f"कार्यालय {own}",
            phone="05222140891",
            email="office@example.in",
            path="/".join(chain[: depth + 1]),
        )
        for depth, own in enumerate(chain)
    ]


def a_connection(account_no: str = ACCOUNT_NO, **wishes: Any) -> Connection:
    """Return a connection of an urban household; its office must exist."""
    facts: dict[str, Any] = {
        "network": "urban" if len(account_no) == 10 else "rural",
        "subdivision_code": OFFICE,
        "consumer_name": "Pooja Sharma",
        "address": "406, Ward Kumarpur",
        "pincode": "258534",
        "mobile_on_record": MOBILE,
        "email_on_record": None,
        "category": "LMV-1U",
        "sanctioned_load_w": 2000,
        "billing_unit": "kWh",
        "meter_no": "UP32550680",
        "multiplying_factor_milli": 1000,
        "status": "active",
        "connected_on": date(2009, 9, 23),
    }
    return Connection(account_no=account_no, **{**facts, **wishes})


def a_bill(bill_no: str = "101000000003", account_no: str = ACCOUNT_NO, **wishes: Any) -> Bill:
    """Return the bill of October 2026: 100 units, Rs 750.00, unpaid."""
    facts: dict[str, Any] = {
        "sbm_bill_no": None,
        "bill_month": "2026-10",
        "period_from": date(2026, 10, 1),
        "period_to": date(2026, 10, 31),
        "previous_reading": 1000,
        "current_reading": 1100,
        "units": 100,
        "bill_basis": "MU",
        "issue_date": date(2026, 11, 6),
        "due_date": date(2026, 11, 20),
        "fixed_charge_paise": 220_00,
        "energy_charge_paise": 494_28,
        "electricity_duty_paise": 35_72,
        "other_charge_paise": 0,
        "arrears_paise": 0,
        "amount_paise": 750_00,
        "paid_amount_paise": None,
        "paid_on": None,
    }
    return Bill(bill_no=bill_no, account_no=account_no, **{**facts, **wishes})


def three_bills(account_no: str = ACCOUNT_NO, first: int = 101000000001) -> list[Bill]:
    """Return the bills of August, September and October 2026, the newest last."""
    return [
        a_bill(
            str(first + number),
            account_no,
            sbm_bill_no=f"S{first + number}",
            bill_month=f"2026-{month:02}",
            period_from=date(2026, month, 1),
            period_to=date(2026, month, 30),
            previous_reading=800 + 100 * number,
            current_reading=900 + 100 * number,
            issue_date=date(2026, month + 1, 6),
            due_date=date(2026, month + 1, 20),
        )
        for number, month in enumerate((8, 9, 10))
    ]


@cache
def _hash_of(password: str) -> str:
    return hash_password(password)


def a_consumer(password: str = PASSWORD, **wishes: Any) -> Consumer:
    """Return a consumer who registered a month ago with the mobile number on record."""
    facts: dict[str, Any] = {
        "user_name": None,
        "password_hash": _hash_of(password),
        "mobile": MOBILE,
        "email": None,
        "language": "hi",
        "created_at": clock.now() - timedelta(days=30),
    }
    return Consumer(**{**facts, **wishes})


def an_ownership(consumer: Consumer, account_no: str = ACCOUNT_NO, **wishes: Any) -> Ownership:
    """Return the consumer's active ownership of a connection; with held_until=… it is on hold."""
    facts = {"held_until": None, "created_at": clock.now() - timedelta(days=30), "ended_at": None}
    return Ownership(consumer_id=consumer.id, account_no=account_no, **{**facts, **wishes})


@dataclass(frozen=True)
class Household:
    """A connection with its last three bills and, if it is registered, its consumer."""

    connection: Connection
    bills: Sequence[Bill]
    consumer: Consumer | None

    @property
    def account_no(self) -> str:
        """Return the account number, with which the consumer logs in."""
        return self.connection.account_no

    @property
    def bill_no(self) -> str:
        """Return the number of the newest bill."""
        return self.bills[-1].bill_no


def a_household(account_no: str = ACCOUNT_NO, *, registered: bool = True, **wishes: Any) -> Household:
    """Insert an office, a connection, three bills and a registered consumer.

    Keyword arguments are values of the connection.
    """
    with transaction() as session:
        present = session.get(Office, wishes.get("subdivision_code", OFFICE)) is not None
    connection = a_connection(account_no, **wishes)
    bills = three_bills(account_no, 101000000001 + int(account_no) % 1000 * 10)
    given(*([] if present else offices(connection.subdivision_code)), connection, *bills)
    consumer = None
    if registered:
        consumer = given(a_consumer(mobile=connection.mobile_on_record or MOBILE))
        given(an_ownership(consumer, account_no))
    return Household(connection, bills, consumer)


def a_kind(code: str, fields: str, **columns: Any) -> KindRow:
    """Return a kind of request about bills that billing clerks handle, or what `columns` say."""
    usual = {
        "type": "Billing",
        "type_hi": "बिल",
        "networks": "urban rural",
        "reasons": "",
        "target_days": 7,
        "route_role": "billing_clerk",
        "route_level": "subdivision",
        "position": 1,
    }
    return KindRow(code=code, fields=fields, **{**usual, **columns})


def bill_correction() -> list[Base]:
    """Return the catalogue's kind "bill correction" with two of its reasons."""
    return [
        Reason(code="wrong_reading", name="The reading on the bill is wrong", name_hi="बिल में रीडिंग ग़लत है"),
        Reason(code="other", name="Another reason", name_hi="अन्य कारण"),
        a_kind(
            "BILL_CORRECTION",
            "bill_no reason reading_kwh reading_kvah demand_kva remarks documents",
            name="Bill correction",
            name_hi="बिल संशोधन",
            reasons="wrong_reading other",
        ),
    ]


def address_correction() -> KindRow:
    """Return a second kind, of another type and with other fields."""
    return KindRow(
        code="ADDRESS_CORRECTION",
        type="Name or address",
        type_hi="नाम या पता",
        name="Address correction",
        name_hi="पते में सुधार",
        networks="urban rural",
        fields="new_address pincode remarks documents",
        reasons="",
        target_days=15,
        route_role="sdo",
        route_level="subdivision",
        position=2,
    )


def escalation_rows(kind: str = "*") -> list[EscalationStep]:
    """Return the escalation steps: 40 working hours to the SDO, 24 each to EE, SE and CE, 40 to the head office."""
    posts = (
        ("sdo", "subdivision", 40),
        ("ee", "division", 24),
        ("se", "circle", 24),
        ("ce", "zone", 24),
        ("head_office", "discom", 40),
    )
    return [
        EscalationStep(
            kind=kind, level=number, role=role, office_level=at, working_hours=hours, source_note="a test"
        )
        for number, (role, at, hours) in enumerate(posts, 1)
    ]


def request_row(household: Household, complaint_no: str, **wishes: Any) -> ServiceRequest:
    """Return a registered bill correction about the newest bill, not yet in the database."""
    now = clock.now()
    facts: dict[str, Any] = {
        "form_token": secrets.token_urlsafe(32),
        "consumer_id": household.consumer.id if household.consumer else None,
        "kind": "BILL_CORRECTION",
        "language": "hi",
        "fields": {"reason": "wrong_reading", "bill_no": [household.bill_no]},
        "status": "registered",
        "office_code": household.connection.subdivision_code,
        "holder_office_code": household.connection.subdivision_code,
        "holder_role": "billing_clerk",
        "registered_at": now,
        "promised_on": date(2026, 12, 2),
        "status_since": now,
        "clock_rules": 0,
    }
    facts = {**facts, **wishes}
    if facts["status"] in AT_WORK:
        facts.setdefault("clock_from", now)
    return ServiceRequest(complaint_no=complaint_no, account_no=household.account_no, **facts)


def registered_event(request: ServiceRequest) -> Event:
    """Return the first event of a request's timeline."""
    return Event(
        service_request_id=request.id,
        number=1,
        action="register",
        status=request.status,
        role="consumer",
        details={},
        at=request.registered_at,
    )


def a_service_request(
    household: Household, complaint_no: str = "10000000016", **wishes: Any
) -> ServiceRequest:
    """Insert a registered bill correction about the newest bill; needs bill_correction()."""
    request = given(request_row(household, complaint_no, **wishes))
    bill = DisputedBill(service_request_id=request.id, bill_no=household.bill_no, is_open=True)
    given(bill, registered_event(request))
    return request


def a_message(**wishes: Any) -> Message:
    """Return a queued SMS to the mobile number on record, as the outbox holds it."""
    at = clock.now()
    facts: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "notice": "withdrawn",
        "channel": "sms",
        "recipient": MOBILE,
        "language": "hi",
        "text_sealed": vault.seal("{}"),
        "secret": False,
        "urgency": Urgency.NOTICE,
        "sendings": 1,
        "gateway": "",
        "is_in_doubt": False,
        "provider_id": "",
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "reason": "",
        "due_at": at,
        "created_at": at,
    }
    return Message(**{**facts, **wishes})


def a_session(id_hash: str, **columns: Any) -> SignedIn:
    """Return a session of twelve hours that begins now; `consumer_id` or `employee_id` says whose."""
    now = clock.now()
    facts: dict[str, Any] = {"created_at": now, "seen_at": now, "expires_at": now + timedelta(hours=12)}
    return SignedIn(id_hash=id_hash, **{**facts, **columns})


def sign_in(visitor: Visitor, consumer: Consumer | None, *, confirmed: bool = False) -> str:
    """Log the visitor in as this consumer without the login page and return the session's hash.

    With `confirmed` the password has just been confirmed again.
    """
    assert consumer is not None
    session_id = secrets.token_urlsafe(32)
    visitor.client.set_cookie("wss", session_id)
    columns = {"consumer_id": consumer.id, "stepped_up_at": clock.now() if confirmed else None}
    return given(a_session(vault.keyed_hash("session", session_id), **columns)).id_hash


# The password with which staff log in in tests; they chose it themselves, it is no initial password.
STAFF_PASSWORD = "three green lamps at night"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def a_credential(employee_id: str, **wishes: Any) -> StaffCredential:
    """Return an employee's credential: password changed, authenticator enrolled."""
    facts: dict[str, Any] = {
        "password_hash": _hash_of(STAFF_PASSWORD),
        "must_change": False,
        "totp_secret_sealed": vault.seal(TOTP_SECRET),
        "totp_enrolled_at": clock.now() - timedelta(days=30),
        "created_at": clock.now() - timedelta(days=30),
    }
    return StaffCredential(employee_id=employee_id, **{**facts, **wishes})


def sign_in_staff(visitor: Visitor, employee_id: str, *, stepped_up: bool = False, **wishes: Any) -> str:
    """Log the visitor in as this employee, second factor given, and return the session's hash.

    With `stepped_up` a code has just been given again. `second_factor_at=None` stops after the password.
    """
    session_id, now = secrets.token_urlsafe(32), clock.now()
    visitor.client.set_cookie("wss", session_id)
    with transaction() as session:
        if session.get(StaffCredential, employee_id) is None:
            session.add(a_credential(employee_id))
    facts: dict[str, Any] = {
        "expires_at": now + timedelta(hours=8),
        "second_factor_at": now,
        "stepped_up_at": now if stepped_up else None,
    }
    id_hash = vault.keyed_hash("session", session_id)
    return given(a_session(id_hash, employee_id=employee_id, **{**facts, **wishes})).id_hash
