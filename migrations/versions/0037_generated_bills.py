"""Bills that consumers generate from their own readings, the rule on who may, and their posts and photos."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations import online_ddl

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

WAITING = sa.text("state IN ('waiting', 'sending')")
REFUSED = sa.text("state = 'dead'")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
COUNTS = ("previous_reading", "current_reading", "units", "multiplying_factor_milli", "load_w")
AMOUNTS = ("fixed_charge", "energy_charge", "electricity_duty", "arrears", "amount")


def upgrade() -> None:
    """Create the tables, without a rule: nothing is offered. A post is for a revision or for a generated bill."""
    op.create_table(
        "self_bill_rule",
        sa.Column("office_code", sa.String(40), sa.ForeignKey("office.code"), primary_key=True),
        sa.Column("switched_on", sa.Boolean(), nullable=False),
        sa.Column("max_load_w", sa.BigInteger(), nullable=False),
        sa.Column("billing_units", sa.String(20), nullable=False),
        sa.Column("categories", sa.String(300), nullable=False),
        sa.Column("bill_bases", sa.String(60), nullable=False),
        sa.Column("least_days", sa.Integer(), nullable=False),
        sa.Column("unusual_times", sa.Integer(), nullable=False),
        sa.Column("source_note", sa.String(200), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "generated_bill",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("account_no", sa.String(12), sa.ForeignKey("connection.account_no"), nullable=False),
        sa.Column("consumer_id", KEY, sa.ForeignKey("consumer.id")),
        sa.Column("bill_month", sa.String(7), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("register_digits", sa.Integer()),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("meter_no", sa.String(30), nullable=False),
        *(sa.Column(f"{name}_paise", sa.BigInteger(), nullable=False) for name in AMOUNTS),
        sa.Column("usual", sa.BigInteger()),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("doubts", JSON, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("account_no", "period_from"),
        if_not_exists=True,
    )
    op.create_index("ix_generated_bill_consumer_id", "generated_bill", ["consumer_id"], if_not_exists=True)
    if online_ddl.is_sqlite():
        _link_by_rebuilding()
    else:
        _link_online()


def _link_by_rebuilding() -> None:
    _drop_indexes()
    with op.batch_alter_table("billing_post") as table:
        table.alter_column("revision_id", existing_type=KEY, nullable=True)
        table.add_column(sa.Column("generated_bill_id", KEY))
        table.create_foreign_key(
            "fk_billing_post_generated_bill_id_generated_bill",
            "generated_bill",
            ["generated_bill_id"],
            ["id"],
        )
        table.create_unique_constraint("uq_billing_post_generated_bill_id", ["generated_bill_id"])
        table.create_check_constraint("of_one_bill", "(revision_id IS NULL) <> (generated_bill_id IS NULL)")
    _create_indexes()
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("generated_bill_id", KEY))
        table.create_foreign_key(
            "fk_document_generated_bill_id_generated_bill", "generated_bill", ["generated_bill_id"], ["id"]
        )
        table.create_index("ix_document_generated_bill_id", ["generated_bill_id"])


def _link_online() -> None:
    op.alter_column("billing_post", "revision_id", existing_type=KEY, nullable=True)
    for table in ("billing_post", "document"):
        online_ddl.add_link(table, "generated_bill_id", KEY, "generated_bill", "id")
    online_ddl.add_unique_constraint(
        "billing_post", "uq_billing_post_generated_bill_id", ["generated_bill_id"]
    )
    online_ddl.add_constraint(
        "billing_post",
        "ck_billing_post_of_one_bill",
        "CHECK ((revision_id IS NULL) <> (generated_bill_id IS NULL))",
    )
    online_ddl.create_index("ix_document_generated_bill_id", "document", ["generated_bill_id"])


def downgrade() -> None:
    """Drop them, with the photos of generated bills and what was not posted of them."""
    op.execute("DELETE FROM document WHERE generated_bill_id IS NOT NULL")
    op.execute("DELETE FROM billing_post WHERE generated_bill_id IS NOT NULL")
    with op.batch_alter_table("document") as table:
        table.drop_index("ix_document_generated_bill_id")
        table.drop_constraint("fk_document_generated_bill_id_generated_bill", type_="foreignkey")
        table.drop_column("generated_bill_id")
    _drop_indexes()
    with op.batch_alter_table("billing_post") as table:
        table.drop_constraint("of_one_bill", type_="check")
        table.drop_constraint("uq_billing_post_generated_bill_id", type_="unique")
        table.drop_constraint("fk_billing_post_generated_bill_id_generated_bill", type_="foreignkey")
        table.drop_column("generated_bill_id")
        table.alter_column("revision_id", existing_type=KEY, nullable=False)
    _create_indexes()
    op.drop_table("generated_bill")
    op.drop_table("self_bill_rule")


def _drop_indexes() -> None:
    for name in ("due", "refused"):
        op.drop_index(f"ix_billing_post_{name}", table_name="billing_post")


def _create_indexes() -> None:
    for name, first, which in (("due", "due_at", WAITING), ("refused", "settled_at", REFUSED)):
        op.create_index(
            f"ix_billing_post_{name}",
            "billing_post",
            [first, "id"],
            sqlite_where=which,
            postgresql_where=which,
        )
