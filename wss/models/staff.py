"""Staff: who fills which post in which office."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class Staff(Base):
    """An employee with a role in an office; read at each request, so a transfer takes effect at once."""

    __tablename__ = "staff"

    employee_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(24))
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"), index=True)
    mobile: Mapped[str | None] = mapped_column(String(10))
    email: Mapped[str | None] = mapped_column(String(200))
