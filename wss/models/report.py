"""Counts of what browsers report to have stopped."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class CspCount(Base):
    """How many reports about one directive of the Content-Security-Policy there were; nothing else of them is kept."""

    __tablename__ = "csp_count"

    directive: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
