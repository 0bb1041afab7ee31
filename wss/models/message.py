"""The outbox: every SMS and e-mail, written with the change that causes it and sent later by the worker."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base

_WAITING = text("state IN ('waiting', 'sending', 'temporary_failure')")
_IS_RESENT = text("sending_key IS NOT NULL")
_IS_DEAD = text("state = 'dead'")
_ADDRESSED = text("consumer_id IS NOT NULL")
# The index and the queries must use the same text: only then does the query planner match them.
OF_STRANGERS = "consumer_id IS NULL AND service_request_id IS NULL"
HAS_RECIPIENT = "recipient <> ''"
IS_FORGOTTEN = "recipient = ''"


class Message(Base):
    """An SMS or e-mail. `text_sealed` is encrypted, and emptied after sending when it is secret.

    The gateway knows the message by its id, which is the idempotency key, or by `sending_key` once a handset that
    could not be reached makes another sending necessary. `gateway` is the one that has the message or, with
    `is_in_doubt`, may have it.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_due",
            "urgency",
            "due_at",
            "id",
            # Last in the index, so that the worker can skip messages of the other channel without reading them.
            "channel",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_message_consumer_id",
            "consumer_id",
            sqlite_where=_ADDRESSED,
            postgresql_where=_ADDRESSED,
        ),
        Index(
            "ix_message_sending_key",
            "sending_key",
            unique=True,
            sqlite_where=_IS_RESENT,
            postgresql_where=_IS_RESENT,
        ),
        Index(
            "ix_message_to_empty",
            "expires_at",
            sqlite_where=text("secret = 1 AND text_sealed <> ''"),
            postgresql_where=text("secret AND text_sealed <> ''"),
        ),
        Index(
            "ix_message_dead",
            "settled_at",
            "id",
            sqlite_where=_IS_DEAD,
            postgresql_where=_IS_DEAD,
        ),
        Index(
            "ix_message_of_strangers",
            "created_at",
            sqlite_where=text(OF_STRANGERS),
            postgresql_where=text(OF_STRANGERS),
        ),
        Index(
            "ix_message_to_forget",
            "created_at",
            sqlite_where=text(HAS_RECIPIENT),
            postgresql_where=text(HAS_RECIPIENT),
        ),
        Index(
            "ix_message_forgotten",
            "created_at",
            sqlite_where=text(IS_FORGOTTEN),
            postgresql_where=text(IS_FORGOTTEN),
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
    sending_key: Mapped[str | None] = mapped_column(String(36))
    sendings: Mapped[int] = mapped_column(default=1)
    gateway: Mapped[str] = mapped_column(String(16), default="")
    is_in_doubt: Mapped[bool] = mapped_column(default=False)
    provider_id: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(100), default="")
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
