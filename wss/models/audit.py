"""The audit trail: who did or viewed what, and why. Rows are added, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey

# The index and the queries must use the same text: only then does the query planner match them.
IS_UNCHAINED = text("number IS NULL")
BY_HELPDESK = text("role IN ('helpdesk', 'helpdesk_supervisor')")


class AuditEntry(Base):
    """One audited action. `subject` is what it was done to: "consumer:12", "connection:1234567890",
    "request:10000000016".

    `number` is the entry's position in the chain and `chain` the hash of all entries up to it
    (domain/audit_chain). The worker fills both in later, so that no action waits for another. Database triggers
    refuse every other change (migration 0009).
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject_id", "subject", "id"),
        Index("uq_audit_entry_number", "number", unique=True),
        Index("ix_audit_entry_loose", "id", sqlite_where=IS_UNCHAINED, postgresql_where=IS_UNCHAINED),
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
    """The end of the chain: one row that every chaining step moves, so that a removal of the newest entries is
    noticed."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    chain: Mapped[str] = mapped_column(String(64))
