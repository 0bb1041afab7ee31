"""Bills, as issued and as revised. Only imports and approved revisions write here."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base

_REVISED = text("revises IS NOT NULL")


class Bill(Base):
    """One bill of one month. Money in paise; `bill_month` is "YYYY-MM". A revised bill names the one it `revises`.

    Multiplying factor (thousandths), load, category and meter are those that applied when the bill was made, where
    its extract or its revision has them. The `at_import_…` columns are those of the connection when the bill was
    imported; no later import changes them.
    """

    __tablename__ = "bill"
    __table_args__ = (
        UniqueConstraint("sbm_bill_no"),
        Index("ix_bill_account_no_bill_month", "account_no", "bill_month"),
        Index("ix_bill_revises", "revises", sqlite_where=_REVISED, postgresql_where=_REVISED),
    )

    bill_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    sbm_bill_no: Mapped[str | None] = mapped_column(String(20))
    account_no: Mapped[str] = mapped_column(ForeignKey("connection.account_no"))
    bill_month: Mapped[str] = mapped_column(String(7))
    period_from: Mapped[date]
    period_to: Mapped[date]
    previous_reading: Mapped[int] = mapped_column(BigInteger)
    current_reading: Mapped[int] = mapped_column(BigInteger)
    units: Mapped[int] = mapped_column(BigInteger)
    bill_basis: Mapped[str] = mapped_column(String(4))
    issue_date: Mapped[date]
    due_date: Mapped[date]
    fixed_charge_paise: Mapped[int] = mapped_column(BigInteger)
    energy_charge_paise: Mapped[int] = mapped_column(BigInteger)
    electricity_duty_paise: Mapped[int] = mapped_column(BigInteger)
    other_charge_paise: Mapped[int] = mapped_column(BigInteger)
    arrears_paise: Mapped[int] = mapped_column(BigInteger)
    amount_paise: Mapped[int] = mapped_column(BigInteger)
    paid_amount_paise: Mapped[int | None] = mapped_column(BigInteger)
    paid_on: Mapped[date | None]
    revises: Mapped[str | None] = mapped_column(ForeignKey("bill.bill_no"))
    surcharge_paise: Mapped[int | None] = mapped_column(BigInteger)
    multiplying_factor_milli: Mapped[int | None] = mapped_column(BigInteger)
    load_w: Mapped[int | None] = mapped_column(BigInteger)
    category: Mapped[str | None] = mapped_column(String(20))
    meter_no: Mapped[str | None] = mapped_column(String(30))
    at_import_factor_milli: Mapped[int | None] = mapped_column(BigInteger)
    at_import_load_w: Mapped[int | None] = mapped_column(BigInteger)
    at_import_category: Mapped[str | None] = mapped_column(String(20))
    at_import_meter_no: Mapped[str | None] = mapped_column(String(30))
