"""The audit trail: who did or looked at what, and why. Rows are added, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey

# Written the same in indexes and queries: only then does a database see that the one serves the other.
IS_LOOSE = text("number IS NULL")
BY_HELPDESK = text("role IN ('helpdesk', 'helpdesk_supervisor')")


class AuditEntry(Base):
    """One deed. `subject` is what it was done to: "consumer:12", "connection:1234567890", "request:10000000016".

    `number` is its place in the chain and `chain` the hash of all up to it (domain/audit_chain); both are filled a
    little later, so that no deed waits for another. The database itself refuses every other change (migration 0009).
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject_id", "subject", "id"),
        Index("uq_audit_entry_number", "number", unique=True),
        Index("ix_audit_entry_loose", "id", sqlite_where=IS_LOOSE, postgresql_where=IS_LOOSE),
        Index("ix_audit_entry_helpdesk_at", "at", sqlite_where=BY_HELPDESK, postgresql_where=BY_HELPDESK),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(24))
    actor_id: Mapped[str] = mapped_column(String(20))
    office_code: Mapped[str] = mapped_column(String(40), default="")
    deed: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]]
    number: Mapped[int | None] = mapped_column(BigInteger)
    chain: Mapped[str | None] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain: one row, moved by whoever chains, so that nobody cuts the newest entries off unseen."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    chain: Mapped[str] = mapped_column(String(64))
