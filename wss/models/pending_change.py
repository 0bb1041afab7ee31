"""Changes of reference tables that give rights and wait for a second administrator."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey, Json


class PendingChange(Base):
    """A change that one administrator has proposed: the rows before and after (lists of cells) and the decision.

    `discom_code` names the discom whose administrators decide; None for a table shared by all discoms. `undoes_id`
    is the change of the history that it would undo.
    """

    __tablename__ = "pending_change"
    __table_args__ = (
        CheckConstraint("state <> 'confirmed' OR decided_by <> employee_id", name="two_persons"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_name: Mapped[str] = mapped_column(String(20))
    discom_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    employee_id: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    rows_before: Mapped[list[Any]] = mapped_column(Json)
    rows_after: Mapped[list[Any]] = mapped_column(Json)
    fingerprint: Mapped[str] = mapped_column(String(64))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("reference_change.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
