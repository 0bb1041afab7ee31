"""The outbox: every SMS and e-mail, written with the change that causes it, sent later by the worker."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base

_WAITING = text("state IN ('waiting', 'sending')")
_ADDRESSED = text("consumer_id IS NOT NULL")


class Message(Base):
    """An SMS or e-mail. Its id is the idempotency key; `text_sealed` is encrypted, and emptied when secret and sent."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_due",
            "urgency",
            "due_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_message_consumer_id",
            "consumer_id",
            sqlite_where=_ADDRESSED,
            postgresql_where=_ADDRESSED,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    notice: Mapped[str] = mapped_column(String(24))
    channel: Mapped[str] = mapped_column(String(5))
    recipient: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    text_sealed: Mapped[str] = mapped_column(Text)
    secret: Mapped[bool]
    urgency: Mapped[int]
    service_request_id: Mapped[int | None] = mapped_column(ForeignKey("service_request.id"), index=True)
    event_number: Mapped[int | None]
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(100), default="")
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
