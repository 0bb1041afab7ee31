"""Store the facts by which officers sort requests, index each order of a list, and add saved filters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import online_ddl

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
IS_OPEN = sa.text("status NOT IN ('closed', 'withdrawn')")

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_ORDERS = {
    "amount": ["disputed_paise", "id"],
    "times": ["usual_tenths", "id"],
    "newest": ["id"],
    "verdict": ["verdict_order", "promised_on", "id"],
}


def upgrade() -> None:
    """Add columns, indexes and the table; the worker computes the facts of open requests."""
    online_ddl.add_columns("service_request", *_columns())
    online_ddl.fill(
        "service_request",
        "id",
        "UPDATE service_request SET triage_due = true WHERE status NOT IN ('closed', 'withdrawn')",
    )
    for order, columns in _ORDERS.items():
        online_ddl.create_index(
            f"ix_service_request_office_{order}", "service_request", ["office_code", *columns], IS_OPEN
        )
    online_ddl.create_index("ix_service_request_triage_due", "service_request", ["id"], sa.text("triage_due"))
    op.create_table(
        "saved_filter",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id"), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("filter_args", JSON, nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
    )
    op.create_index("uq_saved_filter_employee_id_name", "saved_filter", ["employee_id", "name"], unique=True)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("saved_filter")
    op.drop_index("ix_service_request_triage_due", table_name="service_request")
    for order in _ORDERS:
        op.drop_index(f"ix_service_request_office_{order}", table_name="service_request")
    for column in reversed(_columns()):
        op.drop_column("service_request", column.name)


def _columns() -> list[sa.Column[object]]:
    kinds = {
        "dispute_reason": (sa.String(40), ""),
        "disputed_paise": (sa.BigInteger(), "0"),
        "usual_tenths": (sa.Integer(), "0"),
        "photos": (sa.Integer(), "0"),
        "suggested_verdict": (sa.String(20), ""),
        "verdict_order": (sa.Integer(), "6"),
        "triage_due": (sa.Boolean(), sa.false()),
    }
    return [
        sa.Column(name, kind, nullable=False, server_default=default)
        for name, (kind, default) in kinds.items()
    ]
