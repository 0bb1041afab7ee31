"""Add a discom's rule on paying while a complaint is open, and the documents that help with a kind of request."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_COLUMNS = {
    "office": {"payment_rule": 500, "payment_rule_hi": 500, "payment_rule_source": 200},
    "kind": {"documents_help": 200, "documents_help_hi": 200},
}


def upgrade() -> None:
    """Add the columns, empty."""
    for table, columns in _COLUMNS.items():
        for name, length in columns.items():
            op.add_column(table, sa.Column(name, sa.String(length), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    for table, columns in _COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
