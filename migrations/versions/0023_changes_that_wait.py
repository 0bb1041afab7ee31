"""Let a change of a reference table that gives rights wait for a second administrator; give changes a discom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import online_ddl

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the pending changes, who confirmed a change, and the discom of a change: that of its author."""
    online_ddl.add_columns(
        "reference_change",
        sa.Column("confirmed_by", sa.String(20)),
        sa.Column("discom_code", sa.String(40)),
    )
    online_ddl.fill(
        "reference_change",
        "id",
        "UPDATE reference_change SET discom_code = (SELECT discom.code FROM staff"
        " JOIN office ON office.code = staff.office_code"
        " JOIN office AS discom ON discom.level = 'discom'"
        " AND substr(office.path || '/', 1, length(discom.code) + 1) = discom.code || '/'"
        " WHERE staff.employee_id = reference_change.employee_id)"
        " WHERE table_name IN ('offices', 'staff', 'forums')",
    )
    op.create_table(
        "pending_change",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("table_name", sa.String(20), nullable=False),
        sa.Column("discom_code", sa.String(40), sa.ForeignKey("office.code")),
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id"), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False, index=True),
        sa.Column("rows_before", JSON, nullable=False),
        sa.Column("rows_after", JSON, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("undoes_id", KEY, sa.ForeignKey("reference_change.id")),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("decided_by", sa.String(20), sa.ForeignKey("staff.employee_id")),
        sa.Column("decided_at", MOMENT),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.CheckConstraint(
            "state <> 'confirmed' OR decided_by <> employee_id", name=op.f("ck_pending_change_two_persons")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_pending_change_decided")
        ),
    )


def downgrade() -> None:
    """Drop all of it."""
    op.drop_column("reference_change", "discom_code")
    op.drop_column("reference_change", "confirmed_by")
    op.drop_table("pending_change")
