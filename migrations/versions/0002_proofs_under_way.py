"""Add proofs in progress, and a mobile number that waits a day before it replaces the old one."""

import sqlalchemy as sa
from alembic import op

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the two columns."""
    op.create_table(
        "proof",
        sa.Column("id", KEY, nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("typed_account_no", sa.String(length=12), nullable=False),
        sa.Column("account_no", sa.String(length=12), nullable=True),
        sa.Column("consumer_id", KEY, nullable=True),
        sa.Column("mobile", sa.String(length=10), nullable=True),
        sa.Column("new_mobile", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_no"], ["connection.account_no"], name=op.f("fk_proof_account_no_connection")
        ),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.id"], name=op.f("fk_proof_consumer_id_consumer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("session_hash", "purpose", name=op.f("uq_proof_session_hash_purpose")),
    )
    op.create_index(op.f("ix_proof_expires_at"), "proof", ["expires_at"])
    # Adding a column does not rewrite the table on either database, so no transaction has to wait.
    op.add_column("consumer", sa.Column("coming_mobile", sa.String(length=10), nullable=True))
    op.add_column("consumer", sa.Column("coming_mobile_from", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("consumer", "coming_mobile_from")
    op.drop_column("consumer", "coming_mobile")
    op.drop_index(op.f("ix_proof_expires_at"), table_name="proof")
    op.drop_table("proof")
