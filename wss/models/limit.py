"""Counts of what is limited, one row per limit and subject."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class LimitCount(Base):
    """How often within the window that ends then; the key is a keyed hash, so no mobile or address stands here."""

    __tablename__ = "limit_count"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
