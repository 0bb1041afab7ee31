"""Add staff logins, bill revisions, escalation clocks, MIS counts, and the history of changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import online_ddl

OPEN = sa.text("status NOT IN ('closed', 'withdrawn')")
TICKS = sa.text("escalate_at IS NOT NULL")
REVISED = sa.text("revises IS NOT NULL")
PROPOSED = sa.text("state = 'proposed'")
IN_OPEN_REVISION = sa.text("is_open")
WAITING = sa.text("state IN ('waiting', 'sending')")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables for the offices."""
    _widen()
    _add_staff_tables()
    _add_reference_tables()
    _add_revision_tables()
    _add_mis_tables()


def downgrade() -> None:
    """Drop them."""
    for table in ("mis_delta", "mis_cell", "billing_post", "revised_bill", "revision"):
        op.drop_table(table)
    for table in ("reference_change", "reference_upload", "message_text", "approval_limit"):
        op.drop_table(table)
    for table in ("recovery_code", "staff_credential"):
        op.drop_table(table)
    for index in ("escalate_at", "assignee_open", "office_open"):
        op.drop_index(f"ix_service_request_{index}", table_name="service_request")
    op.drop_index("ix_bill_revises", table_name="bill")
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_service_request_two_persons"), "service_request")
    for column in ("escalate_at", "clock_rules", "clock_used_s", "clock_from", "approved_by"):
        op.drop_column("service_request", column)
    op.drop_column("bill", "revises")
    op.drop_column("office", "pooled")
    op.drop_column("session", "stepped_up_at")
    op.drop_column("session", "second_factor_at")
    op.drop_column("staff", "left_on")


