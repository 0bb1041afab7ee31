"""Add the erasure of consumers: who asked for it, who has been erased, and the messages of a consumer."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

ASKED = sa.text("erasure_asked_at IS NOT NULL")
CLOSED = sa.text("closed_at IS NOT NULL AND emptied_at IS NULL")
ADDRESSED = sa.text("consumer_id IS NOT NULL")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns and the three indexes by which such consumers and messages are found."""
    online_ddl.add_columns(
        "consumer",
        sa.Column("erasure_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True),
    )
    online_ddl.create_index("ix_consumer_erasure_asked_at", "consumer", ["erasure_asked_at"], ASKED)
    online_ddl.create_index("ix_consumer_closed_at", "consumer", ["closed_at"], CLOSED)
    online_ddl.create_index("ix_message_consumer_id", "message", ["consumer_id"], ADDRESSED)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_message_consumer_id", table_name="message")
    op.drop_index("ix_consumer_closed_at", table_name="consumer")
    op.drop_index("ix_consumer_erasure_asked_at", table_name="consumer")
    op.drop_column("consumer", "emptied_at")
    op.drop_column("consumer", "erasure_asked_at")
