"""Staff: who is signed in with this cookie, and what they sign in with."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, bindparam, or_, select

from wss.db import core
from wss.domain.actor import Role
from wss.models import Office, SignedIn, Staff, StaffCredential


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """The employee behind a cookie, with post and office as they are at this moment."""

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
        """Whether the authenticator has been set up."""
        return self.totp_enrolled_at is not None

    @property
    def is_in(self) -> bool:
        """Whether nothing is missing any more: second factor given, first password changed."""
        return self.is_enrolled and self.second_factor_at is not None and not self.must_change


# Core tables, made into a statement once: every page of every officer begins with this.
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


def signed_in_staff(
    session_hash: str, at: datetime, seen_after: datetime, today: date
) -> SignedInStaff | None:
    """Who is signed in with this session, unless it ended, was idle too long, or the employee has left; one statement.

    Post and office come from here at each request: a transfer or a removal takes effect at the next click.
    """
    asked = {"session_hash": session_hash, "at": at, "seen_after": seen_after, "today": today}
    found = core().execute(_signed_in, asked).first()
    if found is None:
        return None
    # Built by hand, as the role comes as text.
    session_id, employee_id, name, role, *rest = found
    return SignedInStaff(session_id, employee_id, name, Role(role), *rest)
