"""Identity proofs in progress: what a visitor without a login claims, until an OTP or a link proves it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class Proof(Base):
    """One visitor's attempt for one purpose: OTP login, new password, new mobile, claim, added connection.

    `account_no` and `consumer_id` are set only when account and bill matched, which is never disclosed. `mobile`
    receives the OTP; `new_mobile` is the number that will replace it.
    """

    __tablename__ = "proof"
    __table_args__ = (UniqueConstraint("session_hash", "purpose"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    session_hash: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(20))
    typed_account_no: Mapped[str] = mapped_column(String(12))
    # A keyed hash of account and bill as typed: typing the same again continues the same proof.
    typed_mark: Mapped[str] = mapped_column(String(12), default="")
    account_no: Mapped[str | None] = mapped_column(ForeignKey("connection.account_no"))
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    mobile: Mapped[str | None] = mapped_column(String(10))
    new_mobile: Mapped[str | None] = mapped_column(String(10))
    # Of a password that was typed together with a wrong OTP: no page can show it again.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]

    @property
    def unlocks(self) -> tuple[str, str, str]:
        """Return purpose, subject and mobile of the OTP that proves it."""
        return self.purpose, f"proof:{self.id}", self.mobile or ""

    @property
    def unlocks_new(self) -> tuple[str, str, str]:
        """Return the same for the number that will replace the mobile."""
        return "new_mobile", f"proof:{self.id}", self.new_mobile or ""
