"""Counters of the MIS: sums for each office and those above it, and changes not yet added to them."""

from datetime import date

from sqlalchemy import BigInteger, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class MisCell(Base):
    """The value of one measure for an office with its subtree, a kind (`*` = all) and a day, with its money in paise.

    The office `*` is the whole state. What the day means depends on the measure (domain/mis).
    """

    __tablename__ = "mis_cell"

    office_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    measure: Mapped[str] = mapped_column(String(24), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    n: Mapped[int]
    paise: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class MisDelta(Base):
    """A change of a sum, written in the transaction of the action; the worker adds it to the sums. This avoids a
    row that every transaction would have to lock."""

    __tablename__ = "mis_delta"
    __table_args__ = (Index("ix_mis_delta_office_code_id", "office_code", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    office_code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    measure: Mapped[str] = mapped_column(String(24))
    day: Mapped[date] = mapped_column(Date)
    n: Mapped[int]
    paise: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
