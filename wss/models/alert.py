"""Alerts about bills and budgets: what consumers chose for a connection, and what was sent."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class AlertChoice(Base):
    """What an owner of a connection chose: alerts, quiet hours (minutes since midnight), and a monthly budget, in
    units or in paise. The consents to SMS and e-mail are the consumer's.

    `reading` is the last one that the owner typed; the projection from it is compared with the budget. The worker
    looks at the row again at `check_at`.
    """

    __tablename__ = "alert_choice"
    __table_args__ = (
        CheckConstraint("budget_units IS NULL OR budget_paise IS NULL", name="one_budget"),
        CheckConstraint("quiet_from BETWEEN 0 AND 1439 AND quiet_to BETWEEN 0 AND 1439", name="times_of_day"),
    )

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    account_no: Mapped[str] = mapped_column(ForeignKey("connection.account_no"), primary_key=True)
    bill_issued: Mapped[bool]
    due_soon: Mapped[bool]
    overdue: Mapped[bool]
    unusual: Mapped[bool]
    quiet_from: Mapped[int]
    quiet_to: Mapped[int]
    budget_units: Mapped[int | None] = mapped_column(BigInteger)
    budget_paise: Mapped[int | None] = mapped_column(BigInteger)
    reading: Mapped[int | None] = mapped_column(BigInteger)
    read_on: Mapped[date | None]
    projected_month: Mapped[str | None] = mapped_column(String(7))
    projected_units: Mapped[int | None] = mapped_column(BigInteger)
    projected_paise: Mapped[int | None] = mapped_column(BigInteger)
    check_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]


class AlertSent(Base):
    """One alert that was queued, or known when the choice was made: its key allows no second one."""

    __tablename__ = "alert_sent"

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    account_no: Mapped[str] = mapped_column(ForeignKey("connection.account_no"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    about: Mapped[str] = mapped_column(String(20), primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(index=True)