def _widen() -> None:
    online_ddl.add_columns("staff", sa.Column("left_on", sa.Date()))
    online_ddl.add_columns(
        "session", sa.Column("second_factor_at", MOMENT), sa.Column("stepped_up_at", MOMENT)
    )
    online_ddl.add_columns(
        "office", sa.Column("pooled", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    online_ddl.add_link("bill", "revises", sa.String(20), "bill", "bill_no")
    online_ddl.create_index("ix_bill_revises", "bill", ["revises"], REVISED)
    two_persons = ("ck_service_request_two_persons", "approved_by <> proposed_by")
    online_ddl.add_link("service_request", "approved_by", sa.String(20), "staff", "employee_id", two_persons)
    online_ddl.add_columns(
        "service_request",
        sa.Column("clock_from", MOMENT),
        sa.Column("clock_used_s", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("clock_rules", sa.Integer()),
        sa.Column("escalate_at", MOMENT),
    )
    for name, column in (("office", "office_code"), ("assignee", "assignee_id")):
        online_ddl.create_index(
            f"ix_service_request_{name}_open", "service_request", [column, "promised_on", "id"], OPEN
        )
    online_ddl.create_index("ix_service_request_escalate_at", "service_request", ["escalate_at"], TICKS)


def _add_staff_tables() -> None:
    op.create_table(
        "staff_credential",
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id"), primary_key=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("totp_secret_sealed", sa.Text(), nullable=False),
        sa.Column("totp_enrolled_at", MOMENT),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id"), nullable=False),
        sa.Column("used_at", MOMENT),
    )
    op.create_index("ix_recovery_code_employee_id", "recovery_code", ["employee_id"])


def _add_reference_tables() -> None:
    op.create_table(
        "approval_limit",
        sa.Column("role", sa.String(24), primary_key=True),
        sa.Column("max_amount_paise", sa.BigInteger()),
        sa.Column("source_note", sa.String(200), nullable=False),
    )
    op.create_table(
        "message_text",
        sa.Column("notice", sa.String(24), primary_key=True),
        sa.Column("language", sa.String(2), primary_key=True),
        sa.Column("part", sa.String(8), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.create_table(
        "reference_upload",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("table_name", sa.String(20), nullable=False),
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("remove_missing", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_index("ix_reference_upload_created_at", "reference_upload", ["created_at"])
    op.create_table(
        "reference_change",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("table_name", sa.String(20), nullable=False),
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rows_before", JSON, nullable=False),
        sa.Column("rows_after", JSON, nullable=False),
        sa.Column("undoes_id", KEY, sa.ForeignKey("reference_change.id"), unique=True),
    )
    op.create_index("ix_reference_change_table_name", "reference_change", ["table_name"])


def _add_revision_tables() -> None:
    op.create_table(
        "revision",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("service_request_id", KEY, sa.ForeignKey("service_request.id")),
        sa.Column("account_no", sa.String(12), sa.ForeignKey("connection.account_no"), nullable=False),
        sa.Column("office_code", sa.String(40), sa.ForeignKey("office.code"), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("issued_paise", sa.BigInteger(), nullable=False),
        sa.Column("revised_paise", sa.BigInteger(), nullable=False),
        sa.Column("figures_hash", sa.String(64), nullable=False),
        sa.Column("proposed_by", sa.String(20), sa.ForeignKey("staff.employee_id"), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.String(20), sa.ForeignKey("staff.employee_id")),
        sa.Column("decided_at", MOMENT),
        sa.Column("remark", sa.String(1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_revision_two_persons")),
    )
    op.create_index("ix_revision_service_request_id", "revision", ["service_request_id"])
    op.create_index("ix_revision_account_no", "revision", ["account_no"])
    op.create_index(
        "uq_revision_service_request_id_proposed",
        "revision",
        ["service_request_id"],
        unique=True,
        sqlite_where=PROPOSED,
        postgresql_where=PROPOSED,
    )
    op.create_index(
        "ix_revision_office_code",
        "revision",
        ["office_code"],
        sqlite_where=PROPOSED,
        postgresql_where=PROPOSED,
    )
    money = [f"{name}_paise" for name in ("fixed_charge", "energy_charge", "electricity_duty")]
    op.create_table(
        "revised_bill",
        sa.Column("revision_id", KEY, sa.ForeignKey("revision.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("bill_no", sa.String(20), sa.ForeignKey("bill.bill_no"), nullable=False),
        sa.Column("revised_bill_no", sa.String(20), unique=True),
        sa.Column("previous_reading", sa.BigInteger(), nullable=False),
        sa.Column("current_reading", sa.BigInteger(), nullable=False),
        sa.Column("old_meter_reading", sa.BigInteger()),
        sa.Column("new_meter_initial", sa.BigInteger()),
        sa.Column("basis", sa.String(4), nullable=False),
        sa.Column("load_w", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in money),
        sa.Column("other_charge_paise", sa.BigInteger(), nullable=False),
        sa.Column("arrears_paise", sa.BigInteger(), nullable=False),
        sa.Column("amount_paise", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
    )
    op.create_index(
        "uq_revised_bill_bill_no_open",
        "revised_bill",
        ["bill_no"],
        unique=True,
        sqlite_where=IN_OPEN_REVISION,
        postgresql_where=IN_OPEN_REVISION,
    )
    _add_billing_posts()


def _add_billing_posts() -> None:
    op.create_table(
        "billing_post",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("revision_id", KEY, sa.ForeignKey("revision.id"), nullable=False),
        sa.Column("revised_bill_no", sa.String(20), nullable=False, unique=True),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(100), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
    )
    op.create_index("ix_billing_post_revision_id", "billing_post", ["revision_id"])
    op.create_index(
        "ix_billing_post_due",
        "billing_post",
        ["due_at", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def _add_mis_tables() -> None:
    op.create_table(
        "mis_cell",
        sa.Column("office_code", sa.String(40), primary_key=True),
        sa.Column("measure", sa.String(24), primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    op.create_table(
        "mis_delta",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("office_code", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("measure", sa.String(24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    op.create_index("ix_mis_delta_office_code_id", "mis_delta", ["office_code", "id"])
