"""Bills of a connection, and whether a request disputes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Result, and_, bindparam, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from wss.db import session
from wss.domain.consumption import MonthlyUnits
from wss.domain.errors import NotFound
from wss.domain.interim_sum import ChargedBill
from wss.domain.lifecycle import Status
from wss.models import Bill, DisputedBill, ServiceRequest
from wss.queries._fragments import EARLIER_BILLS

A_YEAR_OF_BILLS = 13


@dataclass(frozen=True, slots=True)
class BillLine:
    """A bill as lists show it: its amounts, and whether it is disputed (and whether that is already decided), and
    the bill that it replaces or that replaces it."""

    bill_no: str
    bill_month: str
    amount_paise: int
    due_date: date
    paid_amount_paise: int | None
    current_reading: int
    bill_basis: str
    open_complaint_no: str | None
    is_disputed: bool
    is_decided: bool
    revises: str | None
    revised_by: str | None


@dataclass(frozen=True, slots=True)
class RecentConsumption:
    """The units of a connection's last bills, oldest first, and the numbers of those in an open request."""

    used: list[MonthlyUnits]
    disputed: frozenset[str]


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """A bill that an open request disputes, and the owner of that request."""

    bill_no: str
    complaint_no: str
    consumer_id: int | None
    request_id: int


_later = aliased(Bill)
_revised_by = (
    select(_later.bill_no).where(_later.revises == Bill.bill_no).correlate(Bill).limit(1).scalar_subquery()
)
_is_effective = ~exists().where(_later.revises == Bill.bill_no).correlate(Bill)


def latest_bills(
    account_no: str, consumer_id: int | None, before_month: str | None = None, how_many: int = A_YEAR_OF_BILLS
) -> list[BillLine]:
    """Return the bills of the connection's last months, newest first, a revised bill before the bill it replaces.

    `before_month` is the cursor: the month at which the previous page ended.
    """
    months = select(Bill.bill_month).distinct().where(Bill.account_no == account_no)
    if before_month:
        months = months.where(Bill.bill_month < before_month)
    months = months.order_by(Bill.bill_month.desc()).limit(how_many)
    # Only the consumer who opened the request sees its number.
    own = case((ServiceRequest.consumer_id == consumer_id, ServiceRequest.complaint_no))
    statement = (
        select(
            Bill.bill_no,
            Bill.bill_month,
            Bill.amount_paise,
            Bill.due_date,
            Bill.paid_amount_paise,
            Bill.current_reading,
            Bill.bill_basis,
            own,
            DisputedBill.bill_no.is_not(None),
            func.coalesce(ServiceRequest.status == Status.RESOLVED, false()),
            Bill.revises,
            _revised_by,
        )
        .outerjoin(DisputedBill, and_(DisputedBill.bill_no == Bill.bill_no, DisputedBill.is_open))
        .outerjoin(ServiceRequest, ServiceRequest.id == DisputedBill.service_request_id)
        .where(Bill.account_no == account_no, Bill.bill_month.in_(months))
        .order_by(Bill.bill_month.desc(), Bill.issue_date.desc(), Bill.bill_no.desc())
    )
    return _with_disputes_of_earlier([BillLine(*row) for row in session().execute(statement)])


def _with_disputes_of_earlier(lines: list[BillLine]) -> list[BillLine]:
    """The lines, each disputed where any number of the same bill is: a month has all of them."""
    revises = {line.bill_no: line.revises for line in lines}
    first = {number: number for number in revises}
    for number in first:
        while (before := revises.get(first[number])) in revises:
            first[number] = str(before)
    disputed = {first[line.bill_no]: line for line in lines if line.is_disputed}
    return [
        replace(
            line,
            is_disputed=True,
            is_decided=disputed[first[line.bill_no]].is_decided,
            open_complaint_no=disputed[first[line.bill_no]].open_complaint_no,
        )
        if first[line.bill_no] in disputed
        else line
        for line in lines
    ]


def consumption(account_no: str, how_many: int = A_YEAR_OF_BILLS) -> list[MonthlyUnits]:
    """Return the units of a connection's last bills, oldest first; a revised month counts once, as revised."""
    columns = [getattr(Bill, name) for name in MonthlyUnits.__slots__]
    statement = (
        select(*columns)
        .where(Bill.account_no == account_no, _is_effective)
        .order_by(Bill.bill_month.desc(), Bill.bill_no.desc())
        .limit(how_many)
    )
    return [MonthlyUnits(*row) for row in session().execute(statement)][::-1]


def charged_bills(account_no: str, how_many: int) -> list[ChargedBill]:
    """Return the amounts of a connection's last bills in force, newest first."""
    columns = [getattr(Bill, name) for name in ChargedBill.__slots__]
    statement = (
        select(*columns)
        .where(Bill.account_no == account_no, _is_effective)
        .order_by(Bill.bill_month.desc(), Bill.bill_no.desc())
        .limit(how_many)
    )
    return [ChargedBill(*row) for row in session().execute(statement)]


