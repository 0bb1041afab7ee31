"""Count complaints by week, basis and reason; report clusters; take a step on several requests at once."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
# The usual number of a week is the mean of eight weeks: earlier complaints need no basis.
FILLED = timedelta(weeks=12)
IS_ANNOUNCED = sa.text("announced_at IS NOT NULL")

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None
# Adds only: code of the former release works with it.
oldest_code = "0044"


def upgrade() -> None:
    """Add the basis of the disputed bill, fill it for the last weeks, and create the tables."""
    online_ddl.add_columns(
        "service_request", sa.Column("disputed_basis", sa.String(4), nullable=False, server_default="")
    )
    since = (datetime.now(UTC) - FILLED).date().isoformat()
    basis = (
        "SELECT bill.bill_basis FROM disputed_bill JOIN bill ON bill.bill_no = disputed_bill.bill_no"
        " WHERE disputed_bill.service_request_id = service_request.id ORDER BY bill.bill_month DESC LIMIT 1"
    )
    online_ddl.fill(
        "service_request",
        "id",
        f"UPDATE service_request SET disputed_basis = coalesce(({basis}), '')"  # noqa: S608
        f" WHERE dispute_reason <> '' AND disputed_basis = '' AND registered_at >= '{since}'",
    )
    online_ddl.create_index("ix_service_request_registered_at", "service_request", ["registered_at"])
    _create_clusters()
    _create_batches()


def downgrade() -> None:
    """Drop them."""
    for table in ("step_item", "step_batch", "cluster_report", "cluster", "cluster_rule"):
        op.drop_table(table)
    op.drop_index("ix_service_request_registered_at", table_name="service_request")
    op.drop_column("service_request", "disputed_basis")


def _create_clusters() -> None:
    op.create_table(
        "cluster_rule",
        sa.Column("office_code", sa.String(40), sa.ForeignKey("office.code"), primary_key=True),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("times_usual", sa.Integer(), nullable=False),
        sa.Column("source_note", sa.String(200), nullable=False),
    )
    op.create_table(
        "cluster",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("office_code", sa.String(40), sa.ForeignKey("office.code"), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("basis", sa.String(4), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("open_requests", sa.Integer(), nullable=False),
        sa.Column("usual_tenths", sa.Integer()),
        sa.Column("announced_at", MOMENT),
        sa.UniqueConstraint("week", "office_code", "reason", "basis"),
    )
    op.create_index(
        "ix_cluster_announced",
        "cluster",
        ["week", "office_code"],
        sqlite_where=IS_ANNOUNCED,
        postgresql_where=IS_ANNOUNCED,
    )
    op.create_table(
        "cluster_report",
        sa.Column("cluster_id", KEY, sa.ForeignKey("cluster.id"), primary_key=True),
        sa.Column("office_code", sa.String(40), sa.ForeignKey("office.code"), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("sentence", sa.String(500), nullable=False),
        sa.Column("reported_by", sa.String(20), sa.ForeignKey("staff.employee_id"), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("seen_by", sa.String(20), sa.ForeignKey("staff.employee_id")),
        sa.Column("seen_at", MOMENT),
    )
    op.create_index("ix_cluster_report_post", "cluster_report", ["office_code", "role"])


def _create_batches() -> None:
    op.create_table(
        "step_batch",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("form_token", sa.String(43), nullable=False),
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id"), nullable=False),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("form_token"),
    )
    op.create_table(
        "step_item",
        sa.Column("batch_id", KEY, sa.ForeignKey("step_batch.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("complaint_no", sa.String(11), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(30), nullable=False),
    )
