"""Find the messages that have lost recipient and text long ago, to delete them."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None
# Adds only: code of the former release works with it.
oldest_code = "0039"

FORGOTTEN = sa.text("recipient = ''")


def upgrade() -> None:
    """Add the index."""
    online_ddl.create_index("ix_message_forgotten", "message", ["created_at"], FORGOTTEN)


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_message_forgotten", table_name="message")
