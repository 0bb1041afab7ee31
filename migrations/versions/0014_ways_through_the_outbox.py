"""Index the outbox by channel too, and texts that are still to be erased."""

import sqlalchemy as sa
from alembic import op

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
    op.drop_index("ix_message_due", table_name="message")
    op.create_index(
        "ix_message_due", "message", [*DUE, "channel"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index(
        "ix_message_to_empty",
        "message",
        ["expires_at"],
        sqlite_where=TO_EMPTY["sqlite"],
        postgresql_where=TO_EMPTY["postgresql"],
    )


def downgrade() -> None:
    """Undo both."""
    op.drop_index("ix_message_to_empty", table_name="message")
    op.drop_index("ix_message_due", table_name="message")
    op.create_index("ix_message_due", "message", DUE, sqlite_where=WAITING, postgresql_where=WAITING)
