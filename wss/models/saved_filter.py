"""Filters of the To-Do list that officers have saved."""

from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey
from wss.domain.todo_filter import FILTER_NAME_LENGTH


class SavedFilter(Base):
    """A filter under the name that its officer gave it; `filter_args` are the query arguments of the list."""

    __tablename__ = "saved_filter"
    __table_args__ = (Index("uq_saved_filter_employee_id_name", "employee_id", "name", unique=True),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    employee_id: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"))
    name: Mapped[str] = mapped_column(String(FILTER_NAME_LENGTH))
    filter_args: Mapped[dict[str, Any]]
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
