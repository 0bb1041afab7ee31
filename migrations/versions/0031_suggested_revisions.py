"""What was suggested when a revision was proposed, and what the officer made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the verdict and its outcome; proposals of before have neither."""
    for name, length in (("suggestion", 20), ("suggestion_outcome", 10)):
        op.add_column("revision", sa.Column(name, sa.String(length), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    for name in ("suggestion_outcome", "suggestion"):
        op.drop_column("revision", name)
