"""Add the delivery of a message: its gateway, its key, and the gateway's receipts."""

import sqlalchemy as sa
from alembic import op

WAITING, BEFORE = (
    sa.text("state IN ('waiting', 'sending', 'temporary_failure')"),
    sa.text("state IN ('waiting', 'sending')"),
)
SENT_ANEW = sa.text("sending_key IS NOT NULL")
GIVEN_UP = sa.text("state = 'dead'")
DUE = ["urgency", "due_at", "id"]
ADDED = ("sending_key", "sendings", "gateway", "is_in_doubt", "provider_id")

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.drop_index("ix_message_due", table_name="message")
    with op.batch_alter_table("message") as table:
        table.alter_column("state", existing_type=sa.String(10), type_=sa.String(20))
        table.add_column(sa.Column("sending_key", sa.String(36), nullable=True))
        table.add_column(sa.Column("sendings", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("gateway", sa.String(16), nullable=False, server_default=""))
        table.add_column(sa.Column("is_in_doubt", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("provider_id", sa.String(64), nullable=False, server_default=""))
    with op.batch_alter_table("message") as table:
        for name in ADDED[1:]:
            table.alter_column(name, server_default=None)
    op.create_index(
        "ix_message_sending_key",
        "message",
        ["sending_key"],
        unique=True,
        sqlite_where=SENT_ANEW,
        postgresql_where=SENT_ANEW,
    )
    op.create_index("ix_message_due", "message", DUE, sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index(
        "ix_message_dead", "message", ["settled_at", "id"], sqlite_where=GIVEN_UP, postgresql_where=GIVEN_UP
    )
    with op.batch_alter_table("message_text") as table:
        table.add_column(sa.Column("template_id", sa.String(40), nullable=False, server_default=""))
    op.add_column("otp", sa.Column("message_id", sa.String(36), nullable=True))
    op.add_column("consumer", sa.Column("email_bounced_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop the columns; messages that were not delivered become dead letters."""
    op.drop_column("consumer", "email_bounced_at")
    op.drop_column("otp", "message_id")
    op.drop_column("message_text", "template_id")
    op.drop_index("ix_message_dead", table_name="message")
    op.drop_index("ix_message_sending_key", table_name="message")
    op.drop_index("ix_message_due", table_name="message")
    op.execute("UPDATE message SET state = 'dead' WHERE state IN ('temporary_failure', 'permanent_failure')")
    with op.batch_alter_table("message") as table:
        for name in ADDED:
            table.drop_column(name)
        table.alter_column("state", existing_type=sa.String(20), type_=sa.String(10))
    op.create_index("ix_message_due", "message", DUE, sqlite_where=BEFORE, postgresql_where=BEFORE)
