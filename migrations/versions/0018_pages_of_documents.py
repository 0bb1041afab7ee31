"""How many pages of a document can be shown, and what tells that it was sent before."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns; of documents that are kept already, nothing is known."""
    op.add_column("document", sa.Column("pages", sa.Integer()))
    op.add_column("document", sa.Column("digest", sa.String(64)))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("document", "digest")
    op.drop_column("document", "pages")
