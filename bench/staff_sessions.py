"""Employees who are logged in while their pages are measured."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from bench.keys import session_id, signed_in
from wss import clock, vault
from wss.db import reading, transaction
from wss.domain.actor import Role
from wss.models import SignedIn, Staff, StaffCredential

# Above the ids of consumers, whose cookies are made of them.
_FIRST = 900_000_000


def employee(role: Role) -> Staff:
    """Return the first employee with this role."""
    with reading() as session:
        return session.execute(
            select(Staff).where(Staff.role == role.value).order_by(Staff.employee_id).limit(1)
        ).scalar_one()


def staff_cookie(role: Role) -> Mapping[str, str]:
    """Give the first employee with this role a session that has just been used; return its header."""
    reader, at, number = employee(role), clock.now(), _FIRST + list(Role).index(role)
    with transaction() as session:
        session.merge(
            StaffCredential(
                employee_id=reader.employee_id,
                password_hash="",
                must_change=False,
                totp_secret_sealed="",
                totp_enrolled_at=at,
                totp_last_step=0,
                created_at=at,
            )
        )
        session.merge(
            SignedIn(
                id_hash=vault.keyed_hash("session", session_id(number)),
                employee_id=reader.employee_id,
                browser="",
                created_at=at,
                seen_at=at,
                expires_at=at + timedelta(hours=8),
                second_factor_at=at,
            )
        )
    return signed_in(number)
