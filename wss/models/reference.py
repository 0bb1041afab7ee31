"""Reference tables: request kinds, reasons, escalation, holidays, forums, tariff, limits, texts; and counters."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Sequence, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wss.db import Base, BigKey, Json


class KindRow(Base):
    """A row of the catalogue. `fields`, `reasons` and `networks` are words separated by spaces.

    `documents_help` names the documents that help, for consumers; empty for none. `is_request`: called a request, not a
    complaint; by its fields if empty.
    """

    __tablename__ = "kind"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    type_hi: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    name_hi: Mapped[str] = mapped_column(String(80))
    networks: Mapped[str] = mapped_column(String(20))
    fields: Mapped[str] = mapped_column(String(300))
    reasons: Mapped[str] = mapped_column(String(600))
    target_days: Mapped[int]
    route_role: Mapped[str] = mapped_column(String(24))
    route_level: Mapped[str] = mapped_column(String(12))
    position: Mapped[int]
    documents_help: Mapped[str] = mapped_column(String(200), default="", server_default="")
    documents_help_hi: Mapped[str] = mapped_column(String(200), default="", server_default="")
    is_request: Mapped[bool | None]


class Reason(Base):
    """A reason that a form offers."""

    __tablename__ = "reason"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_hi: Mapped[str] = mapped_column(String(100))


class EscalationStep(Base):
    """After this many working hours a request of this kind (`*` = all) is escalated to this role at this level."""

    __tablename__ = "escalation_step"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(24))
    office_level: Mapped[str] = mapped_column(String(12))
    working_hours: Mapped[int]
    source_note: Mapped[str] = mapped_column(String(200))


class Holiday(Base):
    """A day on which offices are closed."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_hi: Mapped[str] = mapped_column(String(100))


class Forum(Base):
    """A consumer grievance forum. `constituted` says whether it exists yet."""

    __tablename__ = "forum"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[str] = mapped_column(String(12))
    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(400))
    phone: Mapped[str] = mapped_column(String(20))
    max_amount_paise: Mapped[int | None] = mapped_column(BigInteger)
    constituted: Mapped[bool]
    name_hi: Mapped[str] = mapped_column(String(200), default="", server_default="")
    address_hi: Mapped[str] = mapped_column(String(400), default="", server_default="")


class TariffRow(Base):
    """One rate of a tariff category from a day on. Slabs in units per month, rates in paise.

    `proration` names the rule for how many months a period counts: whole_month (default), days_30, by_days.
    """

    __tablename__ = "tariff_row"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    category: Mapped[str] = mapped_column(String(20), index=True)
    effective_from: Mapped[date]
    component: Mapped[str] = mapped_column(String(8))
    slab_from: Mapped[int | None]
    slab_to: Mapped[int | None]
    rate_paise: Mapped[int]
    unit: Mapped[str] = mapped_column(String(60))
    source_note: Mapped[str] = mapped_column(String(200))
    proration: Mapped[str | None] = mapped_column(String(12))


class ApprovalLimit(Base):
    """The largest change of a bill, up or down, that a post may approve; without an amount there is no limit.

    `records_a_day`: how many records a post may open in a day before a supervisor is alerted; 50 when empty.
    """

    __tablename__ = "approval_limit"

    role: Mapped[str] = mapped_column(String(24), primary_key=True)
    max_amount_paise: Mapped[int | None] = mapped_column(BigInteger)
    source_note: Mapped[str] = mapped_column(String(200))
    records_a_day: Mapped[int | None]


class MessageText(Base):
    """An administrator's text of a notice, which replaces the built-in one. `part`: sms, subject or body;
    `template_id` is the id under which an SMS text is registered (TRAI DLT)."""

    __tablename__ = "message_text"

    notice: Mapped[str] = mapped_column(String(24), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    part: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    template_id: Mapped[str] = mapped_column(String(40), default="", server_default="")


class CannedTextRow(Base):
    """A note, question or refusal that officers send often, in both languages, with placeholders in braces.

    `kinds` are the codes of the kinds of request that it fits, separated by spaces; empty: all.
    """

    __tablename__ = "canned_text"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    verdict: Mapped[str] = mapped_column(String(20), default="", server_default="")
    name: Mapped[str] = mapped_column(String(60))
    name_hi: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(500))
    text_hi: Mapped[str] = mapped_column(String(500))
    kinds: Mapped[str] = mapped_column(String(300), default="", server_default="")


