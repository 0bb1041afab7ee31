"""Steps that an officer takes on several requests at once, with the outcome of each request."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class StepBatch(Base):
    """One step on several requests. `form_token` is that of the confirmation page: one page makes one batch."""

    __tablename__ = "step_batch"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    form_token: Mapped[str] = mapped_column(String(43), unique=True)
    employee_id: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"))
    action: Mapped[str] = mapped_column(String(24))
    created_at: Mapped[datetime]


class StepItem(Base):
    """A request of a batch in the version that was shown, and what became of it.

    `outcome`: empty while it is open, `done`, or the code of the reason why the step was not taken.
    """

    __tablename__ = "step_item"

    batch_id: Mapped[int] = mapped_column(ForeignKey("step_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    complaint_no: Mapped[str] = mapped_column(String(11))
    version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(30), default="")
