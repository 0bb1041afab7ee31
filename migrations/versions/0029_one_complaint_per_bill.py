"""A bill and the bills that revise it are one bill: one open complaint about all of them."""

from collections import Counter

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("is_open")
# Of each disputed bill that revises another one, the bill as it was first issued.
FIRST_OF = sa.text(
    """
    WITH RECURSIVE earlier (disputed, bill_no, revises) AS (
      SELECT bill_no, bill_no, revises FROM bill
      WHERE revises IS NOT NULL AND bill_no IN (SELECT bill_no FROM disputed_bill)
      UNION ALL
      SELECT earlier.disputed, bill.bill_no, bill.revises
      FROM earlier JOIN bill ON bill.bill_no = earlier.revises
    )
    SELECT disputed, bill_no FROM earlier WHERE revises IS NULL
    """
)


def upgrade() -> None:
    """Add the number of the bill as first issued. Where several complaints about one bill are open already, each keeps
    its own number, and all of them can go on."""
    online_ddl.add_columns(
        "disputed_bill", sa.Column("first_bill_no", sa.String(20), nullable=False, server_default="")
    )
    online_ddl.fill(
        "disputed_bill",
        "service_request_id",
        "UPDATE disputed_bill SET first_bill_no = bill_no WHERE first_bill_no = ''",
    )
    connection = op.get_bind()
    first_of = {row.disputed: row.bill_no for row in connection.execute(FIRST_OF)}
    is_open = connection.execute(sa.text("SELECT bill_no FROM disputed_bill WHERE is_open")).scalars()
    times = Counter(first_of.get(number, number) for number in is_open)
    fill = sa.text("UPDATE disputed_bill SET first_bill_no = :first WHERE bill_no = :number")
    for number, first in first_of.items():
        if times[first] <= 1:
            connection.execute(fill, {"first": first, "number": number})
    online_ddl.create_index(
        "uq_disputed_bill_first_bill_no_open", "disputed_bill", ["first_bill_no"], _IS_OPEN, unique=True
    )


def downgrade() -> None:
    """Drop it; one complaint per number is left."""
    op.drop_index("uq_disputed_bill_first_bill_no_open", "disputed_bill")
    op.drop_column("disputed_bill", "first_bill_no")
