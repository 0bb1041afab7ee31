"""Facts about the installation as a whole."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class InstallationFact(Base):
    """A fact about this installation.

    `id`, made by the migration; `demo`, when demo data were loaded; `clock_ahead`, by how many seconds the clock of
    the demo is ahead.
    """

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(64))