class SelfBillRuleRow(Base):
    """The rule of an office and those below it on bills that consumers generate; off until it is switched on.

    `billing_units`, `categories` and `bill_bases` (of the last bill) are words separated by spaces. `least_days`: days
    since the last bill's end.
    """

    __tablename__ = "self_bill_rule"

    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"), primary_key=True)
    switched_on: Mapped[bool]
    max_load_w: Mapped[int] = mapped_column(BigInteger)
    billing_units: Mapped[str] = mapped_column(String(20))
    categories: Mapped[str] = mapped_column(String(300))
    bill_bases: Mapped[str] = mapped_column(String(60))
    least_days: Mapped[int]
    unusual_times: Mapped[int]
    source_note: Mapped[str] = mapped_column(String(200))


class CompensationRow(Base):
    """What an office and those below it owe for each day after the limit, for a kind of request or for all (`*`).

    `grace_days` are working days after the promised day; `counted` says which days after them count.
    """

    __tablename__ = "compensation_rate"

    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    rate_paise: Mapped[int] = mapped_column(BigInteger)
    max_amount_paise: Mapped[int | None] = mapped_column(BigInteger)
    grace_days: Mapped[int]
    counted: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(200))
    source_hi: Mapped[str] = mapped_column(String(200))
    is_confirmed: Mapped[bool]
    is_on: Mapped[bool]


class ClusterRuleRow(Base):
    """From how many complaints a week, and how many times the usual number, an office's complaints are a cluster."""

    __tablename__ = "cluster_rule"

    office_code: Mapped[str] = mapped_column(ForeignKey("office.code"), primary_key=True)
    least: Mapped[int]
    times_usual: Mapped[int]
    source_note: Mapped[str] = mapped_column(String(200))


class ReferenceUpload(Base):
    """A file that an administrator has uploaded and not confirmed yet."""

    __tablename__ = "reference_upload"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    table_name: Mapped[str] = mapped_column(String(20))
    employee_id: Mapped[str] = mapped_column(ForeignKey("staff.employee_id"))
    content: Mapped[str] = mapped_column(Text)
    remove_missing: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(index=True)


class ReferenceChange(Base):
    """A change of a reference table: author, time, and the rows before and after (lists of cells, by their keys).

    `confirmed_by` is the second administrator where one was required; `discom_code` names the discom of the rows,
    None for a table shared by all discoms.
    """

    __tablename__ = "reference_change"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    table_name: Mapped[str] = mapped_column(String(20), index=True)
    employee_id: Mapped[str | None] = mapped_column(ForeignKey("staff.employee_id"))
    at: Mapped[datetime]
    rows_before: Mapped[list[Any]] = mapped_column(Json)
    rows_after: Mapped[list[Any]] = mapped_column(Json)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("reference_change.id"), unique=True)
    confirmed_by: Mapped[str | None] = mapped_column(String(20))
    discom_code: Mapped[str | None] = mapped_column(String(40))


class ReferenceVersion(Base):
    """One row whose value increases with every change of a reference table, so that a process notices a stale copy."""

    __tablename__ = "reference_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


# Complaint numbers are a row of `counter` on SQLite. On PostgreSQL, where registrations must not wait for each other,
# they are a sequence; it belongs to `counter`, so that a backup has it.
COMPLAINT_COUNTER = "complaint_no"
COMPLAINT_NUMBERS = Sequence("complaint_no_seq")


class Counter(Base):
    """A number with a name: a counter that only increases, moved in the transaction that uses it, or `oldest_code`,
    the migration that code must know to work with these tables (wss/schema.py)."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
