"""Statements of the demo data: insert many rows at once, and find demo logins."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, and_, func, or_, select, update

from wss.db import database, insert, session
from wss.domain.actor import Actor, Role
from wss.domain.delivery import DeliveryState
from wss.domain.identifiers import FIRST_COMPLAINT_COUNTER
from wss.models import (
    Bill,
    Call,
    Connection,
    Consumer,
    Counter,
    DisputedBill,
    Event,
    Message,
    Office,
    Ownership,
    ServiceRequest,
    Staff,
    StaffCredential,
)
from wss.models.reference import COMPLAINT_COUNTER, COMPLAINT_NUMBERS
from wss.models.service_request import IS_OPEN

# Roles of which one post is enough, in whichever office.
_EVERYWHERE = (Role.HELPDESK, Role.HELPDESK_SUPERVISOR, Role.ADMIN)


class DemoLogin(NamedTuple):
    """A consumer to log in as."""

    user_name: str
    network: str
    account_no: str
    bill_no: str


class FreeConnection(NamedTuple):
    """A connection that is not registered yet."""

    network: str
    account_no: str
    bill_no: str


class DemoBill(NamedTuple):
    """A bill to dispute."""

    bill_no: str
    issue_date: date
    period_from: date
    period_to: date
    current_reading: int
    units: int
    bill_basis: str


class TourPerson(NamedTuple):
    """A person of the demo tour.

    `who` is a user name or a role, `key` the consumer's id or the employee's number.
    """

    who: str
    key: str
    name: str
    mobile: str


class DemoPost(NamedTuple):
    """An employee to log in as."""

    employee_id: str
    role: str
    office_code: str


def subdivision_codes() -> list[str]:
    """Return the sub-divisions, in the order of their codes."""
    statement = select(Office.code).where(Office.level == "subdivision").order_by(Office.code)
    return list(session().execute(statement).scalars())


def filled_posts() -> dict[tuple[str, Role], str]:
    """Return the employee of each filled post; of several, the one with the lowest number."""
    statement = select(Staff.office_code, Staff.role, func.min(Staff.employee_id)).group_by(
        Staff.office_code, Staff.role
    )
    return {(office, Role(role)): employee for office, role, employee in session().execute(statement)}


def employees_of(role: Role) -> list[Actor]:
    """Return the employees of a role in every office, in the order of their numbers."""
    statement = (
        select(Staff.employee_id, Staff.office_code)
        .where(Staff.role == role, Staff.left_on.is_(None))
        .order_by(Staff.employee_id)
    )
    return [
        Actor(role, employee_id, office_code) for employee_id, office_code in session().execute(statement)
    ]


def add_calls(calls: Sequence[dict[str, Any]]) -> list[int]:
    """Insert calls and return their ids, in the same order."""
    if not calls:
        return []
    table = cast(Table, Call.__table__)
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(session().execute(statement, list(calls)).scalars())


def bills_as_issued(account_no: str) -> list[DemoBill]:
    """Return a connection's bills, newest first; not those that revised another."""
    statement = (
        select(*(getattr(Bill, name) for name in DemoBill._fields))
        .where(Bill.account_no == account_no, Bill.revises.is_(None))
        .order_by(Bill.bill_month.desc())
    )
    return [DemoBill(*row) for row in session().execute(statement)]


def add_requests(requests: Sequence[dict[str, Any]]) -> list[int]:
    """Insert requests and return their ids, in the same order."""
    table = cast(Table, ServiceRequest.__table__)
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(session().execute(statement, list(requests)).scalars())


def add_timelines(events: list[dict[str, Any]], disputes: list[dict[str, Any]]) -> None:
    """Insert the events of new requests, and the bills they dispute."""
    session().execute(insert(Event.__table__), events)
    if disputes:
        session().execute(insert(DisputedBill.__table__).on_conflict_do_nothing(), disputes)


