"""Count money in the sums of the MIS. The worker computes all sums once, with the days of each resolution."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None
# Adds only: code of the former release works with it.
oldest_code = "0044"


def upgrade() -> None:
    """Add the column with a constant default: no row is written."""
    for table in ("mis_cell", "mis_delta"):
        online_ddl.add_columns(
            table, sa.Column("paise", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
        )


def downgrade() -> None:
    """Drop the column, and the measures that former code does not know."""
    for table in ("mis_cell", "mis_delta"):
        op.execute(
            f"DELETE FROM {table} WHERE measure IN ('in_time_kept', 'reason') OR measure LIKE 'took:%'"  # noqa: S608  two names
        )
        op.drop_column(table, "paise")
    op.execute("DELETE FROM counter WHERE name = 'mis_made_with_money'")
