"""Let PostgreSQL give complaint numbers from a sequence, so that no registration waits for another."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None
# Code of the former release continues its counter, whose numbers the sequence leaves out.
oldest_code = "0044"

_FIRST = 1_000_000_001
# So many numbers the former release can give while both run, or after a return to it.
_LEFT_OUT = 1_000_000


def upgrade() -> None:
    """Add the sequence; it belongs to a column, so that a backup keeps where it is."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute(f"CREATE SEQUENCE complaint_no_seq START {_FIRST} OWNED BY counter.value")
    op.execute(
        "SELECT setval('complaint_no_seq', value + "  # noqa: S608
        f"{_LEFT_OUT}) FROM counter WHERE name = 'complaint_no'"
    )


def downgrade() -> None:
    """Let the counter go on after the last number."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute(
        "INSERT INTO counter (name, value) SELECT 'complaint_no', last_value FROM complaint_no_seq WHERE is_called"
        " ON CONFLICT (name) DO UPDATE SET value = greatest(counter.value, excluded.value)"
    )
    op.execute("DROP SEQUENCE complaint_no_seq")
