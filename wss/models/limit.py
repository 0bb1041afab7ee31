"""Counters of rate limits, one row per limit and subject."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class LimitCount(Base):
    """A counter within the window that ends at `ends_at`. The key is a keyed hash, so no mobile or address is
    stored."""

    __tablename__ = "limit_count"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
