"""Chain the audit trail, and let the database refuse changes and deletions of its entries."""

import sqlalchemy as sa
from alembic import op

from migrations import online_ddl

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LOOSE = sa.text("number IS NULL")
FACTS = ("id", "at", "role", "actor_id", "office_code", "deed", "subject", "details")
REFUSAL = "the audit trail is only added to"

# An entry is inserted without its chain link, gets it once, and must not change otherwise. SQLite's REPLACE deletes
# rows without the trigger for deletions, so an id that is taken is refused as well.
SQLITE = (
    """CREATE TRIGGER audit_entry_is_new BEFORE INSERT ON audit_entry
    WHEN NEW.number IS NOT NULL OR NEW.chain IS NOT NULL OR EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
    """CREATE TRIGGER audit_entry_is_kept BEFORE UPDATE ON audit_entry
    WHEN OLD.number IS NOT NULL OR NEW.number IS NULL OR NEW.chain IS NULL OR {changed}
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
    """CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
    """CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head
    WHEN NEW.number <= OLD.number OR NEW.id IS NOT OLD.id
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
    """CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
    """CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head)
    BEGIN SELECT RAISE(ABORT, '{refusal}'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$""",
    """CREATE TRIGGER audit_entry_is_new BEFORE INSERT ON audit_entry FOR EACH ROW
    WHEN (NEW.number IS NOT NULL OR NEW.chain IS NOT NULL) EXECUTE FUNCTION audit_refuses()""",
    """CREATE TRIGGER audit_entry_is_kept BEFORE UPDATE ON audit_entry FOR EACH ROW
    WHEN (OLD.number IS NOT NULL OR NEW.number IS NULL OR NEW.chain IS NULL OR {changed})
    EXECUTE FUNCTION audit_refuses()""",
    """CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry FOR EACH ROW
    EXECUTE FUNCTION audit_refuses()""",
    """CREATE TRIGGER audit_entry_is_not_emptied BEFORE TRUNCATE ON audit_entry
    EXECUTE FUNCTION audit_refuses()""",
    """CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head FOR EACH ROW
    WHEN (NEW.number <= OLD.number OR NEW.id <> OLD.id) EXECUTE FUNCTION audit_refuses()""",
    """CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head FOR EACH ROW
    EXECUTE FUNCTION audit_refuses()""",
    """CREATE TRIGGER audit_head_is_not_emptied BEFORE TRUNCATE ON audit_head
    EXECUTE FUNCTION audit_refuses()""",
)
TRIGGERS = (
    "audit_entry_is_new",
    "audit_entry_is_kept",
    "audit_entry_stays",
    "audit_head_goes_on",
    "audit_head_stays",
    "audit_head_is_one",
)


def upgrade() -> None:
    """Add the chain links, which the worker fills from the oldest entry on, and triggers against any other change."""
    online_ddl.add_columns(
        "audit_entry", sa.Column("number", sa.BigInteger()), sa.Column("chain", sa.String(64))
    )
    online_ddl.create_index("uq_audit_entry_number", "audit_entry", ["number"], unique=True)
    online_ddl.create_index("ix_audit_entry_loose", "audit_entry", ["id"], LOOSE)
    # Few requests are frozen (disputed requests that wait for the supervisor), and every view of the page queries
    # them.
    online_ddl.create_index("ix_service_request_frozen", "service_request", ["id"], sa.text("frozen"))
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "chain": "0" * 64}])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    differs = "IS NOT" if is_sqlite else "IS DISTINCT FROM"
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FACTS)
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement.replace("{refusal}", REFUSAL).replace("{changed}", changed))


def downgrade() -> None:
    """Drop the triggers and the chain."""
    if op.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP FUNCTION audit_refuses() CASCADE")
    op.drop_index("ix_service_request_frozen", table_name="service_request")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_entry_loose", table_name="audit_entry")
    op.drop_index("uq_audit_entry_number", table_name="audit_entry")
    op.drop_column("audit_entry", "chain")
    op.drop_column("audit_entry", "number")
