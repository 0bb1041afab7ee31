"""Add the delivery of a message: its gateway, its key, and the gateway's receipts."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

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
    if online_ddl.is_sqlite():
        _add_by_rebuilding()
    else:
        _add_online()
    online_ddl.create_index("ix_message_sending_key", "message", ["sending_key"], SENT_ANEW, unique=True)
    online_ddl.create_index("ix_message_due", "message", DUE, WAITING)
    online_ddl.create_index("ix_message_dead", "message", ["settled_at", "id"], GIVEN_UP)
    online_ddl.add_columns(
        "message_text", sa.Column("template_id", sa.String(40), nullable=False, server_default="")
    )
    online_ddl.add_columns("otp", sa.Column("message_id", sa.String(36), nullable=True))
    online_ddl.add_columns(
        "consumer", sa.Column("email_bounced_at", sa.DateTime(timezone=True), nullable=True)
    )


def _columns() -> list[sa.Column]:
    return [
        sa.Column("sending_key", sa.String(36), nullable=True),
        sa.Column("sendings", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("gateway", sa.String(16), nullable=False, server_default=""),
        sa.Column("is_in_doubt", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("provider_id", sa.String(64), nullable=False, server_default=""),
    ]


def _add_by_rebuilding() -> None:
    op.drop_index("ix_message_due", table_name="message")
    with op.batch_alter_table("message") as table:
        table.alter_column("state", existing_type=sa.String(10), type_=sa.String(20))
        for column in _columns():
            table.add_column(column)
    with op.batch_alter_table("message") as table:
        for name in ADDED[1:]:
            table.alter_column(name, server_default=None)


def _add_online() -> None:
    # An index with the column in its condition would be built again while the table is locked.
    op.drop_index("ix_message_due", table_name="message", if_exists=True)
    op.alter_column("message", "state", existing_type=sa.String(10), type_=sa.String(20))
    online_ddl.add_columns("message", *_columns())
    for name in ADDED[1:]:
        op.alter_column("message", name, server_default=None)


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
    online_ddl.create_index("ix_message_due", "message", DUE, BEFORE)
