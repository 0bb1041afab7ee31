"""Let a consumer make the site forget the browsers that they have logged in with."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the version that the cookie of a known browser has to name. Earlier browsers count as version 0."""
    op.add_column("consumer", sa.Column("browsers_version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("consumer", "browsers_version")
