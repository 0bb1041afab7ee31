"""The audit trail: who did or looked at what, and why. Rows are added, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class AuditEntry(Base):
    """One deed. `subject` is what it was done to: "consumer:12", "connection:1234567890", "request:10000000016"."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject_id", "subject", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(24))
    actor_id: Mapped[str] = mapped_column(String(20))
    office_code: Mapped[str] = mapped_column(String(40), default="")
    deed: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]]
