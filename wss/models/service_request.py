"""Service requests, the bills they dispute, and the events of their timeline."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey
from wss.domain.lifecycle import AT_WORK, ENDED, Status
from wss.domain.triage_values import WITHOUT_VERDICT


def _listed(statuses: tuple[Status, ...]) -> str:
    return ", ".join(f"'{status}'" for status in statuses)


# The same text in indexes and queries: otherwise the database does not use a partial index for the query.
IS_OPEN = text(f"status NOT IN ({_listed(ENDED)})")
# Open and not resolved: the office has to act, or has asked the consumer.
IS_WORK = text(f"status NOT IN ({_listed((*ENDED, Status.RESOLVED))})")
# The holder has to act.
IS_AT_POST = text(f"status IN ({_listed(AT_WORK)})")
_IS_DUE_ONE_DAY = text("escalate_at IS NOT NULL")
_TICKS = text("clock_from IS NOT NULL")
IS_FROZEN = text("frozen")
IS_TRIAGE_DUE = text("triage_due")
_BY_CALL = text("call_id IS NOT NULL")
_HAS_CONTACT = text("contact_mobile IS NOT NULL")


def _sort_indexes() -> list[Index]:
    """Return an index for each further order of an office's list."""
    columns = {
        "amount": ("disputed_paise", "id"),
        "times": ("usual_tenths", "id"),
        "newest": ("id",),
        "verdict": ("verdict_order", "promised_on", "id"),
    }
    return [
        Index(
            f"ix_service_request_office_{order}",
            "office_code",
            *names,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        )
        for order, names in columns.items()
    ]


