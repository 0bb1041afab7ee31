"""Bills that consumers have generated from their own readings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey, Json


class GeneratedBill(Base):
    """A provisional bill, one per connection and period. It is no row of `bill`: the real bill takes its place.

    `steps` are the rows of the tariff with their quantities; `doubts` what the consumer was asked to be sure of.
    """

    __tablename__ = "generated_bill"
    __table_args__ = (UniqueConstraint("account_no", "period_from"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    account_no: Mapped[str] = mapped_column(ForeignKey("connection.account_no"))
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"), index=True)
    bill_month: Mapped[str] = mapped_column(String(7))
    period_from: Mapped[date]
    period_to: Mapped[date]
    previous_reading: Mapped[int] = mapped_column(BigInteger)
    current_reading: Mapped[int] = mapped_column(BigInteger)
    register_digits: Mapped[int | None]
    units: Mapped[int] = mapped_column(BigInteger)
    multiplying_factor_milli: Mapped[int] = mapped_column(BigInteger)
    load_w: Mapped[int] = mapped_column(BigInteger)
    category: Mapped[str] = mapped_column(String(20))
    meter_no: Mapped[str] = mapped_column(String(30))
    fixed_charge_paise: Mapped[int] = mapped_column(BigInteger)
    energy_charge_paise: Mapped[int] = mapped_column(BigInteger)
    electricity_duty_paise: Mapped[int] = mapped_column(BigInteger)
    arrears_paise: Mapped[int] = mapped_column(BigInteger)
    amount_paise: Mapped[int] = mapped_column(BigInteger)
    usual: Mapped[int | None] = mapped_column(BigInteger)
    steps: Mapped[list[Any]] = mapped_column(Json)
    doubts: Mapped[list[Any]] = mapped_column(Json)
    confirmed_at: Mapped[datetime]
