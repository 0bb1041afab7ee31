"""The timeline keeps actions with longer names."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEFORE, AFTER = sa.String(16), sa.String(24)


def upgrade() -> None:
    """Widen the column."""
    with op.batch_alter_table("event") as table:
        table.alter_column("action", existing_type=BEFORE, type_=AFTER)


def downgrade() -> None:
    """Former code knows of no withdrawn question, only of one that got no answer. The wider column stays."""
    op.execute("UPDATE event SET action = 'answer_lapsed' WHERE action = 'withdraw_question'")
