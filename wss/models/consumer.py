"""Registered consumers and the connections they own."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, exists, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class Consumer(Base):
    """A registered consumer. `mobile` is the number verified on this site, never one from an extract.

    `coming_mobile` replaces it after the day in which the old number may object. `erasure_asked_at` waits until no
    row has to be kept any more; a closed consumer is emptied once the retention of the logs has ended.
    """

    __tablename__ = "consumer"
    __table_args__ = (
        Index(
            "ix_consumer_erasure_asked_at",
            "erasure_asked_at",
            sqlite_where=text("erasure_asked_at IS NOT NULL"),
            postgresql_where=text("erasure_asked_at IS NOT NULL"),
        ),
        Index(
            "ix_consumer_closed_at",
            "closed_at",
            sqlite_where=text("closed_at IS NOT NULL AND emptied_at IS NULL"),
            postgresql_where=text("closed_at IS NOT NULL AND emptied_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    user_name: Mapped[str | None] = mapped_column(String(30), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    mobile: Mapped[str | None] = mapped_column(String(10), index=True)
    coming_mobile: Mapped[str | None] = mapped_column(String(10))
    coming_mobile_from: Mapped[datetime | None]
    # When the old number and the e-mail address were last notified of the coming mobile.
    coming_mobile_told_at: Mapped[datetime | None]
    email: Mapped[str | None] = mapped_column(String(200))
    email_verified_at: Mapped[datetime | None]
    email_bounced_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(2), default="hi")
    sms_alerts: Mapped[bool] = mapped_column(default=True)
    email_alerts: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    # The version of the list of known browsers: raising it forgets every browser that names an earlier one.
    browsers_version: Mapped[int] = mapped_column(default=0)
    erasure_asked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    emptied_at: Mapped[datetime | None]


class Ownership(Base):
    """A consumer's ownership of a connection: on hold for a day, active, or ended. At most one has not ended."""

    __tablename__ = "ownership"
    __table_args__ = (
        Index(
            "uq_ownership_account_no_current",
            "account_no",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_ownership_waiting",
            "held_until",
            sqlite_where=text("held_until IS NOT NULL AND told_at IS NULL AND ended_at IS NULL"),
            postgresql_where=text("held_until IS NOT NULL AND told_at IS NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), index=True)
    account_no: Mapped[str] = mapped_column(ForeignKey("connection.account_no"), index=True)
    held_until: Mapped[datetime | None]
    # When the consumer was notified that the hold has ended and the form written during the hold was submitted.
    told_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(30))

    @classmethod
    def is_active_at(cls, at: Any) -> ColumnElement[bool]:
        """Return the one condition under which an ownership gives access to its connection: not ended, no longer
        on hold."""
        # Core columns: a statement without ORM entities costs half as much.
        own = cls.__table__.c
        return and_(own.ended_at.is_(None), or_(own.held_until.is_(None), own.held_until <= at))

    @classmethod
    def is_whose(cls, account_no: Any, consumer_id: Any, at: Any) -> ColumnElement[bool]:
        """Return the condition that a row about a connection has no owner, or belongs to the consumer who owns the
        connection now. What a former owner did stays the former owner's."""
        own = cls.__table__.c
        still = exists().where(
            own.account_no == account_no, own.consumer_id == consumer_id, cls.is_active_at(at)
        )
        return or_(consumer_id.is_(None), still)
