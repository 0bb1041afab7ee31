"""Counts of violations that browsers report."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class CspCount(Base):
    """The number of reports about one directive of the Content-Security-Policy. Nothing else of a report is kept."""

    __tablename__ = "csp_count"

    directive: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
