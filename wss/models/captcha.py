"""Captchas that were shown. The sum stays in the database; only its picture and sound are sent."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class Captcha(Base):
    """A sum such as 8+7, valid once, for one session, for five minutes."""

    __tablename__ = "captcha"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    session_hash: Mapped[str] = mapped_column(String(64))
    left: Mapped[int]
    sign: Mapped[str] = mapped_column(String(1))
    right: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
