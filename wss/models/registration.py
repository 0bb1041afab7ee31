"""Registrations in progress: what a visitor has entered so far, before anything is proved."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey

PURPOSE = "registration"
DONE = "done"


class Registration(Base):
    """One visitor's registration, found by the hash of the session id.

    `account_no` is the connection that the typed numbers name, whether or not the visitor may know. `both_given`
    says that account and bill matched, so that masked details may be shown.
    """

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    session_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_no: Mapped[str | None] = mapped_column(ForeignKey("connection.account_no"))
    typed_account_no: Mapped[str] = mapped_column(String(12), default="")
    typed_bill_no: Mapped[str] = mapped_column(String(20), default="")
    both_given: Mapped[bool]
    mobile: Mapped[str | None] = mapped_column(String(10))
    email: Mapped[str | None] = mapped_column(String(200))
    user_name: Mapped[str | None] = mapped_column(String(30))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    sms_alerts: Mapped[bool] = mapped_column(default=True)
    email_alerts: Mapped[bool] = mapped_column(default=False)
    terms_version: Mapped[str | None] = mapped_column(String(20))
    privacy_version: Mapped[str | None] = mapped_column(String(20))
    consented_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(2), default="hi")
    channel: Mapped[str | None] = mapped_column(String(5))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def is_done(self) -> bool:
        """Whether it was completed; it is kept for a while for the page that says so."""
        return self.channel == DONE

    @property
    def has_details(self) -> bool:
        """Whether step two is completed and activation is still missing."""
        return self.channel is not None and not self.is_done

    @property
    def unlocks(self) -> tuple[str, str, str]:
        """Return purpose, subject and mobile of the OTP or link that activates it."""
        return self.unlocks_for(self.mobile)

    def unlocks_for(self, mobile: str | None) -> tuple[str, str, str]:
        """Return the same for a mobile that is not stored yet."""
        return PURPOSE, f"registration:{self.id}", mobile or ""

    def typed(self, mobile: str | None) -> str:
        """Return what was typed to name the receiver of the OTPs: account and mobile, or the one number."""
        typed = self.typed_account_no or self.typed_bill_no
        return f"{typed} {mobile}" if self.both_given else typed
