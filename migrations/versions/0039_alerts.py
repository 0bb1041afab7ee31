"""Alerts about bills and a monthly budget: what was chosen, and what was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None
_MOMENT = sa.DateTime(timezone=True)
_BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create both tables, empty: without a row nothing is sent."""
    op.create_table(
        "alert_choice",
        *_owner(),
        *(
            sa.Column(name, sa.Boolean, nullable=False)
            for name in ("bill_issued", "due_soon", "overdue", "unusual")
        ),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("quiet_from", "quiet_to")),
        *(sa.Column(name, sa.BigInteger) for name in ("budget_units", "budget_paise", "reading")),
        sa.Column("read_on", sa.Date),
        sa.Column("projected_month", sa.String(7)),
        *(sa.Column(name, sa.BigInteger) for name in ("projected_units", "projected_paise")),
        *(sa.Column(name, _MOMENT, nullable=False) for name in ("check_at", "updated_at")),
        sa.PrimaryKeyConstraint("consumer_id", "account_no"),
        sa.CheckConstraint("budget_units IS NULL OR budget_paise IS NULL", name="one_budget"),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439 AND quiet_to BETWEEN 0 AND 1439", name="times_of_day"
        ),
    )
    op.create_index("ix_alert_choice_check_at", "alert_choice", ["check_at"])
    op.create_table(
        "alert_sent",
        *_owner(),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("consumer_id", "account_no", "kind", "about"),
    )
    op.create_index("ix_alert_sent_sent_at", "alert_sent", ["sent_at"])


def downgrade() -> None:
    """Drop both."""
    op.drop_table("alert_sent")
    op.drop_table("alert_choice")


def _owner() -> tuple[sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("consumer_id", _BIG_KEY, sa.ForeignKey("consumer.id"), nullable=False),
        sa.Column("account_no", sa.String(12), sa.ForeignKey("connection.account_no"), nullable=False),
    )
