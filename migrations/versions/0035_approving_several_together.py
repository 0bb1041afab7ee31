"""Approve several proposals together: rules of a discom, opened figures, sums of a day, batches, and the sample."""

import sqlalchemy as sa
from alembic import op

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
MONEY = ("batch_each_paise", "batch_day_paise", "batch_maker_paise")

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, switched off, and the tables."""
    op.add_column(
        "office", sa.Column("batch_approval", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for name in MONEY:
        op.add_column("office", sa.Column(name, sa.BigInteger()))
    op.add_column("office", sa.Column("batch_sample_percent", sa.Integer()))
    op.add_column("office", sa.Column("batch_source", sa.String(200), nullable=False, server_default=""))
    op.add_column("revision", sa.Column("change_paise", sa.BigInteger()))
    op.add_column("revision", sa.Column("sampling", sa.String(10), nullable=False, server_default=""))
    op.create_table(
        "opened_proposal",
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id"), primary_key=True),
        sa.Column("revision_id", KEY, sa.ForeignKey("revision.id"), primary_key=True),
        sa.Column("figures_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "batch_sum",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("scope", sa.String(10), primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("paise", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "approval_batch",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id"), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_table(
        "batch_item",
        sa.Column("batch_id", KEY, sa.ForeignKey("approval_batch.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("complaint_no", sa.String(11), nullable=False),
        sa.Column("figures_hash", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(30), nullable=False),
    )


def downgrade() -> None:
    """Drop all of it."""
    for table in ("batch_item", "approval_batch", "batch_sum", "opened_proposal"):
        op.drop_table(table)
    for name in ("sampling", "change_paise"):
        op.drop_column("revision", name)
    for name in ("batch_source", "batch_sample_percent", *reversed(MONEY), "batch_approval"):
        op.drop_column("office", name)
