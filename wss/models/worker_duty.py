"""What monitoring reads: the state of each duty of the worker, and the last import of each table."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class WorkerDuty(Base):
    """The last success and failure of a duty (domain/worker_duties), with the counts of all workers.

    `error` is the kind of the last failure, without its text; `milliseconds` the longest run since the row was
    written before.
    """

    __tablename__ = "worker_duty"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_success_at: Mapped[datetime | None]
    last_failure_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(120))
    milliseconds: Mapped[int] = mapped_column(BigInteger)
    successes: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(BigInteger)


class LastImport(Base):
    """The last import of a table that was written to its end, whether or not it changed anything."""

    __tablename__ = "last_import"

    table: Mapped[str] = mapped_column("table_name", String(40), primary_key=True)
    at: Mapped[datetime]
    rows: Mapped[int] = mapped_column("row_count", BigInteger)
    refused: Mapped[int] = mapped_column(BigInteger)