def reserve_complaint_counters(how_many: int) -> Sequence[int]:
    """Reserve so many values of the counter, and return them."""
    if not database().is_sqlite:
        each = func.generate_series(1, how_many).table_valued("n")
        return list(session().execute(select(COMPLAINT_NUMBERS.next_value()).select_from(each)).scalars())
    value = Counter.__table__.c.value
    statement = (
        insert(Counter.__table__)
        .values(name=COMPLAINT_COUNTER, value=FIRST_COMPLAINT_COUNTER + how_many - 1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": value + how_many})
        .returning(value)
    )
    last: int = session().execute(statement).scalar_one()
    return range(last - how_many + 1, last + 1)


def mark_waiting_delivered() -> None:
    """Mark every waiting message as delivered, so that no message of the demo history is sent."""
    session().execute(
        update(Message)
        .where(Message.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DELIVERED, attempts=1, settled_at=Message.created_at)
    )


def logins(user_names: Sequence[str]) -> list[DemoLogin]:
    """Return these consumers with their account and their latest bill."""
    statement = (
        select(Consumer.user_name, Connection.network, Connection.account_no, func.max(Bill.bill_no))
        .join(Ownership, Ownership.consumer_id == Consumer.id)
        .join(Connection, Connection.account_no == Ownership.account_no)
        .join(Bill, Bill.account_no == Connection.account_no)
        .where(Consumer.user_name.in_(user_names), Ownership.ended_at.is_(None), Bill.revises.is_(None))
        .group_by(Consumer.user_name, Connection.network, Connection.account_no)
        .order_by(Connection.network.desc())
    )
    return [DemoLogin(name or "", *rest) for name, *rest in session().execute(statement)]


def tour_consumers(user_names: Sequence[str]) -> list[TourPerson]:
    """Return these consumers, with the name on the bill of their first connection."""
    statement = (
        select(Consumer.user_name, Consumer.id, func.min(Connection.consumer_name), func.min(Consumer.mobile))
        .join(Ownership, Ownership.consumer_id == Consumer.id)
        .join(Connection, Connection.account_no == Ownership.account_no)
        .where(Consumer.user_name.in_(user_names), Ownership.ended_at.is_(None))
        .group_by(Consumer.user_name, Consumer.id)
    )
    found = session().execute(statement)
    return [
        TourPerson(user_name or "", str(key), name, mobile or "") for user_name, key, name, mobile in found
    ]


def tour_employees() -> list[TourPerson]:
    """Return the enrolled employee with the lowest number of each role."""
    first = (
        select(func.min(Staff.employee_id))
        .join(StaffCredential, StaffCredential.employee_id == Staff.employee_id)
        .where(Staff.left_on.is_(None))
        .group_by(Staff.role)
    )
    statement = select(Staff.role, Staff.employee_id, Staff.name, Staff.mobile).where(
        Staff.employee_id.in_(first)
    )
    return [
        TourPerson(role, key, name, mobile or "") for role, key, name, mobile in session().execute(statement)
    ]


def account_of_caller() -> str:
    """Return the connection of the newest complaint of a caller who is not registered at the site."""
    statement = (
        select(ServiceRequest.account_no)
        .where(ServiceRequest.call_id.is_not(None), ServiceRequest.consumer_id.is_(None))
        .order_by(ServiceRequest.id.desc())
        .limit(1)
    )
    return session().execute(statement).scalar() or ""


def free_connection(network: str) -> FreeConnection | None:
    """Return a connection with a mobile on record that is not registered."""
    taken = select(Ownership.id).where(
        Ownership.account_no == Connection.account_no, Ownership.ended_at.is_(None)
    )
    statement = (
        select(Connection.network, Connection.account_no)
        .where(Connection.network == network, Connection.mobile_on_record.is_not(None), ~taken.exists())
        .order_by(Connection.account_no)
        .limit(1)
    )
    found = session().execute(statement).first()
    if found is None:
        return None
    bill_no = bills_as_issued(found.account_no)[0].bill_no
    return FreeConnection(found.network, found.account_no, bill_no)


def demo_posts() -> list[DemoPost]:
    """Return the demo posts.

    These are the clerk, SDO and EE of the office with the most open requests, its head office, the help-desk that
    serves all offices with its supervisor, and two administrators of one discom: one confirms what the other
    proposes.
    """
    busiest = (
        select(Office.path)
        .join(ServiceRequest, ServiceRequest.office_code == Office.code)
        .where(IS_OPEN)
        .group_by(Office.path)
        .order_by(func.count().desc(), Office.path)
        .limit(1)
    )
    chain = (session().execute(busiest).scalar() or "").split("/")
    roles = (Role.BILLING_CLERK, Role.SDO, Role.EE, Role.HEAD_OFFICE)
    around = and_(Staff.role.in_(roles), Staff.office_code.in_(chain))
    statement = (
        select(func.min(Staff.employee_id), Staff.role, func.max(Staff.office_code))
        .where(or_(around, Staff.role.in_(_EVERYWHERE)), Staff.left_on.is_(None))
        .group_by(Staff.role)
        .order_by(func.max(func.length(Staff.office_code)).desc(), Staff.role)
    )
    posts = [DemoPost(*row) for row in session().execute(statement)]
    return posts + [second for one in posts if one.role == Role.ADMIN for second in _second_post(one)]


def _second_post(first: DemoPost) -> list[DemoPost]:
    """Return another person with the same role in the same office, if there is one."""
    statement = (
        select(Staff.employee_id, Staff.role, Staff.office_code)
        .where(
            Staff.role == first.role,
            Staff.office_code == first.office_code,
            Staff.employee_id != first.employee_id,
            Staff.left_on.is_(None),
        )
        .order_by(Staff.employee_id)
        .limit(1)
    )
    return [DemoPost(*row) for row in session().execute(statement)]


def posts_with_credentials() -> list[tuple[DemoPost, str]]:
    """Return every enrolled employee with the sealed key. A demo site has only a few."""
    statement = (
        select(Staff.employee_id, Staff.role, Staff.office_code, StaffCredential.totp_secret_sealed)
        .join(StaffCredential, StaffCredential.employee_id == Staff.employee_id)
        .order_by(func.length(Staff.office_code).desc(), Staff.role, Staff.employee_id)
    )
    return [(DemoPost(*row[:3]), row[3]) for row in session().execute(statement)]
