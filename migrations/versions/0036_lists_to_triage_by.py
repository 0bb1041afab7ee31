"""Store the facts by which officers sort requests, and index each order of a list."""

import sqlalchemy as sa
from alembic import op

IS_OPEN = sa.text("status NOT IN ('closed', 'withdrawn')")

revision = "0036"
down_revision = "0031"
branch_labels = None
depends_on = None

_ORDERS = {
    "amount": ["disputed_paise", "id"],
    "times": ["usual_tenths", "id"],
    "newest": ["id"],
    "verdict": ["verdict_order", "promised_on", "id"],
}


def upgrade() -> None:
    """Add columns and indexes; the worker computes the facts of open requests."""
    for column in _columns():
        op.add_column("service_request", column)
    op.execute("UPDATE service_request SET triage_due = true WHERE status NOT IN ('closed', 'withdrawn')")
    for order, columns in _ORDERS.items():
        op.create_index(
            f"ix_service_request_office_{order}",
            "service_request",
            ["office_code", *columns],
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        )
    op.create_index(
        "ix_service_request_triage_due",
        "service_request",
        ["id"],
        sqlite_where=sa.text("triage_due"),
        postgresql_where=sa.text("triage_due"),
    )


def downgrade() -> None:
    """Drop them."""
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
