"""Rates at which a discom owes its consumers for late decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, empty: without a rate that is switched on nothing is said about compensation."""
    op.create_table(
        "compensation_rate",
        sa.Column("office_code", sa.String(40), sa.ForeignKey("office.code"), primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("rate_paise", sa.BigInteger(), nullable=False),
        sa.Column("max_amount_paise", sa.BigInteger()),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("counted", sa.String(8), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("source_hi", sa.String(200), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("compensation_rate")
