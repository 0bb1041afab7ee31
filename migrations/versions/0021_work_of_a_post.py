"""Index the work of an office without resolved requests, and that of a post without what others hold."""

import sqlalchemy as sa
from alembic import op

IS_WORK = sa.text("status NOT IN ('closed', 'withdrawn', 'resolved')")
IS_AT_POST = sa.text("status IN ('registered', 'reopened', 'in_review', 'proposed')")

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two indexes."""
    op.create_index(
        "ix_service_request_office_work",
        "service_request",
        ["office_code", "promised_on", "id"],
        sqlite_where=IS_WORK,
        postgresql_where=IS_WORK,
    )
    op.create_index(
        "ix_service_request_post",
        "service_request",
        ["holder_role", "holder_office_code", "status"],
        sqlite_where=IS_AT_POST,
        postgresql_where=IS_AT_POST,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_service_request_post", table_name="service_request")
    op.drop_index("ix_service_request_office_work", table_name="service_request")
