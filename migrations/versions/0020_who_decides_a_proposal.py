"""Let the post that decides hold a proposal and what it has decided; let the maker withdraw a proposal."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# The deciding post becomes the holder, so that refusals of earlier decisions too go to the level above it.
DECIDED = """
    UPDATE service_request SET
      holder_role = (
        SELECT role FROM event WHERE event.service_request_id = service_request.id
        AND action = 'approve' AND office_code IS NOT NULL ORDER BY number DESC LIMIT 1),
      holder_office_code = (
        SELECT office_code FROM event WHERE event.service_request_id = service_request.id
        AND action = 'approve' AND office_code IS NOT NULL ORDER BY number DESC LIMIT 1)
    WHERE status IN ('resolved', 'closed') AND approved_by IS NOT NULL
      AND EXISTS (SELECT 1 FROM event WHERE event.service_request_id = service_request.id
                  AND action = 'approve' AND office_code IS NOT NULL)
    """


def upgrade() -> None:
    """Add the columns, and make the post that decided the holder."""
    online_ddl.add_link("service_request", "returns_to_office", sa.String(40), "office", "code")
    online_ddl.add_columns(
        "service_request",
        sa.Column("returns_to_role", sa.String(24)),
        sa.Column("other_clock_s", sa.Integer(), nullable=False, server_default="0"),
    )
    online_ddl.fill("service_request", "id", DECIDED)


def downgrade() -> None:
    """Drop the columns; a withdrawn proposal becomes one that was sent back.

    That is the nearest action that former code knows.
    """
    op.execute("UPDATE event SET action = 'send_back' WHERE action = 'withdraw_proposal'")
    for column in ("other_clock_s", "returns_to_role", "returns_to_office"):
        op.drop_column("service_request", column)
