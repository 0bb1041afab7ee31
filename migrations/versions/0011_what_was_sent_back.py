"""Index revisions that were sent back by their proposer; other revisions are not in the index."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

SENT_BACK = sa.text("state = 'sent_back'")

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    online_ddl.create_index("ix_revision_proposed_by_sent_back", "revision", ["proposed_by"], SENT_BACK)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_revision_proposed_by_sent_back", table_name="revision")
