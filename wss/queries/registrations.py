"""Registrations in progress, and the look-ups of their first step."""

from datetime import datetime
from typing import cast

from sqlalchemy import Integer, Table, bindparam, delete, or_, select, update

from wss.db import core, execute_count, session
from wss.models import Bill, Otp, Registration
from wss.models.registration import DONE
from wss.queries._fragments import delete_some

# Built once: registration and every recovery run this first. A revised bill belongs to the month of its bill.
_bill = cast(Table, Bill.__table__)
_months = (
    select(_bill.c.bill_month)
    .where(_bill.c.account_no == bindparam("account_no"), _bill.c.revises.is_(None))
    .order_by(_bill.c.bill_month.desc(), _bill.c.issue_date.desc())
    .limit(bindparam("how_many", type_=Integer()))
)
_latest_bills = (
    select(_bill.c.bill_no, _bill.c.sbm_bill_no, _bill.c.revises)
    .where(_bill.c.account_no == bindparam("account_no"), _bill.c.bill_month.in_(_months))
    .order_by(_bill.c.bill_month.desc(), _bill.c.issue_date.desc())
)


def registration_of(session_hash: str, at: datetime) -> Registration | None:
    """Return the visitor's registration that is in progress."""
    statement = select(Registration).where(
        Registration.session_hash == session_hash, Registration.expires_at > at
    )
    return session().execute(statement).scalars().first()


def registration(registration_id: int, at: datetime) -> Registration | None:
    """Return a registration by its id, until it expires."""
    statement = select(Registration).where(Registration.id == registration_id, Registration.expires_at > at)
    return session().execute(statement).scalars().first()


def begin_registration(row: Registration) -> None:
    """Replace the visitor's former registration with this one.

    The former one's OTPs are deleted with it, since its number may be assigned again.
    """
    former = delete(Registration).where(Registration.session_hash == row.session_hash)
    for number in session().execute(former.returning(Registration.id)).scalars().all():
        session().execute(delete(Otp).where(Otp.subject == f"registration:{number}"))
    session().add(row)
    session().flush()


def end_registration(registration_id: int) -> int:
    """Mark a registration as finished, for the page that confirms it; return 1 for the first caller."""
    statement = (
        update(Registration)
        .where(Registration.id == registration_id, Registration.channel != DONE)
        .values(channel=DONE, password_hash=None)
        .execution_options(synchronize_session=False)
    )
    return execute_count(statement)


def account_of_bill(bill_no: str) -> str | None:
    """Return the account of a bill or SBM bill number, if it is among the account's bills."""
    statement = select(Bill.account_no).where(or_(Bill.bill_no == bill_no, Bill.sbm_bill_no == bill_no))
    return session().execute(statement).scalars().first()


def latest_bill_numbers(account_no: str, how_many: int) -> list[tuple[str | None, ...]]:
    """Return bill and SBM bill number of each of the latest bills, newest first.

    A revised bill also has the numbers of its revisions.
    """
    rows = core().execute(_latest_bills, {"account_no": account_no, "how_many": how_many}).all()
    found: dict[str, list[str | None]] = {
        row.bill_no: [row.bill_no, row.sbm_bill_no] for row in rows if row.revises is None
    }
    # The oldest revision first, so that the revision of a revised bill finds its original.
    for row in reversed(rows):
        if row.revises in found:
            found[row.revises] += [row.bill_no, row.sbm_bill_no]
            found[row.bill_no] = found[row.revises]
    return [tuple(found[row.bill_no]) for row in rows if row.revises is None][:how_many]


def delete_expired_registrations(at: datetime, how_many: int) -> int:
    """Delete abandoned registrations, at most so many."""
    return execute_count(delete_some(Registration, how_many, Registration.expires_at <= at))
