"""Index the work of an office without resolved requests, and that of a post without what others hold."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

IS_WORK = sa.text("status NOT IN ('closed', 'withdrawn', 'resolved')")
IS_AT_POST = sa.text("status IN ('registered', 'reopened', 'in_review', 'proposed')")

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two indexes."""
    online_ddl.create_index(
        "ix_service_request_office_work", "service_request", ["office_code", "promised_on", "id"], IS_WORK
    )
    online_ddl.create_index(
        "ix_service_request_post",
        "service_request",
        ["holder_role", "holder_office_code", "status"],
        IS_AT_POST,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_service_request_post", table_name="service_request")
    op.drop_index("ix_service_request_office_work", table_name="service_request")
