"""Sessions of staff: who is logged in with a cookie, and their credentials."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, or_, select, update

from wss.db import core, execute_count, insert
from wss.domain.actor import Role
from wss.models import Office, RecoveryCode, SignedIn, Staff, StaffCredential
from wss.queries._driver_reads import DriverRead


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """The employee of a session cookie, with role and office as of now."""

    session_hash: str
    employee_id: str
    name: str
    role: Role
    office_code: str
    office_path: str
    office_level: str
    office_name: str
    office_name_hi: str
    office_pooled: bool
    must_change: bool
    totp_enrolled_at: datetime | None
    second_factor_at: datetime | None
    stepped_up_at: datetime | None
    seen_at: datetime

    @property
    def is_enrolled(self) -> bool:
        """Return whether the authenticator has been set up."""
        return self.totp_enrolled_at is not None

    @property
    def is_in(self) -> bool:
        """Return whether login is complete: second factor given, first password changed."""
        return self.is_enrolled and self.second_factor_at is not None and not self.must_change


# Core tables, and one statement built once: every page of every officer begins with it.
_session = cast(Table, SignedIn.__table__)
_staff = cast(Table, Staff.__table__)
_office = cast(Table, Office.__table__)
_credential = cast(Table, StaffCredential.__table__)
_serves = or_(_staff.c.left_on.is_(None), _staff.c.left_on > bindparam("today"))
_signed_in = (
    select(
        _session.c.id_hash,
        _staff.c.employee_id,
        _staff.c.name,
        _staff.c.role,
        _office.c.code,
        _office.c.path,
        _office.c.level,
        _office.c.name.label("office_name"),
        _office.c.name_hi,
        _office.c.pooled,
        _credential.c.must_change,
        _credential.c.totp_enrolled_at,
        _session.c.second_factor_at,
        _session.c.stepped_up_at,
        _session.c.seen_at,
    )
    .join(_staff, _staff.c.employee_id == _session.c.employee_id)
    .join(_office, _office.c.code == _staff.c.office_code)
    .join(_credential, _credential.c.employee_id == _staff.c.employee_id)
    .where(
        _session.c.id_hash == bindparam("session_hash"),
        _session.c.expires_at > bindparam("at"),
        _session.c.seen_at > bindparam("seen_after"),
        _serves,
    )
)


def _employee(session_hash: str, employee_id: str, name: str, role: str, *rest: Any) -> SignedInStaff:
    return SignedInStaff(session_hash, employee_id, name, Role(role), *rest)


_read_signed_in = DriverRead(_signed_in, _employee)


def signed_in_staff(
    session_hash: str, at: datetime, seen_after: datetime, today: date
) -> SignedInStaff | None:
    """Return the employee of this session, unless it has ended, was idle for too long, or the employee has left.

    One statement. Role and office are read with every request, so a transfer or a removal takes effect at once.
    """
    return _read_signed_in.first(session_hash=session_hash, at=at, seen_after=seen_after, today=today)


@dataclass(frozen=True, slots=True)
class Credential:
    """The credentials of an employee."""

    employee_id: str
    name: str
    role: str
    office_code: str
    password_hash: str
    must_change: bool
    totp_secret_sealed: str
    totp_enrolled_at: datetime | None
    totp_last_step: int
    created_at: datetime


_recovery = cast(Table, RecoveryCode.__table__)
_wanted = (
    select(
        *(_staff.c[name] for name in ("employee_id", "name", "role", "office_code")),
        *(_credential.c[name] for name in Credential.__slots__[4:]),
    )
    .join(_credential, _credential.c.employee_id == _staff.c.employee_id)
    .where(_serves)
)
_by_id = _wanted.where(_staff.c.employee_id == bindparam("employee_id"))
# The letter of an employee ID may be typed in lower case.
_by_login = _wanted.where(
    or_(_staff.c.employee_id == bindparam("typed"), _staff.c.employee_id == func.upper(bindparam("typed")))
).order_by((_staff.c.employee_id == bindparam("typed")).desc())


def credential_of(employee_id: str, today: date) -> Credential | None:
    """Return the credentials of an employee in service; None for one who was never enrolled or has left."""
    found = core().execute(_by_id, {"employee_id": employee_id, "today": today}).first()
    return Credential(*found) if found else None


def credential_by_login(typed: str, today: date) -> Credential | None:
    """Return the same by the login that was typed."""
    found = core().execute(_by_login, {"typed": typed, "today": today}).first()
    return Credential(*found) if found else None


def lock_employee(employee_id: str) -> None:
    """Lock the employee's row, so that of two steps of one employee at the same time the second sees the first."""
    core().execute(
        select(_staff.c.employee_id)
        .where(_staff.c.employee_id == employee_id)
        .with_for_update(key_share=True)
    )


