"""Offices: the tree from discom down to sub-division."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class Office(Base):
    """An office; `path` is the chain of codes from the discom down, joined by slashes, for "this and all below"."""

    __tablename__ = "office"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    level: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    name_hi: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    path: Mapped[str] = mapped_column(String(220), index=True)
