"""One-time passwords that were sent."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class Otp(Base):
    """An OTP for one purpose, one mobile and one subject. The code is not stored: it is derived from the site's
    secret and the random `counter`.

    Only its `asker`, the browser or call that requested it, can try it. A withheld OTP is stored as well, so that
    from outside it looks like one that was sent.
    """

    __tablename__ = "otp"
    __table_args__ = (
        Index(
            "ix_otp_held_back",
            "id",
            sqlite_where=text("is_held_back"),
            postgresql_where=text("is_held_back"),
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    reference_no: Mapped[str] = mapped_column(String(8), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    mobile: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(40), index=True)
    counter: Mapped[int] = mapped_column(BigInteger)
    asker: Mapped[str] = mapped_column(String(64), default="")
    wrong_tries: Mapped[int] = mapped_column(default=0)
    is_sent: Mapped[bool] = mapped_column(default=True)
    # The mobile's share was used up: the worker sends a link instead, once a day.
    is_held_back: Mapped[bool] = mapped_column(default=False)
    message_id: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
