"""Index messages for their erasure: those of strangers after some days, all others after a year."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

INDEXES = {
    "ix_message_of_strangers": sa.text("consumer_id IS NULL AND service_request_id IS NULL"),
    "ix_message_to_forget": sa.text("recipient <> ''"),
}

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index what is to be deleted or erased by its age."""
    for name, which in INDEXES.items():
        online_ddl.create_index(name, "message", ["created_at"], which)


def downgrade() -> None:
    """Drop the indexes."""
    for name in INDEXES:
        op.drop_index(name, table_name="message")