def recent_consumption(account_nos: Sequence[str]) -> dict[str, RecentConsumption]:
    """Return the same for several connections in one statement, with the bills that an open request disputes."""
    found: dict[str, list[tuple[MonthlyUnits, bool]]] = {number: [] for number in account_nos}
    for row in _newest_of_each(account_nos) if account_nos else ():
        found[row.account_no].append((MonthlyUnits(*row[_NEWEST_LABELS:]), row.is_disputed))
    return {
        number: RecentConsumption(
            [one for one, _disputed in rows], frozenset(one.bill_no for one, disputed in rows if disputed)
        )
        for number, rows in found.items()
    }


# Account number, dispute and place come before the columns of MonthlyUnits.
_NEWEST_LABELS = 3


def _newest_of_each(account_nos: Sequence[str]) -> Result[Any]:
    """Return the rows of each connection's last bills in force, oldest first."""
    of_month = aliased(Bill)
    is_disputed = exists(
        select(DisputedBill.bill_no)
        .join(of_month, of_month.bill_no == DisputedBill.bill_no)
        .where(
            DisputedBill.is_open,
            of_month.account_no == Bill.account_no,
            of_month.bill_month == Bill.bill_month,
        )
        .correlate(Bill)
    )
    newest_first = (Bill.bill_month.desc(), Bill.bill_no.desc())
    place = func.row_number().over(partition_by=Bill.account_no, order_by=newest_first).label("place")
    columns = [getattr(Bill, name) for name in MonthlyUnits.__slots__]
    newest = (
        select(Bill.account_no, is_disputed.label("is_disputed"), place, *columns)
        .where(Bill.account_no.in_(account_nos), _is_effective)
        .subquery()
    )
    statement = (
        select(newest)
        .where(newest.c.place <= A_YEAR_OF_BILLS)
        .order_by(newest.c.bill_month, newest.c.bill_no)
    )
    return session().execute(statement)


def visible_bill(account_no: str, bill_no: str) -> Bill:
    """Return a bill of a connection that the caller owns (already checked).

    Raises NotFound for another connection's bill.
    """
    statement = select(Bill).where(Bill.bill_no == bill_no, Bill.account_no == account_no)
    found = session().execute(statement).scalars().first()
    if found is None:
        raise NotFound
    return found


def revised_pair(bill: Bill) -> tuple[Bill, Bill] | None:
    """Return a bill and its replacement, or the replaced bill and this one; None for a bill without a revision."""
    statement = select(Bill).where(Bill.account_no == bill.account_no)
    after = session().execute(statement.where(Bill.revises == bill.bill_no)).scalars().first()
    if after is not None:
        return bill, after
    before = statement.where(Bill.bill_no == bill.revises)
    return (session().execute(before).scalars().one(), bill) if bill.revises else None


_revising = select(Bill).where(Bill.revises.in_(bindparam("bill_nos", expanding=True)))


def replacements_of(bills: Sequence[Bill]) -> list[tuple[Bill, Bill]]:
    """Return those of these bills that were revised, each with the bill that replaces it after all revisions."""
    first: dict[str, Bill] = {bill.bill_no: bill for bill in bills}
    latest: dict[str, Bill] = {}
    at = {bill.bill_no: bill.bill_no for bill in bills}
    while at:
        found = session().execute(_revising, {"bill_nos": list(at)}).scalars().all()
        at = {bill.bill_no: at[str(bill.revises)] for bill in found}
        latest |= {at[bill.bill_no]: bill for bill in found}
    return [(bill, latest[number]) for number, bill in first.items() if number in latest]


def bill_numbers_among(account_no: str, typed: Sequence[str]) -> dict[str, str]:
    """Map bill or SBM numbers that were chosen or typed to the bill numbers of the connection."""
    if not typed:
        return {}
    statement = select(Bill.bill_no, Bill.sbm_bill_no).where(
        Bill.account_no == account_no, or_(Bill.bill_no.in_(typed), Bill.sbm_bill_no.in_(typed))
    )
    found: dict[str, str] = {}
    for bill_no, sbm_bill_no in session().execute(statement):
        found |= {number: bill_no for number in (bill_no, sbm_bill_no) if number and number in typed}
    return found


def bills_by_number(bill_nos: Sequence[str]) -> Sequence[Bill]:
    """Return these bills, oldest month first."""
    if not bill_nos:
        return []
    statement = select(Bill).where(Bill.bill_no.in_(bill_nos)).order_by(Bill.bill_month, Bill.bill_no)
    return session().execute(statement).scalars().all()


def open_disputes(bill_nos: Sequence[str]) -> list[OpenDispute]:
    """Return those of these bills that an open request already disputes, by any number of the same bill."""
    if not bill_nos:
        return []
    earlier = EARLIER_BILLS
    statement = (
        select(earlier.c.asked, ServiceRequest.complaint_no, ServiceRequest.consumer_id, ServiceRequest.id)
        .join(DisputedBill, DisputedBill.first_bill_no == earlier.c.bill_no)
        .join(ServiceRequest, ServiceRequest.id == DisputedBill.service_request_id)
        .where(DisputedBill.is_open)
        .order_by(earlier.c.asked)
    )
    return [OpenDispute(*row) for row in session().execute(statement, {"bill_nos": bill_nos})]


def replaced_bills(bill_nos: Sequence[str]) -> dict[str, str]:
    """Return the replaced ones of these bills, each with the number of the bill in force."""
    return {before.bill_no: after.bill_no for before, after in replacements_of(bills_by_number(bill_nos))}
