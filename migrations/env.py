"""Runs the migrations on the given connection."""

from alembic import context

import wss.models  # noqa: F401  the tables register themselves
from wss.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
