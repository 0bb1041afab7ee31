"""Changes that wait for a second administrator, and the administrators of a discom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, literal, or_, select, update
from sqlalchemy.orm import aliased

from wss.db import execute_count, session
from wss.domain.actor import Role
from wss.domain.table_rights import Administrator
from wss.models import Office, PendingChange, Staff
from wss.queries._fragments import is_in_subtree

WAITING, CONFIRMED = "waiting", "confirmed"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A change that waits or has been decided, with the names of its author and of the person who decided it."""

    id: int
    table_name: str
    discom_code: str | None
    employee_id: str
    employee_name: str
    made_at: datetime
    expires_at: datetime
    rows_before: list[Any]
    rows_after: list[Any]
    fingerprint: str
    undoes_id: int | None
    state: str
    decided_by: str | None
    decided_by_name: str | None
    decided_at: datetime | None
    reason: str

    def is_waiting(self, at: datetime) -> bool:
        """Return whether it can still be decided."""
        return self.state == WAITING and self.expires_at > at


def administrator(employee_id: str, today: date) -> Administrator | None:
    """Return a person who is an administrator today, with the offices above them."""
    statement = (
        select(Staff.employee_id, Office.path)
        .join(Office, Office.code == Staff.office_code)
        .where(Staff.employee_id == employee_id, *_works_as_administrator(today))
    )
    found = session().execute(statement).first()
    return Administrator(*found) if found else None


def administrators(today: date, discom: str | None) -> Sequence[str]:
    """Return the employee IDs of the administrators of a discom, or (None) of all."""
    statement = select(Staff.employee_id).where(*_works_as_administrator(today))
    if discom is not None:
        statement = statement.join(Office, Office.code == Staff.office_code).where(
            is_in_subtree(Office.path, literal(discom))
        )
    return session().execute(statement.order_by(Staff.employee_id)).scalars().all()


def office_discoms() -> dict[str, str]:
    """Return the discom of each office."""
    offices = session().execute(select(Office.code, Office.path))
    return {code: path.partition("/")[0] for code, path in offices}


def add_pending(change: PendingChange) -> int:
    """Store a change until a second administrator decides; return its number."""
    session().add(change)
    session().flush()
    return change.id


def pending_change(change_id: int, discom: str) -> PendingRow | None:
    """Return a change that the administrators of this discom may decide, by its table or rows."""
    found = session().execute(_rows(discom).where(PendingChange.id == change_id)).first()
    return PendingRow(*found) if found else None


def pending_changes(discom: str, at: datetime) -> list[PendingRow]:
    """Return the changes that wait for an administrator of this discom, oldest first."""
    statement = _rows(discom).where(PendingChange.state == WAITING, PendingChange.expires_at > at)
    return [PendingRow(*row) for row in session().execute(statement.order_by(PendingChange.id).limit(SHOWN))]


def settle_pending(seen: PendingRow, at: datetime, **decision: Any) -> bool:
    """Decide a change once; return False when it is already decided, has expired, or has changed since it was read."""
    statement = (
        update(PendingChange)
        .where(
            PendingChange.id == seen.id,
            PendingChange.fingerprint == seen.fingerprint,
            PendingChange.state == WAITING,
            PendingChange.expires_at > at,
        )
        .values(decided_at=at, **decision)
        .execution_options(synchronize_session=False)
    )
    return execute_count(statement) == 1


def delete_expired_pending(before: datetime) -> None:
    """Delete changes that expired undecided before a moment."""
    expired = PendingChange.expires_at < before, PendingChange.state == WAITING
    session().execute(delete(PendingChange).where(*expired))


def _works_as_administrator(today: date) -> tuple[ColumnElement[bool], ...]:
    return Staff.role == Role.ADMIN, or_(Staff.left_on.is_(None), Staff.left_on > today)


def _rows(discom: str) -> Any:
    second = aliased(Staff)
    change = PendingChange
    return (
        select(
            change.id,
            change.table_name,
            change.discom_code,
            change.employee_id,
            Staff.name,
            change.made_at,
            change.expires_at,
            change.rows_before,
            change.rows_after,
            change.fingerprint,
            change.undoes_id,
            change.state,
            change.decided_by,
            second.name,
            change.decided_at,
            change.reason,
        )
        .join(Staff, Staff.employee_id == change.employee_id)
        .outerjoin(second, second.employee_id == change.decided_by)
        .where(or_(change.discom_code.is_(None), change.discom_code == discom))
    )