class ServiceRequest(Base):
    """One service request. `version` increases with each transition (compare and set), `news` with any visible
    change.

    `office_code` is the office of the connection; the holder is that office or one above. The escalation clock has
    used `clock_used_s` seconds of working time at this holder before `clock_from` and runs since then (NULL:
    stopped); `escalate_at` follows from both by the reference tables of version `clock_rules`.

    While a decision is proposed, the deciding post holds the request; `returns_to_office` and `returns_to_role`
    are the holder after sending back or withdrawal. Maker and decider have a clock each: `other_clock_s` is the
    working time of the one that does not hold the request now.

    `estimate` is what the disputed bills should be by the consumer's reading, as shown when it was registered.

    A request registered on a call names the call; `contact_mobile` is the caller's own number, proved on that call
    and used for this request only.

    The last columns are the facts by which officers sort (`wss/domain/triage_values.py`). They follow from bills,
    documents and reading; `triage_due` says that one of these has changed and the worker has to compute them.
    """

    __tablename__ = "service_request"
    __table_args__ = (
        Index("ix_service_request_account_no_id", "account_no", "id"),
        Index("ix_service_request_consumer_id_id", "consumer_id", "id"),
        Index("ix_service_request_registered_at", "registered_at"),
        Index("ix_service_request_status_status_since", "status", "status_since"),
        Index(
            "ix_service_request_office_open",
            "office_code",
            "promised_on",
            "id",
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index(
            "ix_service_request_office_work",
            "office_code",
            "promised_on",
            "id",
            sqlite_where=IS_WORK,
            postgresql_where=IS_WORK,
        ),
        Index(
            "ix_service_request_post",
            "holder_role",
            "holder_office_code",
            "status",
            sqlite_where=IS_AT_POST,
            postgresql_where=IS_AT_POST,
        ),
        Index(
            "ix_service_request_assignee_open",
            "assignee_id",
            "promised_on",
            "id",
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index(
            "ix_service_request_escalate_at",
            "escalate_at",
            sqlite_where=_IS_DUE_ONE_DAY,
            postgresql_where=_IS_DUE_ONE_DAY,
        ),
        Index(
            "ix_service_request_clock_rules",
            "clock_rules",
            "id",
            sqlite_where=_TICKS,
            postgresql_where=_TICKS,
        ),
        Index(
            "ix_service_request_frozen",
            "id",
            sqlite_where=IS_FROZEN,
            postgresql_where=IS_FROZEN,
        ),
        Index(
            "ix_service_request_call_id",
            "call_id",
            sqlite_where=_BY_CALL,
            postgresql_where=_BY_CALL,
        ),
        Index(
            "ix_service_request_contact_mobile",
            "status_since",
            sqlite_where=_HAS_CONTACT,
            postgresql_where=_HAS_CONTACT,
        ),
        *_sort_indexes(),
        Index(
            "ix_service_request_triage_due",
            "id",
            sqlite_where=IS_TRIAGE_DUE,
            postgresql_where=IS_TRIAGE_DUE,
        ),
        CheckConstraint("approved_by <> proposed_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    complaint_no: Mapped[str] = mapped_column(String(11), unique=True)
    form_token: Mapped[str] = mapped_column(String(43), unique=True)
    account_no: Mapped[str] = mapped_column(ForeignKey("connection.account_no"))
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    kind: Mapped[str] = mapped_column(ForeignKey("kind.code"))
    channel: Mapped[str] = mapped_column(String(4), default="web")
    language: Mapped[str] = mapped_column(String(2))
    fields: Mapped[dict[str, Any]]
    estimate: Mapped[dict[str, Any] | None]
    status: Mapped[str] = mapped_column(String(16))
    resolution: Mapped[str | None] = mapped_column(String(12))
    closing: Mapped[str | None] = mapped_column(String(12))
    frozen: Mapped[bool] = mapped_column(Boolean, default=False)
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    holder_office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    holder_role: Mapped[str] = mapped_column(String(24))
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"))
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"))
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"))
    escalation_level: Mapped[int] = mapped_column(default=0)
    reopened_times: Mapped[int] = mapped_column(default=0)
    registered_at: Mapped[datetime]
    promised_on: Mapped[date]
    status_since: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    news: Mapped[int] = mapped_column(default=1)
    clock_from: Mapped[datetime | None]
    clock_used_s: Mapped[int] = mapped_column(default=0, server_default="0")
    other_clock_s: Mapped[int] = mapped_column(default=0, server_default="0")
    returns_to_office: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    returns_to_role: Mapped[str | None] = mapped_column(String(24))
    clock_rules: Mapped[int | None]
    escalate_at: Mapped[datetime | None]
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    contact_mobile: Mapped[str | None] = mapped_column(String(10))
    dispute_reason: Mapped[str] = mapped_column(String(40), default="", server_default="")
    disputed_paise: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    usual_tenths: Mapped[int] = mapped_column(default=0, server_default="0")
    disputed_basis: Mapped[str] = mapped_column(String(4), default="", server_default="")
    photos: Mapped[int] = mapped_column(default=0, server_default="0")
    suggested_verdict: Mapped[str] = mapped_column(String(20), default="", server_default="")
    verdict_order: Mapped[int] = mapped_column(default=WITHOUT_VERDICT, server_default=str(WITHOUT_VERDICT))
    triage_due: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


def _own_number(context: Any) -> Any:
    return context.get_current_parameters()["bill_no"]


class DisputedBill(Base):
    """A bill that a request disputes; `first_bill_no` is the bill as first issued, whichever of its revisions is
    disputed. A bill, with all of its revisions, can be in one open request only."""

    __tablename__ = "disputed_bill"
    __table_args__ = (
        Index(
            "uq_disputed_bill_bill_no_open",
            "bill_no",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index(
            "uq_disputed_bill_first_bill_no_open",
            "first_bill_no",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    service_request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id"), primary_key=True)
    bill_no: Mapped[str] = mapped_column(ForeignKey("bill.bill_no"), primary_key=True)
    is_open: Mapped[bool] = mapped_column(Boolean)
    first_bill_no: Mapped[str] = mapped_column(String(20), default=_own_number, server_default="")


class Event(Base):
    """An event of the timeline: what happened, when, by which post of which office, and the status afterwards."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("service_request_id", "number"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    service_request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id"))
    number: Mapped[int]
    action: Mapped[str] = mapped_column(String(24))
    status: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(24))
    office_code: Mapped[str | None] = mapped_column(ForeignKey("office.code"))
    employee_id: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"))
    remark: Mapped[str] = mapped_column(String(1000), default="")
    details: Mapped[dict[str, Any]]
    at: Mapped[datetime]
