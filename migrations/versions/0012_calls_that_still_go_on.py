"""Index open calls and callers' own numbers: few among many rows."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

GOES_ON = sa.text("ended_at IS NULL")
HAS_NUMBER = sa.text("caller_mobile IS NOT NULL")
HAS_CONTACT = sa.text("contact_mobile IS NOT NULL")
INDEXES = (
    ("ix_call_goes_on", "call", ["last_at"], GOES_ON),
    ("ix_call_caller_mobile", "call", ["began_at"], HAS_NUMBER),
    ("ix_service_request_contact_mobile", "service_request", ["status_since"], HAS_CONTACT),
)

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes by which the worker ends calls and erases callers' numbers."""
    for name, table, columns, where in INDEXES:
        online_ddl.create_index(name, table, columns, where)


def downgrade() -> None:
    """Drop them."""
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table_name=table)
