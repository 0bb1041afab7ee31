"""Connections that a consumer may see, with their current bill."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from wss.db import session
from wss.domain.actor import Actor
from wss.domain.errors import NotFound
from wss.domain.lifecycle import Status
from wss.models import Bill, Connection, DisputedBill, Ownership, ServiceRequest, TariffRow


@dataclass(frozen=True, slots=True)
class ConnectionTile:
    """A connection as the account page shows it: its address, and its latest bill, if there is one."""

    account_no: str
    network: str
    consumer_name: str
    address: str
    category: str
    sanctioned_load_w: int
    bill_no: str | None
    bill_month: str | None
    amount_paise: int | None
    due_date: date | None
    paid_amount_paise: int | None
    open_complaint_no: str | None
    is_decided: bool | None


_latest_bill = (
    select(Bill.bill_no)
    .where(Bill.account_no == Connection.account_no)
    # A bill that was revised today is the newest of its month.
    .order_by(Bill.bill_month.desc(), Bill.issue_date.desc(), Bill.bill_no.desc())
    .limit(1)
    .correlate(Connection)
    .scalar_subquery()
)
# Any bill of the month may be disputed: the latest may be its revision. A former owner's request stays private: the new
# owner of the connection does not get its number.
_of_month = aliased(Bill)
_of_open_complaint = (
    select()
    .select_from(ServiceRequest)
    .join(DisputedBill, DisputedBill.service_request_id == ServiceRequest.id)
    .join(_of_month, _of_month.bill_no == DisputedBill.bill_no)
    .where(
        DisputedBill.is_open,
        _of_month.account_no == Bill.account_no,
        _of_month.bill_month == Bill.bill_month,
        ServiceRequest.consumer_id == Ownership.consumer_id,
    )
    .limit(1)
    .correlate(Bill, Ownership)
)
_open_complaint = _of_open_complaint.add_columns(ServiceRequest.complaint_no).scalar_subquery()
_is_decided = _of_open_complaint.add_columns(ServiceRequest.status == Status.RESOLVED).scalar_subquery()
_tiles = (
    select(
        Connection.account_no,
        Connection.network,
        Connection.consumer_name,
        Connection.address,
        Connection.category,
        Connection.sanctioned_load_w,
        Bill.bill_no,
        Bill.bill_month,
        Bill.amount_paise,
        Bill.due_date,
        Bill.paid_amount_paise,
        _open_complaint,
        _is_decided,
    )
    .join(Ownership, Ownership.account_no == Connection.account_no)
    .outerjoin(Bill, Bill.bill_no == _latest_bill)
    .where(Ownership.consumer_id == bindparam("consumer_id"), Ownership.is_active_at(bindparam("at")))
    .order_by(Ownership.id)
)
_owned = (
    select(Connection)
    .join(Ownership, Ownership.account_no == Connection.account_no)
    .where(
        Connection.account_no == bindparam("account_no"),
        Ownership.consumer_id == bindparam("consumer_id"),
        Ownership.is_active_at(bindparam("at")),
    )
)


def connections_of(consumer_id: int, at: datetime) -> list[ConnectionTile]:
    """Return the connections that a consumer owns (without those on hold), in the order they were registered."""
    rows: Any = session().execute(_tiles, {"consumer_id": consumer_id, "at": at})
    return [ConnectionTile(*row) for row in rows]


def visible_connection(actor: Actor, account_no: str, at: datetime) -> Connection:
    """Return a connection that this consumer owns now; raises NotFound for any other, existing or not."""
    asked = {"account_no": account_no, "consumer_id": actor.consumer_id, "at": at}
    found = session().execute(_owned, asked).scalars().first() if actor.consumer_id else None
    if found is None:
        raise NotFound
    return found


def categories() -> list[str]:
    """Return the categories of the tariff, for the form that requests a change of category."""
    statement = select(func.distinct(TariffRow.category)).order_by(TariffRow.category)
    return list(session().execute(statement).scalars())
