"""Start the clocks of requests from before there were clocks: each runs since the request's status began."""

from migrations import online_ddl

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Start the clocks; the worker computes from them when each request is escalated."""
    online_ddl.fill(
        "service_request",
        "id",
        "UPDATE service_request SET clock_from = status_since, clock_rules = 0"
        " WHERE clock_rules IS NULL AND NOT frozen"
        " AND status IN ('registered', 'reopened', 'in_review', 'proposed')",
    )


def downgrade() -> None:
    """Do nothing: the columns are dropped by 0005."""
