"""Staff: who holds which post in which office, and their credentials."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class Staff(Base):
    """An employee with a role in an office, read at each request so that a transfer takes effect at once. Former
    employees stay, as audit entries and events name them."""

    __tablename__ = "staff"

    employee_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(24))
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"), index=True)
    mobile: Mapped[str | None] = mapped_column(String(10))
    email: Mapped[str | None] = mapped_column(String(200))
    left_on: Mapped[date | None]


class StaffCredential(Base):
    """The credentials of an employee. `totp_secret_sealed` is encrypted; `totp_last_step` is the last time step
    whose code was used, so that no code works twice."""

    __tablename__ = "staff_credential"

    employee_id: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool]
    totp_secret_sealed: Mapped[str] = mapped_column(Text)
    totp_enrolled_at: Mapped[datetime | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """A recovery code for a lost authenticator. Only its hash is kept."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    employee_id: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"), index=True)
    used_at: Mapped[datetime | None]
    # None for codes of former releases.
    created_at: Mapped[datetime | None]
