"""Add how many pages of a document can be shown, and a digest to recognize a document that was sent before."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns; for existing documents they are unknown."""
    op.add_column("document", sa.Column("pages", sa.Integer()))
    op.add_column("document", sa.Column("digest", sa.String(64)))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("document", "digest")
    op.drop_column("document", "pages")
