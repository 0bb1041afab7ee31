"""Notes, questions and refusals that officers send often, in both languages."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, empty: without rows officers type each text."""
    op.create_table(
        "canned_text",
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False, server_default=""),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_hi", sa.String(60), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("text_hi", sa.String(500), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("canned_text")
