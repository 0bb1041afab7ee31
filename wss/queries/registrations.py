"""Registrations under way, and what step one looks up."""

from datetime import datetime
from typing import cast

from sqlalchemy import Integer, Table, bindparam, delete, or_, select, update

from wss.db import affected, core, session
from wss.models import Bill, Otp, Registration
from wss.models.registration import DONE
from wss.queries._fragments import delete_some

# Made once: registering and every way back ask for it before anything else. A revised bill is of its bill's month.
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
    """Put this registration in the place of the visitor's former one, whose codes go with it: the former one's
    number may be given anew."""
    former = delete(Registration).where(Registration.session_hash == row.session_hash)
    for number in session().execute(former.returning(Registration.id)).scalars().all():
        session().execute(delete(Otp).where(Otp.subject == f"registration:{number}"))
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
    rows = core().execute(_latest_bills, {"account_no": account_no, "how_many": how_many}).all()
    found: dict[str, list[str | None]] = {
        row.bill_no: [row.bill_no, row.sbm_bill_no] for row in rows if row.revises is None
    }
    # The oldest revision first, so that one of a revised bill finds where that belongs.
    for row in reversed(rows):
        if row.revises in found:
            found[row.revises] += [row.bill_no, row.sbm_bill_no]
            found[row.bill_no] = found[row.revises]
    return [tuple(found[row.bill_no]) for row in rows if row.revises is None][:how_many]


def delete_expired_registrations(at: datetime, how_many: int) -> int:
    """Drop registrations that were given up, so many at most."""
    return affected(delete_some(Registration, how_many, Registration.expires_at <= at))
