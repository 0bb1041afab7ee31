"""Login sessions of consumers and staff. Deleting a row logs out at the next request."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class SignedIn(Base):
    """One logged-in browser. The cookie holds the id, this table only its hash.

    Staff have given only their password until `second_factor_at`. `stepped_up_at` is when a code (for consumers
    the password or an OTP) was last given before a sensitive action.
    """

    __tablename__ = "session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"), index=True)
    employee_id: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"), index=True)
    browser: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    second_factor_at: Mapped[datetime | None]
    stepped_up_at: Mapped[datetime | None]
