"""Drafts: partly filled-in forms, stored so that nothing typed is lost."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, exists
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey
from wss.models.consumer import Ownership


class Draft(Base):
    """A form filled in for a connection, by its consumer or by the help-desk on a call. Its form token makes it
    one request however often it is submitted."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("ix_draft_consumer_id_account_no", "consumer_id", "account_no"),
        CheckConstraint("(consumer_id IS NULL) <> (call_id IS NULL)", name="one_keeper"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    form_token: Mapped[str] = mapped_column(String(43), unique=True)
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    account_no: Mapped[str] = mapped_column(ForeignKey("connection.account_no"))
    kind: Mapped[str] = mapped_column(String(40))
    fields: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    lodged_at: Mapped[datetime | None]

    @classmethod
    def is_left_by_calls(cls, account_no: Any, at: Any) -> ColumnElement[bool]:
        """Return the condition of drafts that calls about a connection left unfinished, excluding calls from
        before its present owner."""
        own, owned = cls.__table__.c, Ownership.__table__.c
        has_later = exists().where(
            owned.account_no == own.account_no,
            owned.created_at > own.created_at,
            Ownership.is_active_at(at),
        )
        return and_(
            own.account_no == account_no,
            own.consumer_id.is_(None),
            own.lodged_at.is_(None),
            own.expires_at > at,
            ~has_later,
        )
