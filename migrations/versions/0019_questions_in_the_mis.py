"""Allow longer names of actions in the timeline, and compute the sums of the MIS again, with questions."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BEFORE, AFTER = sa.String(16), sa.String(24)


def upgrade() -> None:
    """Widen the column. The worker computes sums that are missing."""
    op.execute("DELETE FROM counter WHERE name = 'mis_made'")
    with op.batch_alter_table("event") as table:
        table.alter_column("action", existing_type=BEFORE, type_=AFTER)


def downgrade() -> None:
    """Replace actions that former code does not know: a withdrawn question becomes one without an answer.

    The wider column stays.
    """
    op.execute("UPDATE event SET action = 'answer_lapsed' WHERE action = 'withdraw_question'")
    for table in ("mis_cell", "mis_delta"):
        op.execute(f"DELETE FROM {table} WHERE measure IN ('asked', 'stopped_days')")  # noqa: S608  two names
