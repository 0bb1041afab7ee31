"""Approvals: which figures an approver has opened, the sums of a day, and batches with the outcome of each item."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class OpenedProposal(Base):
    """The figures of a proposal that were last shown to an employee, and when."""

    __tablename__ = "opened_proposal"

    employee_id: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    figures_hash: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(index=True)


class BatchSum(Base):
    """The sum in paise that was approved together in a day, of an office or of a maker's proposals."""

    __tablename__ = "batch_sum"

    day: Mapped[date] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(10), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    paise: Mapped[int] = mapped_column(BigInteger)


class ApprovalBatch(Base):
    """Proposals that one employee approves together, with one code."""

    __tablename__ = "approval_batch"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    employee_id: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"))
    created_at: Mapped[datetime]


class BatchItem(Base):
    """A proposal of a batch, the figures that were chosen, and what became of it.

    `outcome`: empty while it is open, `approved`, `sampled`, or the code of the reason why it was not approved.
    """

    __tablename__ = "batch_item"

    batch_id: Mapped[int] = mapped_column(ForeignKey("approval_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    complaint_no: Mapped[str] = mapped_column(String(11))
    figures_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(30), default="")
