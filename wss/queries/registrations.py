"""Registrations under way, and what step one looks up."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from wss.db import affected, session
from wss.models import Bill, Registration
from wss.models.registration import DONE


def registration_of(session_hash: str, at: datetime) -> Registration | None:
    """The visitor's registration that is under way."""
    statement = select(Registration).where(
        Registration.session_hash == session_hash, Registration.expires_at > at
    )
    return session().execute(statement).scalars().first()


def registration(registration_id: int, at: datetime) -> Registration | None:
    """A registration by its id, while it lives."""
    statement = select(Registration).where(Registration.id == registration_id, Registration.expires_at > at)
    return session().execute(statement).scalars().first()


def begin_registration(row: Registration) -> None:
    """Put this registration in the place of the visitor's former one."""
    session().execute(delete(Registration).where(Registration.session_hash == row.session_hash))
    session().add(row)
    session().flush()


def end_registration(registration_id: int) -> int:
    """Mark a registration that came to its end, for the page that says so; 1 for the first who asks."""
    statement = (
        update(Registration)
        .where(Registration.id == registration_id, Registration.channel != DONE)
        .values(channel=DONE, password_hash=None)
        .execution_options(synchronize_session=False)
    )
    return affected(statement)


def account_of_bill(bill_no: str) -> str | None:
    """The account that a bill or SBM bill number belongs to, if it is among the account's bills."""
    statement = select(Bill.account_no).where(or_(Bill.bill_no == bill_no, Bill.sbm_bill_no == bill_no))
    return session().execute(statement).scalars().first()


def latest_bill_numbers(account_no: str, how_many: int) -> list[tuple[str | None, ...]]:
    """Bill and SBM bill number of each of the latest bills, newest first; and of a revised one the numbers that it
    has now."""
    months = (
        select(Bill.bill_month)
        .where(Bill.account_no == account_no, Bill.revises.is_(None))
        .order_by(Bill.bill_month.desc(), Bill.issue_date.desc())
        .limit(how_many)
    )
    statement = (
        select(Bill.bill_no, Bill.sbm_bill_no, Bill.revises)
        .where(Bill.account_no == account_no, Bill.bill_month.in_(months))
        .order_by(Bill.bill_month.desc(), Bill.issue_date.desc())
    )
    rows = session().execute(statement).all()
    found: dict[str, list[str | None]] = {
        row.bill_no: [row.bill_no, row.sbm_bill_no] for row in rows if row.revises is None
    }
    # The oldest revision first, so that one of a revised bill finds where that belongs.
    for row in reversed(rows):
        if row.revises in found:
            found[row.revises] += [row.bill_no, row.sbm_bill_no]
            found[row.bill_no] = found[row.revises]
    return [tuple(found[row.bill_no]) for row in rows if row.revises is None][:how_many]


def delete_expired_registrations(at: datetime) -> int:
    """Drop registrations that were given up."""
    return affected(delete(Registration).where(Registration.expires_at <= at))
