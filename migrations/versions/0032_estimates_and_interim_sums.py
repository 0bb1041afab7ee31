"""Add a complaint's estimate by the consumer's reading, and a discom's rule on an interim sum."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: complaints of before have no estimate, and no discom has a rule."""
    op.add_column("service_request", sa.Column("estimate", sa.JSON().with_variant(JSONB(), "postgresql")))
    op.add_column("office", sa.Column("interim_rule", sa.String(20), nullable=False, server_default=""))
    op.add_column("office", sa.Column("interim_months", sa.Integer()))
    for name in ("interim_source", "interim_source_hi"):
        op.add_column("office", sa.Column(name, sa.String(200), nullable=False, server_default=""))
    op.add_column("office", sa.Column("interim_on", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop them."""
    for name in ("interim_on", "interim_source_hi", "interim_source", "interim_months", "interim_rule"):
        op.drop_column("office", name)
    op.drop_column("service_request", "estimate")
