"""Keep recovery data that a change has replaced while the change can be undone.

Also add when a consumer last logged in, and when the old number was last notified of a waiting one.
"""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the table. The last login of existing consumers is unknown: their 90 days begin now."""
    online_ddl.add_columns(
        "consumer",
        sa.Column("signed_in_at", sa.DateTime(timezone=True)),
        sa.Column("coming_mobile_told_at", sa.DateTime(timezone=True)),
    )
    online_ddl.fill(
        "consumer",
        "id",
        "UPDATE consumer SET signed_in_at = CURRENT_TIMESTAMP WHERE closed_at IS NULL AND signed_in_at IS NULL",
    )
    op.create_table(
        "replaced",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("consumer_id", _KEY, sa.ForeignKey("consumer.id"), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("former", sa.String(200)),
        sa.Column("was_confirmed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_replaced_consumer_id", "replaced", ["consumer_id"])
    op.create_index("ix_replaced_created_at", "replaced", ["created_at"])


def downgrade() -> None:
    """Drop all of it."""
    op.drop_table("replaced")
    op.drop_column("consumer", "coming_mobile_told_at")
    op.drop_column("consumer", "signed_in_at")
