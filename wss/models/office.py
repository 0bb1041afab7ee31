"""Offices: the tree from discom down to sub-division."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, ForeignKey, String, false, func, literal
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class Office(Base):
    """An office; `path` is the chain of codes from the discom down, joined by slashes, for "this and all below".
    In a `pooled` office the queue hands out what is most urgent, and nobody picks. A discom's `close_on_silence` says
    whether silence closes what was resolved; without a word of its own, the site's setting does."""

    __tablename__ = "office"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    level: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    name_hi: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    path: Mapped[str] = mapped_column(String(220), index=True)
    pooled: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    close_on_silence: Mapped[bool | None] = mapped_column(Boolean)


def lies_within(path: ColumnElement[Any], area: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the office of this path is the one of that area, or below it: compared sign by sign, as a code may hold
    what a pattern would take for a wildcard."""
    whole = area + literal("/")
    return func.substr(path + literal("/"), 1, func.length(whole)) == whole
