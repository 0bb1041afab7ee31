"""Calls that consumers ask the help-desk for."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WAITS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Add the queue."""
    op.create_table(
        "call_back",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("consumer_id", _KEY, sa.ForeignKey("consumer.id"), nullable=False),
        sa.Column("account_no", sa.String(12), sa.ForeignKey("connection.account_no"), nullable=False),
        sa.Column("complaint_no", sa.String(11)),
        sa.Column("call_reason", sa.String(16), nullable=False),
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id")),
        sa.Column("call_id", _KEY, sa.ForeignKey("call.id")),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(10)),
    )
    open_ones = {"sqlite_where": _WAITS, "postgresql_where": _WAITS}
    op.create_index("uq_call_back_consumer_id_open", "call_back", ["consumer_id"], unique=True, **open_ones)
    op.create_index("ix_call_back_consumer_id", "call_back", ["consumer_id"])
    op.create_index("ix_call_back_asked_at", "call_back", ["asked_at"])
    op.create_index("ix_call_back_due_at", "call_back", ["due_at"], **open_ones)
    op.create_index("ix_call_back_call_id", "call_back", ["call_id"])


def downgrade() -> None:
    """Drop it; who waits for a call has to ring 1912."""
    op.drop_table("call_back")
