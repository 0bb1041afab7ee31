"""Find the messages that have lost recipient and text long ago, to delete them."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0039"
branch_labels = None
depends_on = None

FORGOTTEN = sa.text("recipient = ''")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_message_forgotten", "message", ["created_at"], sqlite_where=FORGOTTEN, postgresql_where=FORGOTTEN
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_message_forgotten", table_name="message")
