"""Connections as the billing extract knows them. Only imports write here."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base


class Connection(Base):
    """One electricity connection. Load in watts, multiplying factor in thousandths; the mobile may be missing.

    `former_mobile` is the number on record that an extract has emptied or changed. It still protects the
    connection for a while, until `services/operations/housekeeping.py` deletes it.
    """

    __tablename__ = "connection"
    __table_args__ = (
        Index(
            "ix_connection_former_mobile",
            "former_mobile_gone_at",
            sqlite_where=text("former_mobile IS NOT NULL"),
            postgresql_where=text("former_mobile IS NOT NULL"),
        ),
    )

    account_no: Mapped[str] = mapped_column(String(12), primary_key=True)
    network: Mapped[str] = mapped_column(String(5))
    subdivision_code: Mapped[str] = mapped_column(ForeignKey("office.code"), index=True)
    consumer_name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(400))
    pincode: Mapped[str] = mapped_column(String(6))
    mobile_on_record: Mapped[str | None] = mapped_column(String(10), index=True)
    email_on_record: Mapped[str | None] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(20))
    sanctioned_load_w: Mapped[int] = mapped_column(BigInteger)
    billing_unit: Mapped[str] = mapped_column(String(4))
    meter_no: Mapped[str] = mapped_column(String(30))
    multiplying_factor_milli: Mapped[int] = mapped_column(default=1000)
    status: Mapped[str] = mapped_column(String(20))
    connected_on: Mapped[date]
    former_mobile: Mapped[str | None] = mapped_column(String(10))
    former_mobile_gone_at: Mapped[datetime | None]
