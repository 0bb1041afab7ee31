"""Index revised bills that the billing system has refused."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

REFUSED = sa.text("state = 'dead'")

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an index."""
    online_ddl.create_index("ix_billing_post_refused", "billing_post", ["settled_at", "id"], REFUSED)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_billing_post_refused", table_name="billing_post")
