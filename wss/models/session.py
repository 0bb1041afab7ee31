"""Sessions of those who are signed in; deleting a row signs out at the next request."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class SignedIn(Base):
    """One signed-in browser. The cookie holds the id, this table only its hash. Staff have given their password only,
    until `second_factor_at`; `stepped_up_at` is when they last gave a code before something weighty: consumers
    the password or an OTP."""

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
