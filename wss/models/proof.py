"""Proofs under way: what somebody claims who wants back in, until a code or a link proves it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey


class Proof(Base):
    """One visitor's way of one purpose: signing in by OTP, a new password, a new mobile, a claim, one more connection.

    `account_no` and `consumer_id` are set only when account and bill fitted together; whether they did, nobody is
    told. `mobile` is where the code goes, `new_mobile` the number that is to take its place.
    """

    __tablename__ = "proof"
    __table_args__ = (UniqueConstraint("session_hash", "purpose"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    session_hash: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(20))
    typed_account_no: Mapped[str] = mapped_column(String(12))
    # A keyed hash of account and bill as typed: who types the same again goes on with the same proof.
    typed_mark: Mapped[str] = mapped_column(String(12), default="")
    account_no: Mapped[str | None] = mapped_column(ForeignKey("connection.account_no"))
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    mobile: Mapped[str | None] = mapped_column(String(10))
    new_mobile: Mapped[str | None] = mapped_column(String(10))
    # Of a password that was typed beside a wrong code: no page can show it again.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]

    @property
    def unlocks(self) -> tuple[str, str, str]:
        """Purpose, subject and mobile of the code that proves it."""
        return self.purpose, f"proof:{self.id}", self.mobile or ""

    @property
    def unlocks_new(self) -> tuple[str, str, str]:
        """The same for the number that is to take the mobile's place."""
        return "new_mobile", f"proof:{self.id}", self.new_mobile or ""
