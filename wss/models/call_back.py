"""Calls that consumers have asked for: the queue of the help-desk."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey

_WAITS = text("ended_at IS NULL")


class CallBack(Base):
    """A request for a call by a consumer. It holds no number: the verified mobile of the moment is called.

    Until `leased_until` it is one employee's, who calls on the call `call_id`. `code` is what the employee says first.
    """

    __tablename__ = "call_back"
    __table_args__ = (
        # One open request per person.
        Index(
            "uq_call_back_consumer_id_open",
            "consumer_id",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        Index("ix_call_back_consumer_id", "consumer_id"),
        Index("ix_call_back_asked_at", "asked_at"),
        Index("ix_call_back_due_at", "due_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_call_back_call_id", "call_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    account_no: Mapped[str] = mapped_column(ForeignKey("connection.account_no"))
    complaint_no: Mapped[str | None] = mapped_column(String(11))
    call_reason: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(4))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    employee_id: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))