def is_in_service(employee_id: str, today: date) -> bool:
    """Return whether there is such an employee who has not left."""
    statement = select(_staff.c.employee_id).where(_staff.c.employee_id == bindparam("employee_id"), _serves)
    return core().execute(statement, {"employee_id": employee_id, "today": today}).first() is not None


def save_credential(employee_id: str, **values: object) -> None:
    """Store an employee's credentials, and replace former ones."""
    statement = insert(StaffCredential).values(employee_id=employee_id, **values)
    core().execute(statement.on_conflict_do_update(index_elements=["employee_id"], set_=values))


def use_step(seen: Credential, step: int, at: datetime) -> bool:
    """Use up a time step and all before it; return False when another login was first.

    The first one sets the authenticator up.
    """
    statement = (
        update(_credential)
        .where(
            _credential.c.employee_id == seen.employee_id,
            # Issued at that moment: the seal itself may have been renewed since.
            _credential.c.created_at == seen.created_at,
            _credential.c.totp_last_step < step,
        )
        .values(totp_last_step=step, totp_enrolled_at=func.coalesce(_credential.c.totp_enrolled_at, at))
    )
    return execute_count(statement) == 1


def use_recovery_code(employee_id: str, code_hashes: list[str], at: datetime) -> bool:
    """Use up a recovery code that is stored under one of these hashes; return False for one that is wrong or used."""
    statement = (
        update(_recovery)
        .where(
            _recovery.c.code_hash.in_(code_hashes),
            _recovery.c.employee_id == employee_id,
            _recovery.c.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return execute_count(statement) == 1


def replace_recovery_codes(employee_id: str, hashes: list[str], at: datetime) -> None:
    """Replace the recovery codes."""
    core().execute(delete(_recovery).where(_recovery.c.employee_id == employee_id))
    if hashes:
        given = {"employee_id": employee_id, "used_at": None, "created_at": at}
        rows = [given | {"code_hash": each} for each in hashes]
        core().execute(insert(RecoveryCode), rows)


def unused_recovery_codes(employee_id: str) -> int:
    """Return how many recovery codes are left."""
    statement = select(func.count()).where(
        _recovery.c.employee_id == employee_id, _recovery.c.used_at.is_(None)
    )
    return int(core().execute(statement).scalar_one())


def is_current_password(employee_id: str, seen_hash: str) -> bool:
    """Return whether the password is still the one that was checked; it cannot change until the transaction ends."""
    statement = (
        update(_credential)
        .where(_credential.c.employee_id == employee_id, _credential.c.password_hash == seen_hash)
        .values(password_hash=_credential.c.password_hash)
    )
    return execute_count(statement) == 1


def change_password(employee_id: str, seen_hash: str, new_hash: str) -> bool:
    """Change the password to one chosen by the employee; return False when it has changed since it was checked."""
    statement = (
        update(_credential)
        .where(_credential.c.employee_id == employee_id, _credential.c.password_hash == seen_hash)
        .values(password_hash=new_hash, must_change=False)
    )
    return execute_count(statement) == 1


def renew_session(session_hash: str, new_hash: str, **values: datetime) -> bool:
    """Change the id of an existing session, and store what has just been given in it."""
    statement = update(_session).where(_session.c.id_hash == session_hash)
    return execute_count(statement.values(id_hash=new_hash, **values)) == 1


def delete_sessions_of_staff(employee_id: str, but: str = "") -> None:
    """End an employee's sessions, except `but`."""
    core().execute(delete(_session).where(_session.c.employee_id == employee_id, _session.c.id_hash != but))
