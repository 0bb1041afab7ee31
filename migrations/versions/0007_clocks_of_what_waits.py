"""Requests that wait since before there were clocks get one: it goes since the request came into its status."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Start the clocks; the worker reckons from them when each request moves up."""
    op.execute(
        "UPDATE service_request SET clock_from = status_since, clock_rules = 0"
        " WHERE clock_rules IS NULL AND NOT frozen"
        " AND status IN ('registered', 'reopened', 'in_review', 'proposed')"
    )


def downgrade() -> None:
    """Nothing to take away: the columns go with 0005."""
