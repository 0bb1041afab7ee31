"""Fingerprints of the site's secrets, and the moment at which recovery codes were made."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None
# Adds only: code of the former release works with it.
oldest_code = "0039"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table empty: the first process with a secret that fits writes its row."""
    op.create_table(
        "secret_fingerprint",
        sa.Column("fingerprint", sa.String(16), primary_key=True),
        sa.Column("first_used_at", _MOMENT, nullable=False),
        sa.Column("rotation_began_at", _MOMENT),
        sa.Column("resealed_to", sa.String(36), nullable=False),
        sa.Column("retired_at", _MOMENT),
    )
    op.add_column("recovery_code", sa.Column("created_at", _MOMENT))


def downgrade() -> None:
    """Drop both."""
    op.drop_column("recovery_code", "created_at")
    op.drop_table("secret_fingerprint")
