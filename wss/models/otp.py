"""One-time passwords that were sent."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class Otp(Base):
    """An OTP of one purpose to one mobile for one subject. The code itself is not stored: it is derived
    from the site's secret and the random `counter`."""

    __tablename__ = "otp"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    reference_no: Mapped[str] = mapped_column(String(8), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    mobile: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(40), index=True)
    counter: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
