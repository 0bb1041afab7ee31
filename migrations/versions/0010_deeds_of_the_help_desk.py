"""Index the actions of the help-desk by day, for the supervisor's page; other audit entries are not in the index."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

BY_HELPDESK = sa.text("role IN ('helpdesk', 'helpdesk_supervisor')")

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    online_ddl.create_index("ix_audit_entry_helpdesk_at", "audit_entry", ["at"], BY_HELPDESK)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_audit_entry_helpdesk_at", table_name="audit_entry")
