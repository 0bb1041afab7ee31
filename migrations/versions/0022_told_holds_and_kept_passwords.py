"""Add the notice at the end of a hold, and the password that was typed together with a wrong OTP.

The notice goes to those who registered with another number than the one on record.
"""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

NOT_TOLD = sa.text("held_until IS NOT NULL AND told_at IS NULL AND ended_at IS NULL")

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add when the notice was sent, and an index of pending holds. Holds that have already ended get no notice."""
    online_ddl.add_columns("ownership", sa.Column("told_at", sa.DateTime(timezone=True)))
    online_ddl.fill(
        "ownership", "id", "UPDATE ownership SET told_at = held_until WHERE held_until <= CURRENT_TIMESTAMP"
    )
    online_ddl.add_columns("proof", sa.Column("password_hash", sa.String(200)))
    online_ddl.create_index("ix_ownership_waiting", "ownership", ["held_until"], NOT_TOLD)


def downgrade() -> None:
    """Drop all of it."""
    op.drop_column("proof", "password_hash")
    op.drop_index("ix_ownership_waiting", table_name="ownership")
    op.drop_column("ownership", "told_at")
