"""Say which kinds are requests and not complaints, and which kinds a canned text fits."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None
# Adds only: code of the former release works with it.
oldest_code = "0044"

# Kinds of the catalogue that their fields do not show to be requests.
_REQUESTS = "'DISCONNECTION', 'RECONNECTION', 'CONNECTION_CLAIM', 'MOBILE_CORRECTION'"


def upgrade() -> None:
    """Add the columns; mark the kinds that are requests."""
    online_ddl.add_columns("kind", sa.Column("is_request", sa.Boolean()))
    online_ddl.add_columns(
        "canned_text", sa.Column("kinds", sa.String(300), nullable=False, server_default="")
    )
    condition = f"is_request IS NULL AND code IN ({_REQUESTS})"
    online_ddl.fill("kind", "code", f"UPDATE kind SET is_request = true WHERE {condition}")  # noqa: S608


def downgrade() -> None:
    """Drop them."""
    op.drop_column("canned_text", "kinds")
    op.drop_column("kind", "is_request")
