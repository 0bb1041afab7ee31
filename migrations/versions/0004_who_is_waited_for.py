"""Index requests by their status and its start, for reminders and for closing on silence."""

from alembic import op

from migrations import online_ddl

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index by which requests that wait for their consumer are found."""
    online_ddl.create_index(
        "ix_service_request_status_status_since", "service_request", ["status", "status_since"]
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_service_request_status_status_since", table_name="service_request")
