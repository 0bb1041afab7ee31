"""Help-desk calls: which employee took one, about which connection, what the caller proved and consented to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey, Json

_IS_OPEN = text("ended_at IS NULL")
_HAS_NUMBER = text("caller_mobile IS NOT NULL")


class Call(Base):
    """One call. `looked_for` is the kind of number that was searched for, never the number; when several
    connections match, `choices` holds them until one is chosen. `verified_at` is set when the caller has proved
    everything required; with the facts of a bill (`verified_by` "facts") that includes a mobile of their own,
    kept for the requests of this call.
    """

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_account_no_began_at", "account_no", "began_at"),
        Index("ix_call_employee_id_began_at", "employee_id", "began_at"),
        Index("ix_call_began_at", "began_at"),
        Index("ix_call_goes_on", "last_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_call_caller_mobile", "began_at", sqlite_where=_HAS_NUMBER, postgresql_where=_HAS_NUMBER),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    employee_id: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"))
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    call_reason: Mapped[str] = mapped_column(String(16))
    looked_for: Mapped[str] = mapped_column(String(10))
    choices: Mapped[list[Any]] = mapped_column(Json)
    account_no: Mapped[str | None] = mapped_column(ForeignKey("connection.account_no"))
    complaint_no: Mapped[str | None] = mapped_column(String(11))
    language: Mapped[str] = mapped_column(String(2))
    began_at: Mapped[datetime]
    last_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    wrong_tries: Mapped[int] = mapped_column(default=0)
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None] = mapped_column(String(16))
    caller_mobile: Mapped[str | None] = mapped_column(String(10))
    caller_mobile_verified_at: Mapped[datetime | None]
    relation: Mapped[str | None] = mapped_column(String(10))
    consent_version: Mapped[str | None] = mapped_column(String(20))
    consent_at: Mapped[datetime | None]
    script_version: Mapped[str | None] = mapped_column(String(20))
