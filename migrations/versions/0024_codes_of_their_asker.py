"""Bind an OTP to the browser or call that asked for it, and count its own wrong attempts."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

HELD_BACK = sa.text("is_held_back")


def upgrade() -> None:
    """Add the asker, the wrong attempts, and whether an OTP was sent.

    Pending OTPs have no asker and can no longer be entered; a new one can be requested. A proof keeps a digest of
    its inputs, so that the same inputs continue it.
    """
    online_ddl.add_columns(
        "otp",
        sa.Column("asker", sa.String(64), nullable=False, server_default=""),
        sa.Column("wrong_tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("is_sent", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("is_held_back", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    online_ddl.create_index("ix_otp_held_back", "otp", ["id"], HELD_BACK)
    online_ddl.add_columns("proof", sa.Column("typed_mark", sa.String(12), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop all of it."""
    op.drop_column("proof", "typed_mark")
    op.drop_index("ix_otp_held_back", table_name="otp")
    for name in ("is_held_back", "is_sent", "wrong_tries", "asker"):
        op.drop_column("otp", name)
