"""Keep a mobile on record that an import has removed for a while, since it still protects its connection."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

IS_KEPT = sa.text("former_mobile IS NOT NULL")

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number, and when it was removed."""
    online_ddl.add_columns(
        "connection",
        sa.Column("former_mobile", sa.String(10)),
        sa.Column("former_mobile_gone_at", sa.DateTime(timezone=True)),
    )
    online_ddl.create_index("ix_connection_former_mobile", "connection", ["former_mobile_gone_at"], IS_KEPT)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_connection_former_mobile", table_name="connection")
    op.drop_column("connection", "former_mobile_gone_at")
    op.drop_column("connection", "former_mobile")
