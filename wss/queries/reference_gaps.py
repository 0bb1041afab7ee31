"""What the tables of an installation lack before it can be opened, and how old its extracts are."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, or_, select

from wss.db import session
from wss.domain.actor import Role
from wss.domain.routing import Level
from wss.models import (
    ApprovalLimit,
    AuditEntry,
    Bill,
    Connection,
    EscalationStep,
    Forum,
    Holiday,
    KindRow,
    Office,
    Reason,
    Staff,
    StaffCredential,
    TariffRow,
)

# The tables without which the site cannot be opened, by the name of their extract and in the order of import.
_NEEDED = {
    "offices": Office.code,
    "staff": Staff.employee_id,
    "catalogue": KindRow.code,
    "reasons": Reason.code,
    "escalation": EscalationStep.role,
    "forums": Forum.code,
    "limits": ApprovalLimit.role,
    "connections": Connection.account_no,
    "bills": Bill.bill_no,
}


def empty_tables() -> list[str]:
    """Return the needed tables without a row, by the name of their extract."""
    return [
        name for name, column in _NEEDED.items() if session().execute(select(column).limit(1)).first() is None
    ]


def last_imports(extracts: Iterable[str]) -> dict[str, datetime]:
    """Return for each of these extracts the last import that changed something."""
    found = {}
    for extract in extracts:
        statement = (
            select(AuditEntry.at)
            .where(AuditEntry.subject == f"extract:{extract}", AuditEntry.deed == "import")
            .order_by(AuditEntry.id.desc())
            .limit(1)
        )
        at = session().execute(statement).scalar()
        if at is not None:
            found[extract] = at
    return found


def last_holiday() -> date | None:
    """Return the last holiday that is known."""
    return session().execute(select(func.max(Holiday.day))).scalar()


def has_tariff(day: date) -> bool:
    """Return whether a tariff is in force on a day."""
    statement = select(TariffRow.id).where(TariffRow.effective_from <= day).limit(1)
    return session().execute(statement).first() is not None


def administrators_by_discom(today: date) -> dict[str, int]:
    """Return for each discom how many administrators in service have credentials."""
    discoms = select(Office.code).where(Office.level == Level.DISCOM).order_by(Office.code)
    enrolled = (
        select(Office.path)
        .join(Staff, Staff.office_code == Office.code)
        .join(StaffCredential, StaffCredential.employee_id == Staff.employee_id)
        .where(Staff.role == Role.ADMIN, or_(Staff.left_on.is_(None), Staff.left_on > today))
    )
    paths = [path.split("/") for path in session().execute(enrolled).scalars()]
    return {discom: sum(discom in path for path in paths) for discom in session().execute(discoms).scalars()}
