"""The id of the installation, and whether it has demo data."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None
# Adds only: code of the former release works with it.
oldest_code = "0039"

# Both demo consumers, and an employee of the demo with a mobile number that no one can have.
_HAS_DEMO_DATA = """
SELECT count(*) FROM staff
WHERE employee_id = 'E20001' AND mobile = '6000000001'
AND (SELECT count(*) FROM consumer WHERE user_name IN ('urban', 'rural')) = 2
"""


def upgrade() -> None:
    """Create the table with a new id; a database in which demo data were loaded before is marked as such."""
    table = op.create_table(
        "installation",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("value", sa.String(64), nullable=False),
    )
    facts = [{"name": "id", "value": uuid4().hex}]
    if op.get_bind().execute(sa.text(_HAS_DEMO_DATA)).scalar():
        facts.append({"name": "demo", "value": "before this was noted"})
    op.bulk_insert(table, facts)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("installation")
