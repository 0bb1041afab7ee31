"""Add calls of the help-desk: caller, employee and subject; the consent for a request, and its draft."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import online_ddl

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BY_CALL = sa.text("call_id IS NOT NULL")
ONE_KEEPER = "(consumer_id IS NULL) <> (call_id IS NULL)"

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, the columns of requests and drafts for their call, and the usual number of records a day."""
    _add_calls()
    online_ddl.add_link("service_request", "call_id", KEY, "call", "id")
    online_ddl.add_columns("service_request", sa.Column("contact_mobile", sa.String(10)))
    online_ddl.create_index("ix_service_request_call_id", "service_request", ["call_id"], BY_CALL)
    online_ddl.add_columns("approval_limit", sa.Column("records_a_day", sa.Integer()))
    if not online_ddl.is_sqlite():
        op.alter_column("draft", "consumer_id", existing_type=KEY, nullable=True)
        online_ddl.add_link("draft", "call_id", KEY, "call", "id", ("ck_draft_one_keeper", ONE_KEEPER))
        return
    papers = _part_documents()
    with op.batch_alter_table("draft") as draft:
        draft.alter_column("consumer_id", existing_type=KEY, nullable=True)
        draft.add_column(sa.Column("call_id", KEY))
        draft.create_foreign_key("fk_draft_call_id_call", "call", ["call_id"], ["id"])
        draft.create_check_constraint(op.f("ck_draft_one_keeper"), ONE_KEEPER)
    _join_documents(papers)


def downgrade() -> None:
    """Drop them, and the drafts of calls that were not registered."""
    op.execute("DELETE FROM draft WHERE call_id IS NOT NULL")
    papers = _part_documents()
    with op.batch_alter_table("draft") as draft:
        draft.drop_constraint(op.f("ck_draft_one_keeper"), type_="check")
        draft.drop_constraint("fk_draft_call_id_call", type_="foreignkey")
        draft.drop_column("call_id")
        draft.alter_column("consumer_id", existing_type=KEY, nullable=False)
    _join_documents(papers)
    op.drop_column("approval_limit", "records_a_day")
    op.drop_index("ix_service_request_call_id", table_name="service_request")
    op.drop_column("service_request", "contact_mobile")
    op.drop_column("service_request", "call_id")
    op.drop_table("call")


def _add_calls() -> None:
    op.create_table(
        "call",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("employee_id", sa.String(20), sa.ForeignKey("staff.employee_id"), nullable=False),
        sa.Column("office_code", sa.String(40), sa.ForeignKey("office.code"), nullable=False),
        sa.Column("call_reason", sa.String(16), nullable=False),
        sa.Column("looked_for", sa.String(10), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("account_no", sa.String(12), sa.ForeignKey("connection.account_no")),
        sa.Column("complaint_no", sa.String(11)),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("outcome", sa.String(16)),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("verified_at", MOMENT),
        sa.Column("verified_by", sa.String(16)),
        sa.Column("caller_mobile", sa.String(10)),
        sa.Column("caller_mobile_verified_at", MOMENT),
        sa.Column("relation", sa.String(10)),
        sa.Column("consent_version", sa.String(20)),
        sa.Column("consent_at", MOMENT),
        sa.Column("script_version", sa.String(20)),
        if_not_exists=True,
    )
    op.create_index("ix_call_account_no_began_at", "call", ["account_no", "began_at"], if_not_exists=True)
    op.create_index("ix_call_employee_id_began_at", "call", ["employee_id", "began_at"], if_not_exists=True)
    op.create_index("ix_call_began_at", "call", ["began_at"], if_not_exists=True)


def _part_documents() -> list[tuple[str, int]]:
    """Detach documents from drafts and return the pairs of ids.

    SQLite rebuilds the table of drafts, and does not drop the old one while documents refer to it.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.execute(sa.text("SELECT id, draft_id FROM document WHERE draft_id IS NOT NULL"))
    papers = [(row.id, row.draft_id) for row in rows]
    connection.execute(sa.text("UPDATE document SET draft_id = NULL WHERE draft_id IS NOT NULL"))
    return papers


def _join_documents(papers: list[tuple[str, int]]) -> None:
    back = sa.text("UPDATE document SET draft_id = :draft_id WHERE id = :id")
    for document_id, draft_id in papers:
        op.get_bind().execute(back, {"id": document_id, "draft_id": draft_id})
