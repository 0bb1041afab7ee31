"""Bill revisions: proposed by one officer, decided by another, then posted to the billing system."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey

_PROPOSED = text("state = 'proposed'")
_SENT_BACK = text("state = 'sent_back'")
_OPEN = text("is_open")
_WAITING = text("state IN ('waiting', 'sending')")
_REFUSED = text("state = 'dead'")


class Revision(Base):
    """A proposal to revise bills of one connection, with or without a complaint. Money in paise.

    `state`: proposed, approved, sent_back, withdrawn or void. `figures_hash` covers exactly the figures that an
    approval is for. `suggestion`: the verdict that was suggested for the bills of a complaint; `suggestion_outcome`:
    whether its figures were proposed (taken) or others (changed); empty where there were none.
    `change_paise`: what the limits of posts are about. `sampling`: whether it was drawn for a check by the EE.
    """

    __tablename__ = "revision"
    __table_args__ = (
        CheckConstraint("decided_by <> proposed_by", name="two_persons"),
        Index(
            "uq_revision_service_request_id_proposed",
            "service_request_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
        Index("ix_revision_office_code", "office_code", sqlite_where=_PROPOSED, postgresql_where=_PROPOSED),
        Index(
            "ix_revision_proposed_by_sent_back",
            "proposed_by",
            sqlite_where=_SENT_BACK,
            postgresql_where=_SENT_BACK,
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    service_request_id: Mapped[int | None] = mapped_column(ForeignKey("service_request.id"), index=True)
    account_no: Mapped[str] = mapped_column(ForeignKey("connection.account_no"), index=True)
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    reason: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(10))
    issued_paise: Mapped[int] = mapped_column(BigInteger)
    revised_paise: Mapped[int] = mapped_column(BigInteger)
    figures_hash: Mapped[str] = mapped_column(String(64))
    proposed_by: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(1000), default="")
    version: Mapped[int] = mapped_column(default=1)
    suggestion: Mapped[str] = mapped_column(String(20), default="", server_default="")
    suggestion_outcome: Mapped[str] = mapped_column(String(10), default="", server_default="")
    change_paise: Mapped[int | None] = mapped_column(BigInteger)
    sampling: Mapped[str] = mapped_column(String(10), default="", server_default="")


# The size of the register by its number of digits, as SQL: SQLite and PostgreSQL share no power function for
# integers.
_REGISTER = " ".join(f"WHEN {digits} THEN {10**digits}" for digits in range(4, 11))
_OVER_THE_END = (
    "CASE WHEN COALESCE(old_meter_reading, current_reading) < previous_reading "
    f"THEN CASE register_digits {_REGISTER} ELSE 0 END ELSE 0 END"
)
_STEPS = (
    f"(COALESCE(old_meter_reading, current_reading) - previous_reading + {_OVER_THE_END} "
    "+ CASE WHEN old_meter_reading IS NULL THEN 0 ELSE current_reading - new_meter_initial END)"
)
_AS_ISSUED = "previous_reading = issued_previous_reading AND current_reading = issued_current_reading"
# Readings, units and basis must agree. Proposals from before these columns existed are `unchecked`; the service
# checks them at approval.
FIGURES_AGREE = (
    "units_from = 'unchecked' OR "
    "(units_from = 'readings' AND basis IN ('MU', 'MIN', 'CEIL', 'CDF') "
    f"AND {_STEPS} >= 0 AND units = (2 * {_STEPS} * multiplying_factor_milli + 1000) / 2000) OR "
    "(units_from = 'average' AND basis IN ('ASS', 'NA', 'NR', 'PROV', 'IDF', 'RDF', 'ADF') "
    f"AND {_AS_ISSUED}) OR "
    f"(units_from = 'issued' AND units = issued_units AND (basis = issued_basis OR basis = 'UM') AND {_AS_ISSUED})"
)


class RevisedBill(Base):
    """One bill of a revision: the officer's input and the result of the tariff. A bill is in one open revision
    only.

    `units_from`: readings, average, issued, or unchecked (proposed before this column existed). `calculation` is
    what the figures were computed with.
    """

    __tablename__ = "revised_bill"
    __table_args__ = (
        CheckConstraint(FIGURES_AGREE, name="figures_agree"),
        Index(
            "uq_revised_bill_bill_no_open",
            "bill_no",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bill_no: Mapped[str] = mapped_column(ForeignKey("bill.bill_no"))
    revised_bill_no: Mapped[str | None] = mapped_column(String(20), unique=True)
    previous_reading: Mapped[int] = mapped_column(BigInteger)
    current_reading: Mapped[int] = mapped_column(BigInteger)
    old_meter_reading: Mapped[int | None] = mapped_column(BigInteger)
    new_meter_initial: Mapped[int | None] = mapped_column(BigInteger)
    basis: Mapped[str] = mapped_column(String(4))
    load_w: Mapped[int]
    category: Mapped[str] = mapped_column(String(20))
    units: Mapped[int] = mapped_column(BigInteger)
    fixed_charge_paise: Mapped[int] = mapped_column(BigInteger)
    energy_charge_paise: Mapped[int] = mapped_column(BigInteger)
    electricity_duty_paise: Mapped[int] = mapped_column(BigInteger)
    other_charge_paise: Mapped[int] = mapped_column(BigInteger)
    arrears_paise: Mapped[int] = mapped_column(BigInteger)
    amount_paise: Mapped[int] = mapped_column(BigInteger)
    is_open: Mapped[bool] = mapped_column(Boolean)
    surcharge_paise: Mapped[int | None] = mapped_column(BigInteger)
    multiplying_factor_milli: Mapped[int] = mapped_column(BigInteger)
    register_digits: Mapped[int | None]
    recompute_reason: Mapped[str] = mapped_column(String(20))
    units_from: Mapped[str] = mapped_column(String(10))
    issued_previous_reading: Mapped[int] = mapped_column(BigInteger)
    issued_current_reading: Mapped[int] = mapped_column(BigInteger)
    issued_units: Mapped[int] = mapped_column(BigInteger)
    issued_basis: Mapped[str] = mapped_column(String(4))
    calculation: Mapped[dict[str, Any] | None]


class BillingPost(Base):
    """A bill on its way to the billing system: an approved revised one, or one that a consumer has generated.

    Its id is the idempotency key; `revised_bill_no` is the number of either.
    """

    __tablename__ = "billing_post"
    __table_args__ = (
        CheckConstraint("(revision_id IS NULL) <> (generated_bill_id IS NULL)", name="of_one_bill"),
        Index("ix_billing_post_due", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index(
            "ix_billing_post_refused", "settled_at", "id", sqlite_where=_REFUSED, postgresql_where=_REFUSED
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    generated_bill_id: Mapped[int | None] = mapped_column(ForeignKey("generated_bill.id"), unique=True)
    revised_bill_no: Mapped[str] = mapped_column(String(20), unique=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(100), default="")
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
