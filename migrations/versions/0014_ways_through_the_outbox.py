"""Index the outbox by channel too, and texts that are still to be erased."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

WAITING = sa.text("state IN ('waiting', 'sending', 'temporary_failure')")
DUE = ["urgency", "due_at", "id"]
TO_EMPTY = {
    "sqlite": sa.text("secret = 1 AND text_sealed <> ''"),
    "postgresql": sa.text("secret AND text_sealed <> ''"),
}

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the channel to one index, and another index."""
    online_ddl.replace_index("ix_message_due", "message", [*DUE, "channel"], WAITING)
    dialect = op.get_context().dialect.name
    online_ddl.create_index("ix_message_to_empty", "message", ["expires_at"], TO_EMPTY[dialect])


def downgrade() -> None:
    """Undo both."""
    op.drop_index("ix_message_to_empty", table_name="message")
    online_ddl.replace_index("ix_message_due", "message", DUE, WAITING)
