"""Count the reports of browsers about the Content-Security-Policy."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, with a row for each reported directive."""
    op.create_table(
        "csp_count",
        sa.Column("directive", sa.String(20), primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("csp_count")
