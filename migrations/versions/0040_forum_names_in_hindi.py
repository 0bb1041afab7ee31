"""Add the Hindi name and address of a consumer forum."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None
# Adds only: code of the former release works with it.
oldest_code = "0039"

_LENGTHS = {"name_hi": 200, "address_hi": 400}


def upgrade() -> None:
    """Add the columns, empty: then pages in Hindi show what the other columns have."""
    for name, length in _LENGTHS.items():
        op.add_column("forum", sa.Column(name, sa.String(length), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    for name in _LENGTHS:
        op.drop_column("forum", name)
