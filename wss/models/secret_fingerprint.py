"""Fingerprints of the secrets with which this database was written."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class SecretFingerprint(Base):
    """A secret of the site by its fingerprint, which reveals nothing of it.

    What it has sealed may be in the database until `retired_at`: until then the site does not start without it.
    `resealed_to` is the last key of the message table that the change to this secret has passed.
    """

    __tablename__ = "secret_fingerprint"

    fingerprint: Mapped[str] = mapped_column(String(16), primary_key=True)
    first_used_at: Mapped[datetime]
    rotation_began_at: Mapped[datetime | None]
    resealed_to: Mapped[str] = mapped_column(String(36), default="")
    retired_at: Mapped[datetime | None]
