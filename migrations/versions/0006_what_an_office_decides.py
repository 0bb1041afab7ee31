"""Add the office's setting whether silence closes a request, and an index of clocks set by old rules."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

TICKS = sa.text("clock_from IS NOT NULL")

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the discom's switch, and the index by which clocks are set again when the rules change."""
    online_ddl.add_columns("office", sa.Column("close_on_silence", sa.Boolean()))
    online_ddl.create_index("ix_service_request_clock_rules", "service_request", ["clock_rules", "id"], TICKS)


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_service_request_clock_rules", table_name="service_request")
    op.drop_column("office", "close_on_silence")
