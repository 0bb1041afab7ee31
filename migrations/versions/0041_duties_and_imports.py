"""The last success and failure of each duty of the worker, and the last import of each table."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None
# Adds only: code of the former release works with it.
oldest_code = "0039"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create both tables, empty: the worker and the next imports fill them."""
    op.create_table(
        "worker_duty",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("last_success_at", _MOMENT),
        sa.Column("last_failure_at", _MOMENT),
        sa.Column("error", sa.String(120), nullable=False),
        *(
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("milliseconds", "successes", "failures")
        ),
    )
    op.create_table(
        "last_import",
        sa.Column("table_name", sa.String(40), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("row_count", "refused")),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("last_import")
    op.drop_table("worker_duty")
