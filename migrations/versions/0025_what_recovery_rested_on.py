"""What recovery rested on before a change is kept while the change can be undone; when a consumer last signed in, and
when the old number was last told of a coming one."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nobody knows when today's consumers last signed in: their 90 days begin now."""
    op.add_column("consumer", sa.Column("signed_in_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE consumer SET signed_in_at = CURRENT_TIMESTAMP WHERE closed_at IS NULL")
    op.add_column("consumer", sa.Column("coming_mobile_told_at", sa.DateTime(timezone=True)))
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
    """Take all of it away again."""
    op.drop_table("replaced")
    op.drop_column("consumer", "coming_mobile_told_at")
    op.drop_column("consumer", "signed_in_at")
